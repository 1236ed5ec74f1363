//! Does the breaker of every scenario keep what every breaker promises, whatever the scenario is about?

use retrip_core::breaker::EventKind;
use retrip_sim::check::breaker::{self as promise, OpenFor};
use retrip_sim::check::{Judgement, Promise};
use retrip_sim::log::{EventLog, What};
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::{Expectation, Scenario};
use retrip_sim::seed::Seed;
use std::collections::{BTreeMap, BTreeSet};

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

fn judge(scenario: &Scenario, seed: u64, judged: &mut BTreeMap<&'static str, u64>) {
    let plan = scenario.plan(Seed::new(seed)).expect("its name is a name");
    let run = run(scenario, &Request::of(&plan)).expect("its plan can be run");
    // What it judges by itself, it judges by what it knows of its configuration.
    let own: BTreeSet<&str> = run.verdicts.iter().map(|verdict| verdict.promise).collect();
    for (who, permits) in breakers(&run.log) {
        for mut promise in promises(who.to_owned().leak(), permits) {
            let name = promise.name();
            if own.contains(name) || (scenario.name(), name) == HOSTILE {
                continue;
            }
            for event in run.log.events() {
                match promise.observe(event) {
                    Judgement::NotConcerned => {}
                    Judgement::Holds => *judged.entry(name).or_default() += 1,
                    Judgement::Broken(broken) => {
                        let scenario = scenario.name();
                        panic!("{scenario} {seed}: {name} of {who}: {broken:?}\n{}", run.log.text())
                    }
                }
            }
        }
    }
}

#[test]
fn the_breaker_of_every_scenario_keeps_what_needs_no_configuration() {
    let mut judged = BTreeMap::new();
    for scenario in retrip::catalogue().scenarios() {
        if scenario.expectation() == Expectation::Holds {
            for seed in 0..SEEDS {
                judge(scenario, seed, &mut judged);
            }
        }
    }
    // Each has judged something in scenarios that do not ask for it themselves.
    let names = promises("", Some(1)).iter().map(|promise| promise.name()).collect::<BTreeSet<_>>();
    assert_eq!(judged.keys().copied().collect::<BTreeSet<_>>(), names, "{judged:?}");
}
