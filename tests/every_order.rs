//! Does a breaker that takes no lock answer in every order of a few calls as it answers to one caller after the other?

use retrip_core::breaker::plants;
use retrip_core::door::Plant;
use retrip_sim::explore::{Bound, Explored, Extent, Limits, explore};
use retrip_sim::run::Request;
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use std::collections::BTreeSet;

/// Seeds, each of which decides who makes which calls: two with what few have, a success between failures and two failures that make
/// the threshold at once, and the first ones.
fn seeds() -> impl Iterator<Item = u64> {
    [0x80, 0x1f2].into_iter().chain(0..40)
}

/// How many orders all of them have together.
const ORDERS: u64 = 20_286;
/// Far more than any of them needs.
const MOST_RUNS: u64 = 200_000;

fn with_scenario<T>(act: impl FnOnce(&Scenario) -> T) -> T {
    let catalogue = retrip::catalogue();
    let is_it = |scenario: &&Scenario| scenario.name() == "a_few_calls_overlap";
    act(catalogue.scenarios().iter().find(is_it).expect("it is there"))
}

/// All orders of the steps of one seed. Time moves where nobody can go on.
fn every_order(scenario: &Scenario, seed: u64, planted: &[Plant]) -> Explored {
    let plan = scenario.plan(Seed::new(seed)).expect("its name is a name");
    let request = Request { plants: planted, ..Request::of(&plan) };
    let limits = Limits { time_moves: 0, ..Limits::NONE };
    explore(scenario, &request, limits, MOST_RUNS).expect("it can be run")
}

#[test]
#[expect(clippy::print_stdout, reason = "how many there are is for whoever asks with --nocapture")]
fn a_few_calls_are_answered_one_by_one_in_every_order() {
    with_scenario(|scenario| {
        let mut orders = 0;
        for seed in seeds() {
            let explored = every_order(scenario, seed, &[]);
            let said =
                explored.failure.map(|run| format!("{}\n{:?}", run.written_plan(), run.breach));
            assert_eq!(said, None, "seed {seed}");
            let only_time = Extent::Bounded(BTreeSet::from([Bound::TimeMoves(0)]));
            assert_eq!(explored.tally.extent, only_time, "seed {seed}");
            orders += explored.tally.runs - explored.tally.cut();
        }
        println!("{} seeds, {orders} orders", seeds().count());
        // Another number is another breaker, or other orders that are taken for one.
        assert_eq!(orders, ORDERS);
    });
}

#[test]
fn every_bug_of_the_gate_that_a_few_calls_can_meet_is_met() {
    with_scenario(|scenario| {
        for bug in [
            plants::GATE_ROW_FORGOTTEN,
            plants::GATE_FAILURE_STORED,
            plants::GATE_SUCCESS_STORED,
            plants::GATE_THRESHOLD_OFF_BY_ONE,
            plants::GATE_STAYS_OPEN,
            plants::DROPPED_PERMIT_UNCOUNTED,
        ] {
            let finds = |seed| every_order(scenario, seed, &[bug]).failure.is_some();
            assert!(seeds().any(finds), "{bug:?} breaks nothing in any order");
        }
    });
}
