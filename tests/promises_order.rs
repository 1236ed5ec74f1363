//! In what share of the orders of two openers and eight callers does the breaker stay closed?

use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};
use retrip_sim::seed::Seed;

const SEEDS: u64 = 2_000;

/// How many of the first seeds of `scenario` break a promise.
fn broken(scenario: &str) -> u64 {
    let catalogue = retrip::catalogue();
    let scenario = catalogue.find(scenario).expect("it is in the catalogue");
    let breaks = |seed: &u64| {
        let plan = Plan::drawn(scenario.name(), Seed::new(*seed)).expect("it has a name");
        run(scenario, &Request::of(&plan)).expect("its plan can be run").breach.is_some()
    };
    u64::try_from((0..SEEDS).filter(breaks).count()).expect("fewer than 2^64 seeds")
}

/// 126 of 495 orders, 25.45 %, have no two failures in a row.
#[test]
fn about_a_quarter_of_the_orders_break_the_promise_that_it_opens() {
    let broken = broken("openers_always_open");
    assert!((SEEDS * 22 / 100..=SEEDS * 29 / 100).contains(&broken), "{broken} of {SEEDS}");
}

#[test]
fn no_order_breaks_the_promise_that_it_does_what_the_order_asks_for() {
    assert_eq!(broken("openers_and_callers_in_any_order"), 0);
}
