//! Is a sweep held only where enough was run and everything that its plans have did happen?

use retrip_sim::check::{Judgement, always, never};
use retrip_sim::part::{clock, waits};
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

/// A clock jumps in every run, and somebody panics in one of two.
fn jumps() -> Scenario {
    Scenario::new("jumps", "a clock jumps, and a check may panic", |s| {
        let time = s.draw("seconds", 1..=2);
        s.at(Duration::ZERO, clock().jumps_back(Duration::from_secs(time.into())));
        s.check(never("stays", "the clock stays", move |_| (time == 1).then(|| "a jump".into())));
        s.check(never("stands", "the clock stands", move |_| (time == 2).then(|| "a jump".into())));
    })
    .enough(10)
}

#[test]
fn a_canary_that_breaks_another_promise_than_its_own_is_broken() {
    let canary = jumps().must_break("stays");
    let found = swept(&canary, "0..20");
    assert_eq!(found.verdict(&canary), SweepVerdict::Broken);
    assert!(found.unwanted(&canary).all(|failed| failed.breach.promise == "stands"));
    assert!((1..20).contains(&found.unwanted(&canary).count()));
    // Where each seed breaks its own it is well.
    let kept = found.failed.iter().filter(|failed| failed.breach.promise == "stays").cloned();
    let only = Sweep { failed: kept.collect(), ..found };
    assert_eq!(only.verdict(&canary), SweepVerdict::FailedAsItMust);
}
