//! Does the shrinker leave out all that does not matter, and bring what matters down to its exact boundary?

use retrip_sim::check::{Judgement, always, eventually};
use retrip_sim::log::{ClockEvent, Event, ThreadEvent, What};
use retrip_sim::plan::{Plan, Schedule};
use retrip_sim::scenario::Scenario;
use retrip_sim::shrink::{Shrunk, shrink};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

const SECOND: u64 = 1_000_000_000;

/// Nanoseconds that the wall clock is set back by.
fn set_back(event: &Event) -> Option<i64> {
    match event.what {
        What::Clock(ClockEvent::Jumps { by, .. }) => Some(-by.as_nanos()).filter(|&by| by > 0),
        _ => None,
    }
}

/// A scenario that does what its plan says, with the promise that no event is one that `breaks` finds.
fn scenario(breaks: impl Fn(&Event) -> bool + Copy + Send + Sync + 'static) -> Scenario {
    Scenario::new("shrinking", "what the plan says and nothing else", move |s| {
        s.check(always("sound", "it does not happen", move |event| {
            if breaks(event) { Judgement::broken("never", "happened") } else { Judgement::Holds }
        }));
    })
}

fn shrunk(scenario: &Scenario, plan: &str) -> Shrunk {
    let plan: Plan = format!("shrinking 0 {plan}").parse().expect("it is a plan");
    let shrunk = shrink(scenario, &plan, &[], &[]).expect("it can be run").expect("it fails");
    assert_eq!(shrunk.run.breach.as_ref().map(|breach| breach.promise), Some("sound"));
    shrunk
}

/// The steps and the faults that are left.
fn left(shrunk: &Shrunk) -> String {
    let steps = shrunk.plan.script.iter().flatten().map(ToString::to_string);
    let faults = shrunk.plan.faults.iter().flatten().map(ToString::to_string);
    steps.chain(faults).collect::<Vec<_>>().join("; ")
}

const NOISE: &str = "1s wall clock jumps -1s; 5s wall clock jumps -1.2s; 7s wait 3s; \
                     9.5s wall clock jumps -100s; 11s wall clock jumps 50s; 12s wait 1s; \
                     fault 3s monotonic clock suspends 2s; fault 4s..5s wall clock freezes";

#[test]
fn one_step_is_left_at_the_start_with_the_smallest_value_that_still_fails() {
    for boundary in [1_234_567_891, 2_000_000_000, 1_200_000_001, 99_999_999_999] {
        let breaks = move |event: &Event| set_back(event) >= Some(boundary);
        let shrunk = shrunk(&scenario(breaks), NOISE);
        let (whole, rest) = (boundary / 1_000_000_000, boundary % 1_000_000_000);
        let value = format!("{whole}.{rest:09}");
        let value = value.trim_end_matches('0').trim_end_matches('.');
        assert_eq!(left(&shrunk), format!("0s wall clock jumps -{value}s"));
        assert_eq!(shrunk.operations_before, 6);
        assert_eq!(shrunk.plan.schedule, Schedule::Drawn, "one thread has nothing to schedule");
        assert!(shrunk.runs < 150, "{} runs", shrunk.runs);
    }
}

#[test]
fn a_jump_forward_stays_one() {
    let ahead = |event: &Event| match event.what {
        What::Clock(ClockEvent::Jumps { by, .. }) => by.as_nanos() > 12_000_000_000,
        _ => false,
    };
    assert_eq!(left(&shrunk(&scenario(ahead), NOISE)), "0s wall clock jumps 12.000000001s");
}

#[test]
fn every_run_is_counted() {
    let count = |plan: &str, enough: u64| {
        let calls = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&calls);
        let scenario = Scenario::new("shrinking", "it needs many steps", move |s| {
            counted.fetch_add(1, SeqCst);
            let mut jumps = 0;
            s.check(always("sound", "few are set back", move |event| {
                jumps += u64::from(set_back(event).is_some());
                if jumps < enough { Judgement::Holds } else { Judgement::broken("few", "many") }
            }));
        });
        let runs = shrunk(&scenario, plan).runs;
        // A plan is drawn once for each run, once more to see what can be done in the scenario, and once for each of the
        // three operations that can: to wait, to stall and to yield.
        let drawn = calls.load(SeqCst);
        assert_eq!(drawn, runs + 4);
        runs
    };
    assert!(count(NOISE, 3) < 200);
    let racing = "a: stall 1s; b: wall clock jumps -1s; schedule written; main@3 -> b; a@1 -> b";
    assert!(count(racing, 1) < 200);
}

