//! A hundred tasks serve a hundred requests on a hundred threads, and take turns at every step.
//!
//! A logger that keeps its context in one place, or on the thread of the operating system that all of them share here,
//! writes one request's lines under another's name. Each task must find its own context in what it reads and in what
//! it logs, wherever the others interrupt it.

use super::requests;
use retrip_core::logger::plants;
use retrip_sim::check::context::own_context_only;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a hundred tasks log within scopes of their own and take turns at every step";
    Scenario::new("contexts_of_100_threads_interleaved", about, |s| {
        requests::serve(s, 100);

        s.check(own_context_only());
    })
    .proves(
        &[Row::end_to_end(33), Row::properties(5)],
        "own_context_only",
        plants::CONTEXT_SHARED_BETWEEN_UNITS,
    )
    .enough(20)
}
