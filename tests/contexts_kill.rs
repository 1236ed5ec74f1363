//! Does each situation of logging and waiting hold, and does its promise, and it alone, find the bug planted for it?

use retrip_core::door::Plant;
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, Run, run};
use retrip_sim::scenario::{Expectation, Scenario};
use retrip_sim::seed::{Seed, SeedRange};
use retrip_sim::sweep::{AfterFailure, SweepRequest, SweepVerdict, sweep};
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

const SCENARIOS: [&str; 6] = [
    "contexts_of_100_threads_interleaved",
    "scopes_nest_and_end",
    "threads_race_for_the_log",
    "reply_in_the_same_nanosecond_as_its_timeout",
    "reply_as_the_caller_begins_to_wait",
    "canary_lost_update",
];

fn seeds(scenario: &Scenario) -> u64 {
    scenario.enough_seeds().max(20)
}

fn one(scenario: &Scenario, seed: u64, plants: &[Plant], without: &[String]) -> Run {
    let plan = Plan::drawn(scenario.name(), Seed::new(seed)).expect("its name is a name");
    run(scenario, &Request { plants, without, ..Request::of(&plan) }).expect("it can be drawn")
}

#[test]
fn each_situation_holds_over_enough_seeds_and_the_canary_fails() {
    let catalogue = retrip::catalogue();
    for name in SCENARIOS {
        let scenario = catalogue.find(name).expect("it is listed");
        let request = SweepRequest {
            seeds: SeedRange::new(0, seeds(scenario)).expect("it is not empty"),
            jobs: NonZeroUsize::MIN,
            plants: &[],
            without: &[],
            after_failure: AfterFailure::GoOn,
            stop: &AtomicBool::new(false),
            progress: &|_| {},
        };
        let swept = sweep(scenario, &request).expect("it can be drawn");
        let wanted = match scenario.expectation() {
            Expectation::Holds => SweepVerdict::Passed,
            Expectation::MustFail => SweepVerdict::FailedAsItMust,
        };
        assert_eq!(swept.verdict(scenario), wanted, "{name}: {:?}", swept.failed.first());
    }
}

#[test]
fn each_planted_bug_breaks_exactly_the_promise_that_names_it() {
    let catalogue = retrip::catalogue();
    for name in SCENARIOS {
        let scenario = catalogue.find(name).expect("it is listed");
        for bug in scenario.bugs() {
            let plants = [bug.plant];
            let mut found = 0;
            for seed in 0..seeds(scenario) {
                if let Some(breach) = one(scenario, seed, &plants, &[]).breach {
                    assert_eq!(breach.promise, bug.promise, "{name} seed {seed}: {breach:?}");
                    found += 1;
                }
                let silent = one(scenario, seed, &plants, &[bug.promise.to_owned()]);
                assert_eq!(silent.breach, None, "{name} seed {seed} without {}", bug.promise);
            }
            assert!(found > 0, "{name} does not find {:?}", bug.plant);
        }
    }
}
