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

/// Seeds of the end of an interval among a few calls: the first ones but for one that has 48,193 runs, two of them with three callers.
fn seeds_of_an_end() -> impl Iterator<Item = u64> {
    (0..6).chain([7, 8])
}

/// How many orders all of them have together.
const ORDERS_OF_AN_END: u64 = 9_004;

fn with_scenario<T>(name: &str, act: impl FnOnce(&Scenario) -> T) -> T {
    let catalogue = retrip::catalogue();
    let is_it = |scenario: &&Scenario| scenario.name() == name;
    act(catalogue.scenarios().iter().find(is_it).expect("it is there"))
}

/// All orders of the steps of one seed. Time moves where nobody can go on, and so many times elsewhere.
fn every_order(scenario: &Scenario, seed: u64, time_moves: u32, planted: &[Plant]) -> Explored {
    let plan = scenario.plan(Seed::new(seed)).expect("its name is a name");
    let request = Request { plants: planted, ..Request::of(&plan) };
    let limits = Limits { time_moves, ..Limits::NONE };
    explore(scenario, &request, limits, MOST_RUNS).expect("it can be run")
}

/// How many orders these seeds have together, each of which keeps all promises.
#[expect(clippy::print_stdout, reason = "how many there are is for whoever asks with --nocapture")]
fn orders(scenario: &Scenario, seeds: impl Iterator<Item = u64>, time_moves: u32) -> u64 {
    let mut orders = 0;
    for seed in seeds {
        let explored = every_order(scenario, seed, time_moves, &[]);
        let said = explored.failure.map(|run| format!("{}\n{:?}", run.written_plan(), run.breach));
        assert_eq!(said, None, "seed {seed}");
        let only_time = Extent::Bounded(BTreeSet::from([Bound::TimeMoves(time_moves)]));
        assert_eq!(explored.tally.extent, only_time, "seed {seed}");
        orders += explored.tally.runs - explored.tally.cut();
    }
    println!("{}: {orders} orders", scenario.name());
    orders
}

#[test]
fn a_few_calls_are_answered_one_by_one_in_every_order() {
    // Another number is another breaker, or other orders that are taken for one.
    with_scenario("a_few_calls_overlap", |scenario| {
        assert_eq!(orders(scenario, seeds(), 0), ORDERS);
    });
}

#[test]
fn an_interval_ends_between_any_two_steps_of_a_few_calls() {
    with_scenario("an_interval_ends_among_a_few_calls", |scenario| {
        assert_eq!(orders(scenario, seeds_of_an_end(), 1), ORDERS_OF_AN_END);
        // Two that the machine decides, and one of the gate, where nobody takes the lock.
        for bug in [
            plants::LATE_BY_ONE_NANOSECOND,
            plants::EARLY_BY_ONE_NANOSECOND,
            plants::GATE_LATE_BY_ONE_NANOSECOND,
        ] {
            let finds = |seed| every_order(scenario, seed, 1, &[bug]).failure.is_some();
            assert!(seeds_of_an_end().any(finds), "{bug:?} breaks nothing in any order");
        }
    });
}

#[test]
fn every_bug_of_the_gate_that_a_few_calls_can_meet_is_met() {
    with_scenario("a_few_calls_overlap", |scenario| {
        for bug in [
            plants::GATE_ROW_FORGOTTEN,
            plants::GATE_FAILURE_STORED,
            plants::GATE_SUCCESS_STORED,
            plants::GATE_THRESHOLD_OFF_BY_ONE,
            plants::GATE_STAYS_OPEN,
            plants::DROPPED_PERMIT_UNCOUNTED,
        ] {
            let finds = |seed| every_order(scenario, seed, 0, &[bug]).failure.is_some();
            assert!(seeds().any(finds), "{bug:?} breaks nothing in any order");
        }
    });
}
