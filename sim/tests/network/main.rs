//! What does the network engine do with units, clocks, failures, connections and what befalls hosts and ways? The tests below
//! `hosts` are those of every engine with hosts.
#![cfg(all(tokio_unstable, feature = "turmoil"))]

mod befalls_ways;
mod beside_units;
mod connections;
#[path = "../hosts/mod.rs"]
mod hosts;
mod plain_tokio;
mod ports;
mod same_inside;
mod waits;

use hosts::{held, note, run, told};
use retrip_sim::engine::hosts::{Cluster, Ended, Setup};
use retrip_sim::engine::{EngineName, network};
use std::future::Future;
use std::time::Duration;

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
