//! The programs on this engine.

pub(crate) use retrip_sim::{sync, thread, time};

use retrip_core::door::{Clock, Spawn};
use retrip_sim::engine::threads::Sim;
use std::future::Future;
use std::time::Duration;

#[path = "program/mod.rs"]
pub(crate) mod program;
#[path = "timed/mod.rs"]
mod timed;

use program::Program;

/// Every program, those without a clock first.
pub(crate) fn programs() -> Vec<Program> {
    [&program::PROGRAMS[..], &timed::PROGRAMS].concat()
}

fn block_on<F: Future>(future: F) -> F::Output {
    Sim::here().block_on(future)
}

fn timer(after: Duration) -> impl Future<Output = ()> {
    let sim = Sim::here();
    sim.timer(sim.now().saturating_add(after))
}
