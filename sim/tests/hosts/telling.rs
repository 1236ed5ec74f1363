//! What the tests of every engine with hosts say: a run of two of them, an event, and what a log tells.

use crate::perform;
use retrip_sim::engine::hosts::{Cluster, Ended, Setup};
use retrip_sim::log::{Name, Value, What};
use retrip_sim::seed::Seed;
use std::future::Future;
use std::time::Duration;

/// Runs `root` on two hosts with true clocks.
pub(crate) fn run<F>(seed: u64, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    // Shorter than usual: an engine that goes step by step has fewer of them to go.
    let idle = Duration::from_secs(60);
    perform(Setup { idle, ..Setup::of(Seed::new(seed), &["client", "server"]) }, root)
}

/// As [`run`], of a run that must not fail.
pub(crate) fn held<F>(seed: u64, root: impl FnOnce(Cluster) -> F + Send + 'static) -> Ended
where
    F: Future<Output = ()> + 'static,
{
    let ended = run(seed, root);
    assert_eq!(ended.failure, None, "seed {seed}");
    ended
}

/// An event that says `verb` and a number.
pub(crate) fn note(verb: &str, number: i64) -> What {
    What::Note { verb: verb.into(), fields: vec![(Name::from("number"), Value::Int(number))] }
}

/// The verbs of a run's events, in order, each with the host that it happened on.
pub(crate) fn told(ended: &Ended) -> Vec<String> {
    let tells = |event: &retrip_sim::log::Event| match &event.what {
        What::Note { verb, .. } => format!("{} {verb}", event.node),
        other => format!("{} {other:?}", event.node),
    };
    ended.log.events().iter().map(tells).collect()
}
