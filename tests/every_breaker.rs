//! Does the breaker of every scenario keep what every breaker promises, whatever the scenario is about?

use retrip_core::breaker::{EventKind, plants};
use retrip_core::door::Plant;
use retrip_sim::check::breaker::{self as promise, OpenFor};
use retrip_sim::check::{Broken, End, Judgement, Promise};
use retrip_sim::log::{EventLog, What};
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::{Expectation, Scenario};
use retrip_sim::seed::Seed;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const SEEDS: u64 = 20;

/// On this one's clock no interval is as long as a breaker says.
const HOSTILE: (&str, &str) = ("the_clock_shows_anything", "open_rejects");

/// What needs to know no more of a breaker than its events tell.
fn promises(who: &'static str, permits: Option<u32>) -> Vec<Box<dyn Promise>> {
    let told = OpenFor::AsTold { half_open_for: None };
    let mut promises: Vec<Box<dyn Promise>> = vec![
        Box::new(promise::open_rejects(who, told)),
        Box::new(promise::open_ends(who, told)),
        Box::new(promise::retry_after_is_right(who, told)),
        Box::new(promise::fenced_results(who)),
        Box::new(promise::legal_edges(who)),
        Box::new(promise::manual_wins(who)),
        Box::new(promise::counts_add_up(who)),
    ];
    if let Some(permits) = permits {
        promises.push(Box::new(promise::bounded_trials(who, permits)));
        promises.push(Box::new(promise::permits_are_given(who, permits)));
    }
    promises
}

/// The breakers that tell of themselves, with the permits that they have where they tell that too.
fn breakers(log: &EventLog) -> BTreeMap<&str, Option<u32>> {
    let mut breakers = BTreeMap::new();
    for event in log.events() {
        let What::Breaker(own) = &event.what else { continue };
        let permits = breakers.entry(&*event.who).or_insert(None);
        if let EventKind::TrialBegins { permits: of, .. } = own.kind {
            *permits = Some(of);
        }
    }
    breakers
}

/// What of one breaker's promises this log breaks first; counts what was judged.
fn breach(
    promise: &mut dyn Promise,
    log: &EventLog,
    judged: &mut BTreeMap<&'static str, u64>,
) -> Option<Broken> {
    let events = log.events();
    let elapsed = events.last().map_or(Duration::ZERO, |last| Duration::from_nanos(last.engine));
    let end = End { elapsed, events: events.len() };
    let mut judgements: Vec<_> = events.iter().map(|event| promise.observe(event)).collect();
    judgements.push(promise.finish(&end));
    for judgement in judgements {
        match judgement {
            Judgement::NotConcerned => {}
            Judgement::Holds => *judged.entry(promise.name()).or_default() += 1,
            Judgement::Broken(broken) => return Some(broken),
        }
    }
    None
}

/// What the breakers of one seed break, with these bugs.
fn breaches(
    scenario: &Scenario,
    seed: u64,
    plants: &[Plant],
    judged: &mut BTreeMap<&'static str, u64>,
) -> Vec<String> {
    let plan = scenario.plan(Seed::new(seed)).expect("its name is a name");
    let request = Request { plants, ..Request::of(&plan) };
    let run = run(scenario, &request).expect("its plan can be run");
    // What it judges by itself, it judges by what it knows of its configuration.
    let own: BTreeSet<&str> = run.verdicts.iter().map(|verdict| verdict.promise).collect();
    let mut breaches = Vec::new();
    for (who, permits) in breakers(&run.log) {
        for mut promise in promises(who.to_owned().leak(), permits) {
            let name = promise.name();
            if own.contains(name) || (scenario.name(), name) == HOSTILE {
                continue;
            }
            if let Some(broken) = breach(&mut *promise, &run.log, judged) {
                breaches.push(format!("{name} of {who}: {broken:?}"));
            }
        }
    }
    breaches
}

#[test]
fn the_breaker_of_every_scenario_keeps_what_needs_no_configuration() {
    let mut judged = BTreeMap::new();
    for scenario in retrip::catalogue().scenarios() {
        if scenario.expectation() == Expectation::Holds {
            for seed in 0..SEEDS {
                let breaches = breaches(scenario, seed, &[], &mut judged);
                assert!(breaches.is_empty(), "{} {seed}: {breaches:?}", scenario.name());
            }
        }
    }
    // Each has judged something in scenarios that do not ask for it themselves.
    let names = promises("", Some(1)).iter().map(|promise| promise.name()).collect::<BTreeSet<_>>();
    assert_eq!(judged.keys().copied().collect::<BTreeSet<_>>(), names, "{judged:?}");
}

#[test]
fn a_bug_is_found_where_a_scenario_does_not_look_for_it() {
    let catalogue = retrip::catalogue();
    for (name, bug, promise) in [
        ("counts_survive_recovery", plants::UNFENCED_LATE_RESULT, "fenced_results"),
        ("counts_survive_recovery", plants::UNLIMITED_TRIALS, "bounded_trials"),
    ] {
        let scenario = catalogue.scenarios().iter().find(|one| one.name() == name).expect("there");
        let found =
            (0..SEEDS).flat_map(|seed| breaches(scenario, seed, &[bug], &mut BTreeMap::new()));
        assert!(found.into_iter().any(|breach| breach.starts_with(promise)), "{name}: {bug:?}");
    }
}
