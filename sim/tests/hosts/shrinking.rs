//! Of all that goes wrong between hosts, the one fault is left that a failure needs, and no more of it than that.

use crate::ENGINE;
use retrip_core::breaker::BreakerConfig;
use retrip_sim::check::{Judgement, always};
use retrip_sim::part::Guarded;
use retrip_sim::plan::{Fault, FaultKind, Plan};
use retrip_sim::scenario::Scenario;
use retrip_sim::shrink::shrink;
use std::time::Duration;

/// From `since` on nobody waits in vain, which a caller does who gives up after two seconds.
fn calls(since: Duration) -> Scenario {
    Scenario::new("calls", "what the plan says", move |s| {
        let config = BreakerConfig { failure_threshold: Some(1000), ..BreakerConfig::default() };
        s.part_anywhere(Guarded::new("llm", config).with_patience(Duration::from_secs(2)));
        s.check(always("answered", "no call times out", move |event| {
            let is_late = Duration::from_nanos(event.engine) >= since;
            match &*event.what.verb() {
                "call timed out" if is_late => Judgement::broken("an answer", "none"),
                _ => Judgement::Holds,
            }
        }));
    })
    .on(ENGINE)
}

const CALLS: &str = "1s call llm; 11s call llm; 21s call llm";
const HARMLESS: &str = "fault 2s..3s llm crashes; fault 4s llm restarts; fault 5s..6s partition local from llm; \
                        fault 7s..8s messages lost 1000000ppm; fault 15s..16s messages doubled 500000ppm; \
                        fault 15s..16s messages shuffled 50ms; fault 17s wall clock jumps -5s";

/// What is left of `fault`, which is what breaks the promise, where it is one of many.
fn left_of(fault: &str) -> Fault {
    let plan: Plan =
        format!("calls 1 on {ENGINE}; {CALLS}; {fault}; {HARMLESS}").parse().expect("a plan");
    let shrunk =
        shrink(&calls(Duration::ZERO), &plan, &[], &[]).expect("it can be run").expect("it fails");
    let left = shrunk.plan.faults.as_deref().unwrap_or_default();
    let steps = shrunk.plan.script.as_deref().unwrap_or_default();
    assert_eq!((steps.len(), left.len()), (1, 1), "{}", shrunk.plan);
    let (left, whole) = (left[0].clone(), fault_of(fault));
    let what = |fault: &Fault| (fault.kind.name(), fault.node.clone(), fault.other.clone());
    assert_eq!(what(&left), what(&whole), "{}", shrunk.plan);
    left
}

fn fault_of(fault: &str) -> Fault {
    let plan: Plan = format!("calls 1; {fault}").parse().expect("a plan");
    plan.faults.expect("it has one").remove(0)
}

#[test]
fn a_fault_of_a_host_or_a_way_is_left_alone_and_as_early_and_short_as_it_can_be() {
    for fault in [
        "fault 10s..20s partition local from llm",
        "fault 10s..20s partition llm to local",
        "fault 10s..20s llm crashes",
    ] {
        let left = left_of(fault);
        assert!(left.from < Duration::from_secs(1), "{fault}: from {:?}", left.from);
        let until = left.until.unwrap_or(Duration::MAX);
        assert!(until < Duration::from_secs(3), "{fault}: until {until:?}");
    }
}

#[test]
fn a_fault_comes_earlier_alone_where_the_step_that_it_hits_cannot() {
    let plan = format!("calls 1 on {ENGINE}; 9s call llm; fault 5s partition local from llm");
    let plan: Plan = plan.parse().expect("a plan");
    let eight = Duration::from_secs(8);
    let shrunk = shrink(&calls(eight), &plan, &[], &[]).expect("it can be run").expect("it fails");
    let (step, fault) = (&shrunk.plan.script.as_ref().expect("it has one")[0], &shrunk.plan.faults);
    let at = step.at.unwrap_or_default();
    assert!((Duration::from_secs(5)..Duration::from_secs(7)).contains(&at), "{}", shrunk.plan);
    assert_eq!(fault.as_ref().expect("it has one")[0].from, Duration::ZERO, "{}", shrunk.plan);
}

#[test]
fn a_fault_of_all_messages_is_left_alone_and_no_worse_than_it_must_be() {
    let lost = left_of("fault 10s..20s messages lost 1000000ppm").kind;
    assert!(matches!(lost, FaultKind::MessagesLost(1..1_000_000)), "{lost:?}");
    let FaultKind::MessagesTake(_, longest) = left_of("fault 10s..20s messages take 3s..4s").kind
    else {
        panic!("it is a time")
    };
    // There and back again in more than two seconds.
    let second = Duration::from_secs(1);
    assert!((second..second * 3).contains(&longest), "{longest:?}");
}