#[test]
fn a_step_stays_as_late_as_it_must_be_and_no_later() {
    let breaks = |event: &Event| set_back(event).is_some() && event.engine >= 3 * SECOND + 7;
    let shrunk = shrunk(&scenario(breaks), NOISE);
    assert_eq!(left(&shrunk), "3.000000007s wall clock jumps -1ns");
}

#[test]
fn a_step_of_an_actor_may_come_before_a_step_of_another() {
    let breaks = |event: &Event| &*event.thread == "b" && set_back(event).is_some();
    let plan = "a: wait 1s; 4s a: yield; 9s b: wall clock jumps -5s; 7s a: wait 1s";
    assert_eq!(left(&shrunk(&scenario(breaks), plan)), "0s b: wall clock jumps -1ns");
}

#[test]
fn of_two_steps_that_need_each_other_both_are_left_in_their_order() {
    // The second is broken two seconds or more after midday, and only on a clock that is late by then.
    let late = |event: &Event| {
        let behind =
            i128::from(event.engine) - (event.wall.as_unix_nanos() - 1_767_268_800_000_000_000);
        matches!(event.what, What::Thread(ThreadEvent::Stalls { .. }))
            && event.engine >= 2 * SECOND
            && behind >= 1_000_000_000
    };
    let plan =
        "1s wall clock jumps -30s; 3s wait 1s; 5s wall clock jumps 2s; 6s stall 9s; 8s stall 1s";
    let shrunk = shrunk(&scenario(late), plan);
    assert_eq!(left(&shrunk), "0s wall clock jumps -1s; 2s stall 0s");
}

#[test]
fn a_fault_comes_down_to_its_boundary_and_its_shortest() {
    let breaks = |event: &Event| {
        matches!(event.what, What::Clock(ClockEvent::Freezes { .. }))
            && event.engine >= 2_500_000_000
    };
    let plan = "9s wait 4s; fault 1s..2s wall clock freezes; fault 4s..9s wall clock freezes; \
                fault 5s wall clock jumps -1s";
    // Something has to go on until the fault begins, or the run ends before it.
    let minimal = "0s wait 2.500000001s; fault 2.5s..2.500000001s wall clock freezes";
    assert_eq!(left(&shrunk(&scenario(breaks), plan)), minimal);
}

#[test]
fn actors_who_have_no_part_in_it_leave_with_all_that_they_do() {
    let breaks = |event: &Event| {
        &*event.thread == "b" && matches!(event.what, What::Thread(ThreadEvent::Stalls { .. }))
    };
    let plan = "a: stall 5s; a: wait 3s; b: wait 2s; b: stall 7s; b: wait 1s; c: stall 1s; c: yield; 3s wait 1s";
    let shrunk = shrunk(&scenario(breaks), plan);
    assert_eq!(left(&shrunk), "b: stall 0s");
    let turns = |schedule: &Schedule| match schedule {
        Schedule::Written(turns) => turns.len(),
        Schedule::Drawn => usize::MAX,
    };
    assert_eq!(turns(&shrunk.plan.schedule), 0, "the default rule fails too");
}

/// Who set the clock back, in the order in which they did.
fn setters(found: &mut String, event: &Event) {
    if set_back(event).is_some() {
        found.push_str(&event.thread);
    }
}

#[test]
fn actors_who_come_in_another_order_need_not_take_turns() {
    let scenario = Scenario::new("shrinking", "`a`, who is first by default, comes second", |s| {
        let mut found = String::new();
        s.check(always("sound", "`a` is first", move |event| {
            setters(&mut found, event);
            match found.contains("ba") {
                true => Judgement::broken("first", "second"),
                false => Judgement::Holds,
            }
        }));
    });
    let plan = "a: stall 1s; a: wall clock jumps -1s; b: wall clock jumps -1s; b: wait 1s; c: yield; schedule written; \
                a@2 -> c; main@4 -> b; b@2 -> c; c@1 -> a; c@77 -> b";
    let shrunk = shrunk(&scenario, plan);
    assert_eq!(left(&shrunk), "b: wall clock jumps -1ns; a: wall clock jumps -1ns");
    assert_eq!(shrunk.plan.schedule, Schedule::Written(Vec::new()));
}

#[test]
fn a_smaller_plan_that_breaks_another_promise_is_not_taken() {
    let scenario =
        Scenario::new("shrinking", "two promises, one of which asks for something", |s| {
            s.check(eventually("asks", "the clock is set back", "it is", |event| {
                set_back(event).is_some()
            }));
            s.check(always("sound", "not by so much", |event| match set_back(event) {
                Some(by) if by > 500 => Judgement::broken("never", by.to_string()),
                _ => Judgement::Holds,
            }));
        });
    let shrunk = shrunk(&scenario, NOISE);
    assert_eq!(left(&shrunk), "0s wall clock jumps -501ns");
}

