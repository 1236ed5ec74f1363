//! What does the network engine do with units, clocks, failures, connections and what befalls hosts and ways? The tests below
//! `hosts` are those of every engine with hosts.
#![cfg(all(tokio_unstable, feature = "turmoil"))]

#[path = "../hosts/befalls.rs"]
mod befalls;
mod befalls_ways;
mod beside_units;
#[path = "../hosts/clocks.rs"]
mod clocks;
mod connections;
#[path = "../hosts/effects.rs"]
mod effects;
#[path = "../hosts/failures.rs"]
mod failures;
#[path = "../hosts/faults.rs"]
mod faults;
#[path = "../hosts/messages.rs"]
mod messages;
mod plain_tokio;
mod ports;
#[path = "../hosts/production.rs"]
mod production;
#[path = "../hosts/same_again.rs"]
mod same_again;
mod same_inside;
#[path = "../hosts/shrinking.rs"]
mod shrinking;
#[path = "../hosts/telling.rs"]
mod telling;
mod waits;

use retrip_sim::engine::hosts::{Cluster, Ended, Setup};
use retrip_sim::engine::{EngineName, network};
use std::future::Future;
use std::time::Duration;
use telling::{held, note, run, told};

const ENGINE: EngineName = EngineName::Network;

/// Runs `root` as `setup` says.
fn perform<F>(setup: Setup, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    network::run(setup, root).expect("this build has it")
}

/// What turmoil adds to the time of a message, at most: what arrives within a step is seen in it or in the next one.
const OVERHEAD: Duration = Duration::from_millis(2);
/// The shortest that one takes, where the setup says a millisecond.
const LEAST: Duration = Duration::from_millis(1);

/// By so much a sleep may be late.
const fn resolution(step: Duration) -> Duration {
    step
}
