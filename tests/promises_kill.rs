//! Does each planted bug break exactly the promise that names it, and survive when that promise is switched off?

use retrip_core::door::Plant;
use retrip_sim::check::Breach;
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::scenario::{Expectation, Scenario};
use retrip_sim::seed::Seed;
use std::collections::BTreeMap;

/// The most seeds of a scenario; one that needs fewer is judged by those.
const SEEDS: u64 = 100;

fn seeds(scenario: &Scenario) -> std::ops::Range<u64> {
    0..scenario.enough_seeds().min(SEEDS)
}

/// What each seed of `scenario` breaks with these bugs switched on and these promises switched off.
fn breaches(
    scenario: &Scenario,
    plants: &[Plant],
    without: &[String],
) -> impl Iterator<Item = (u64, Option<Breach>)> {
    seeds(scenario).map(|seed| {
        let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("it has a name");
        let request = Request { plants, without, ..Request::of(&plan) };
        let run = run(scenario, &request).expect("its plan can be run");
        // What nobody asked for changes nothing, so it cannot have been found.
        let unreached = plants.iter().find(|plant| !run.reached.contains(plant));
        if let (Some(breach), Some(plant)) = (&run.breach, unreached) {
            panic!("{} {seed}: {plant:?} was not reached: {breach:?}", scenario.name());
        }
        (seed, run.breach)
    })
}

#[test]
fn every_sound_scenario_keeps_every_promise_and_judges_each() {
    for scenario in retrip::catalogue().scenarios() {
        if scenario.expectation() != Expectation::Holds {
            continue;
        }
        let mut judged = BTreeMap::new();
        for seed in seeds(scenario) {
            let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("it has a name");
            let run = run(scenario, &Request::of(&plan)).expect("its plan can be run");
            assert_eq!(run.breach, None, "{} {seed}\n{}", scenario.name(), run.log.text());
            for verdict in run.verdicts {
                *judged.entry(verdict.promise).or_insert(0) += verdict.judged;
            }
        }
        for (promise, count) in judged {
            assert!(count > 0, "{promise} judged nothing in {}", scenario.name());
        }
    }
}

#[test]
fn every_planted_bug_breaks_the_promise_that_names_it_and_no_other() {
    for scenario in retrip::catalogue().scenarios() {
        for bug in scenario.bugs() {
            let case = format!("{} with {}", scenario.name(), bug.plant.name());
            let mut found = 0;
            for (seed, breach) in breaches(scenario, &[bug.plant], &[]) {
                if let Some(breach) = breach {
                    assert_eq!(breach.promise, bug.promise, "{case}, seed {seed}: {breach:?}");
                    found += 1;
                }
            }
            assert!(found > 0, "{case} was not found in {:?}", seeds(scenario));
        }
    }
}

#[test]
fn every_planted_bug_survives_without_the_promise_that_names_it() {
    for scenario in retrip::catalogue().scenarios() {
        for bug in scenario.bugs() {
            let case = format!("{} with {}", scenario.name(), bug.plant.name());
            let without = [bug.promise.to_owned()];
            for (seed, breach) in breaches(scenario, &[bug.plant], &without) {
                assert_eq!(breach, None, "{case} but without {}, seed {seed}", bug.promise);
            }
        }
    }
}
