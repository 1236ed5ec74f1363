//! Is a sweep held only where enough was run and everything that its plans have did happen?

use retrip_sim::check::{Judgement, always};
use retrip_sim::part::waits;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;
use retrip_sim::sweep::{Sweep, SweepRequest, SweepVerdict, sweep};
use std::time::Duration;

fn swept(scenario: &Scenario, seeds: &str) -> Sweep {
    let request = SweepRequest::of(seeds.parse().expect("a range"));
    sweep(scenario, &request).expect("the scenario fits its own plan")
}

/// A clock that freezes after `from`, in a run of between one and two seconds.
fn freezes(from: Duration) -> Scenario {
    let second = Duration::from_secs(1);
    Scenario::new("freezes", "a clock freezes while somebody waits", move |s| {
        let wait = s.draw_duration("wait", second..=second * 2);
        s.at(Duration::ZERO, waits(wait));
        s.fault(from, None, FaultKind::WallFreezes);
        s.check(always("nothing_else", "clocks freeze", |_| Judgement::Holds));
        s.fault(Duration::ZERO, None, FaultKind::WallDrifts(1));
    })
    .enough(10)
}

#[test]
fn too_few_seeds_are_not_judged_even_where_everything_held() {
    let scenario = freezes(Duration::ZERO);
    let few = swept(&scenario, "0..9").verdict(&scenario);
    assert_eq!(few, SweepVerdict::NotJudged { missing: vec![], runs: 9, enough: 10 });
    assert_eq!(swept(&scenario, "0..10").verdict(&scenario), SweepVerdict::Passed);
}

#[test]
fn a_kind_of_fault_that_never_happens_is_missing() {
    let scenario = freezes(Duration::from_secs(3));
    let found = swept(&scenario, "0..10");
    assert_eq!((found.faults["wall clock freezes"], found.faults["wall clock drifts"]), (0, 10));
    let missing = vec!["wall clock freezes"];
    assert_eq!(found.verdict(&scenario), SweepVerdict::Unseen { missing });
}