#[test]
fn a_run_that_keeps_its_promises_is_not_shrunk_and_a_plan_that_cannot_be_run_is_refused() {
    let sound = scenario(|_| false);
    let plan: Plan = format!("shrinking 0 {NOISE}").parse().expect("it is a plan");
    assert!(shrink(&sound, &plan, &[], &[]).expect("it can be run").is_none());
    let unknown: Plan = "shrinking 0 1s sing a song".parse().expect("it is a plan");
    let refused = shrink(&sound, &unknown, &[], &[]).map(|_| ()).expect_err("nobody can do it");
    assert!(refused.to_string().contains("sing a song"), "{refused}");
}

#[test]
fn what_is_found_does_not_depend_on_the_order_of_what_was_left_out() {
    let breaks = |event: &Event| set_back(event) >= Some(7);
    let results: BTreeSet<String> = [
        "1s wall clock jumps -9s; 2s wait 1s; 3s wall clock jumps -8s",
        "2s wait 1s; 3s wall clock jumps -8s",
        "0s wall clock jumps -7ns",
    ]
    .into_iter()
    .map(|plan| left(&shrunk(&scenario(breaks), plan)))
    .collect();
    assert_eq!(results, BTreeSet::from(["0s wall clock jumps -7ns".to_owned()]));
}

/// What is left of a wall clock that freezes, where `found` says what is found wrong with an event.
fn left_of_a_freeze(found: fn(&ClockEvent) -> Option<String>) -> String {
    let scenario = Scenario::new("shrinking", "a clock is bent", move |s| {
        s.check(always("sound", "no clock is bent", move |event| match &event.what {
            What::Clock(bent) => {
                found(bent).map_or(Judgement::Holds, |found| Judgement::broken("straight", found))
            }
            _ => Judgement::Holds,
        }));
    });
    left(&shrunk(&scenario, "9s wait 4s; fault 4s..9s wall clock freezes"))
}

#[test]
fn a_fault_becomes_a_simpler_one_only_where_the_same_is_found_but_for_its_numbers() {
    let other = left_of_a_freeze(|bent| match bent {
        ClockEvent::Freezes { .. } => Some("it stops".to_owned()),
        ClockEvent::Jumps { .. } => Some("it jumps".to_owned()),
        _ => None,
    });
    assert!(other.ends_with("wall clock freezes"), "{other}");
    // It has to jump as far as the freeze held it up, or nearly.
    let same = left_of_a_freeze(|bent| match bent {
        ClockEvent::Freezes { .. } => Some("bent by 0ns".to_owned()),
        ClockEvent::Jumps { by, .. } if by.magnitude().as_secs() >= 3 => {
            Some(format!("bent by {}ns", by.magnitude().as_nanos()))
        }
        _ => None,
    });
    assert!(same.ends_with("wall clock jumps -3s"), "{same}");
}

#[test]
fn a_fault_jumps_no_farther_than_it_must() {
    let breaks = |event: &Event| set_back(event) > Some(500);
    let left = left(&shrunk(&scenario(breaks), "9s wait 4s; fault 3s wall clock jumps -5s"));
    assert!(left.ends_with("wall clock jumps -501ns"), "{left}");
}

#[test]
fn an_actor_and_what_holds_it_are_left_out_at_once() {
    // Held, `a` comes too late to spoil it: neither can be left out alone.
    let ahead = Arc::new(AtomicU64::new(0));
    let scenario = Scenario::new("shrinking", "set back before it is set ahead", move |s| {
        let ahead = Arc::clone(&ahead);
        ahead.store(0, SeqCst);
        s.check(always("sound", "it is set ahead first", move |event| match event.what {
            What::Clock(ClockEvent::Jumps { by, .. }) if by.as_nanos() > 0 => {
                ahead.store(1, SeqCst);
                Judgement::Holds
            }
            _ if set_back(event).is_some() && ahead.load(SeqCst) == 0 => {
                Judgement::broken("set ahead first", "set back")
            }
            _ => Judgement::Holds,
        }));
    });
    let held = "a: wait 1s; a: wall clock jumps 1s; b: wait 2s; b: wall clock jumps -1s; fault 500ms..5s a stalls";
    let left = left(&shrunk(&scenario, held));
    assert_eq!(left, "b: wall clock jumps -1ns");
}
