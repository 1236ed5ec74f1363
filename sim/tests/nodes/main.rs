//! What does the nodes engine do with units, clocks, failures and what befalls a node? The tests below `hosts` are those of every
//! engine with hosts.
#![cfg(all(madsim, feature = "madsim"))]

#[path = "../hosts/befalls.rs"]
mod befalls;
mod beside_units;
#[path = "../hosts/clocks.rs"]
mod clocks;
#[path = "../hosts/effects.rs"]
mod effects;
#[path = "../hosts/failures.rs"]
mod failures;
#[path = "../hosts/faults.rs"]
mod faults;
#[path = "../hosts/messages.rs"]
mod messages;
mod pauses;
#[path = "../hosts/production.rs"]
mod production;
#[path = "../hosts/same_again.rs"]
mod same_again;
#[path = "../hosts/shrinking.rs"]
mod shrinking;
mod strange;
#[path = "../hosts/telling.rs"]
mod telling;

use retrip_sim::engine::hosts::{Cluster, Ended, Setup};
use retrip_sim::engine::{EngineName, nodes};
use std::future::Future;
use std::time::Duration;
use telling::{held, note, run, told};

const ENGINE: EngineName = EngineName::Nodes;

/// Runs `root` as `setup` says.
fn perform<F>(setup: Setup, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    nodes::run(setup, root).expect("this build has it")
}

/// What madsim adds to the time of a message, at most.
const OVERHEAD: Duration = Duration::from_micros(2_100);
/// The shortest that one takes, where the setup says a millisecond.
const LEAST: Duration = Duration::from_millis(2);

/// By so much a sleep may be late: one of madsim's takes at least a millisecond, and a poll up to 100 ns, whatever the step.
const fn resolution(_step: Duration) -> Duration {
    Duration::from_micros(1_010)
}
