//! A run on hosts, from the plan to the verdicts.

use super::{Judgement, Request, Run};
use crate::check::{End, Watch};
use crate::clock::NodeClock;
use crate::engine::hosts::{Cluster, Ended, Setup};
use crate::engine::threads::Recording;
use crate::engine::{EngineName, Unavailable, network, nodes};
use crate::fault::happenings;
use crate::log::Name;
use crate::play::Play;
use crate::scenario::{DraftError, Drafted, Scenario, Stage};
use std::sync::Arc;

/// Runs what was drafted on the hosts of its stage.
pub(super) fn run(
    scenario: &Scenario,
    request: &Request<'_>,
    drafted: Drafted,
) -> Result<Run, DraftError> {
    let Drafted { plan, stage, parts, performers, promises, sometimes, seeded, .. } = drafted;
    let faults = plan.faults.as_deref().unwrap_or_default();
    let faults = happenings(faults, |node| stage.place(node))?;
    let promises = promises.into_iter().filter(|promise| request.keeps(promise.name())).collect();
    let host = |name: &Name| (name.clone(), NodeClock::default());
    let setup = Setup {
        choices: plan.choices.clone(),
        hosts: stage.hosts.iter().map(host).collect(),
        time: stage.time,
        step: stage.step(&plan),
        transit: stage.transit.clone(),
        bound: scenario.step_bound(),
        // What a run looks like is asked of threads only.
        recording: if request.recording == Recording::On { Recording::On } else { Recording::Off },
        observer: Box::new(Watch::new(promises, sometimes)),
        plants: request.plants.to_vec(),
        ..Setup::of(plan.seed, &[])
    };
    let shared = Arc::new(plan);
    let plan = Arc::clone(&shared);
    let Stage { engine, places, .. } = stage;
    let play = Play { parts, plan, performers, faults, places };
    let ended = perform(engine, setup, play)?;
    let plan = Arc::unwrap_or_clone(shared);
    let end = End { elapsed: ended.elapsed, events: ended.log.events().len() };
    let Judgement { breach, failure, verdicts, sightings } =
        Judgement::of(ended.observer, ended.failure, &end, |name| request.keeps(name));
    Ok(Run {
        plan,
        engine,
        log: ended.log,
        breach,
        failure,
        verdicts,
        sightings,
        strategy: None,
        shape: None,
        order: None,
        schedule: ended.schedule,
        streams: ended.streams,
        deviations: Vec::new(),
        choices: ended.choices,
        skipped: 0,
        unmet: Vec::new(),
        stale: ended.stale,
        steps: ended.steps,
        threads: ended.units,
        elapsed: ended.elapsed,
        seeded,
        reached: ended.reached,
        effects: ended.effects,
        leaked: 0,
    })
}

fn perform(engine: EngineName, setup: Setup, play: Play) -> Result<Ended, Unavailable> {
    let root = |cluster: Cluster| play.perform_on_hosts(cluster);
    match engine {
        EngineName::Threads => unreachable!("threads have an engine of their own"),
        EngineName::Nodes => Ok(nodes::run(setup, root)?),
        EngineName::Network => Ok(network::run(setup, root)?),
    }
}
