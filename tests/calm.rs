//! Is what is promised for the time when nothing goes wrong asked of nobody while something does?

use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, run};

#[track_caller]
fn holds(plan: &str) {
    let catalogue = retrip::catalogue();
    let plan: Plan = plan.parse().expect("it is a plan");
    let scenario = catalogue.find(&plan.scenario).expect("it is listed");
    let run = run(scenario, &Request::of(&plan)).expect("it can be run");
    assert_eq!(run.breach, None);
}

#[test]
fn a_host_that_begins_anew_into_the_pause_of_another_fault_is_not_well() {
    holds(
        "payments_swarm 0x1d7c on nodes; patience = 1.4s; 4.275s clerk-1: pay 0 in 2 tries; fault 0s..1ns ledger crashes; \
         fault 0s..7.5s ledger pauses",
    );
}

#[test]
fn whoever_stalls_is_not_well_before_the_end_of_that() {
    holds(
        "leases_swarm 1 on nodes; lease = 1s; keeps = 1s; every = 1s; 0s hand-1: work for 60s; 0s hand-2: work for 60s; \
         fault 10s..50s hand-1 stalls; fault 10s..50s hand-2 stalls",
    );
}
