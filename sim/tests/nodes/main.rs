//! What does the nodes engine do with units, clocks, failures and what befalls a node?
#![cfg(all(madsim, feature = "madsim"))]

mod befalls;
mod clocks;
mod failures;
mod faults;
mod messages;
mod production;
mod same_again;

use retrip_sim::engine::hosts::Cluster;
use retrip_sim::engine::hosts::{Ended, Setup};
use retrip_sim::engine::nodes;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::seed::Seed;
use std::future::Future;

/// Runs `root` on two nodes with true clocks.
fn run<F>(seed: u64, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    nodes::run(Setup::of(Seed::new(seed), &["client", "server"]), root).expect("this build has it")
}

/// As [`run`], of a run that must not fail.
fn held<F>(seed: u64, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    let ended = run(seed, root);
    assert_eq!(ended.failure, None, "seed {seed}");
    ended
}

/// An event that says `verb` and a number.
fn note(verb: &str, number: i64) -> What {
    What::Note { verb: verb.into(), fields: vec![(Name::from("number"), Value::Int(number))] }
}

/// The verbs of a run's events, in order, each with the node that it happened on.
fn told(ended: &Ended) -> Vec<String> {
    let tells = |event: &retrip_sim::log::Event| match &event.what {
        What::Note { verb, .. } => format!("{} {verb}", event.node),
        other => format!("{} {other:?}", event.node),
    };
    ended.log.events().iter().map(tells).collect()
}
