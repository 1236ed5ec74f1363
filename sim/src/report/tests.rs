//! Does a report keep its layout?

use super::*;
use crate::check::Broken;
use crate::log::{BackendEvent, What};
use crate::plan::Plan;
use crate::scenario::Scenario;
use retrip_core::door::{Instant, Timestamp};
use std::panic::Location;
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

fn event(nanos: u64, what: BackendEvent) -> Event {
    Event {
        engine: nanos,
        mono: Instant::from_nanos(nanos),
        wall: Timestamp::from_unix_nanos(i128::from(43_200 * SECOND + nanos)),
        node: "local".into(),
        thread: "main".into(),
        who: "llm".into(),
        what: What::Backend(what),
        cause: None,
        source: Location::caller(),
        steps: 0,
        checkpoint: 0,
    }
}

fn swarm() -> Scenario {
    Scenario::new("swarm", "anything happens", |_| {})
}

#[test]
fn a_report_answers_in_its_order() {
    let plan: Plan = "swarm 0x4 open_for = 30s; 0s llm fails; a: call llm; fault 5s wall clock jumps -3600s; a@3 -> b"
        .parse()
        .expect("it is a plan");
    let broken = Broken { wanted: "half-opens".into(), found: "rejected".into() };
    let report = Report {
        scenario: "swarm".into(),
        seed: Seed::new(4),
        reproduction: Reproduction::Reproducible,
        breach: Breach {
            promise: "open_ends",
            statement: "a call passes".into(),
            broken,
            event: Some(1),
        },
        case: Case::Minimal { plan: plan.clone(), of: 40, runs: 49 },
        last: LastEvents {
            events: vec![event(0, BackendEvent::Fails), event(30 * SECOND, BackendEvent::Recovers)],
            breaking: Some(1),
            layout: None,
        },
        replay: ReplayLine::of(&swarm(), plan.clone(), &[], &[]),
        also: vec![Seed::new(7), Seed::new(8)],
    };
    let wanted = format!(
        "FAILED  swarm  seed 0x4                                                REPRODUCIBLE

  promise  open_ends: a call passes
  wanted   half-opens
  found    rejected

  minimal  2 of 40 steps, 1 preemption, found in 49 runs
              open_for = 30s
          0s  llm fails
              a: call llm
              fault 5s wall clock jumps -3600s
              a@3 -> b

  last events
      0.000s  12:00:00  llm    fails
  >  30.000s  12:00:30  llm    recovers

  reproduce
    cargo run -- replay '{plan}'

  also     seeds 0x7..=0x8
"
    );
    assert_eq!(report.to_string(), wanted);
}

#[test]
fn times_of_any_length_leave_the_columns_where_they_are() {
    let plan: Plan = "swarm 0x4 open_for = 30s; 0s llm fails; 4718.611696298s call llm"
        .parse()
        .expect("it is a plan");
    let case = Case::Given { plan, unmet: Vec::new(), stale: 0 };
    let wanted = "  given    2 steps, 0 preemptions
                   open_for = 30s
               0s  llm fails
  4718.611696298s  call llm
";
    assert_eq!(case.to_string(), wanted);
    let late = event(4_718 * SECOND + 611_696_298, BackendEvent::Takes(Duration::ZERO));
    let events =
        vec![event(0, BackendEvent::Fails), late, event(5_000 * SECOND, BackendEvent::Fails)];
    let layout = Some(Layout::of(&events).fitting(&events));
    let wanted = "             0.000s  12:00:00            llm    fails
  > 4718.611696298s  13:18:38.611696298  llm    takes        0.000s
          5000.000s  13:23:20            llm    fails
";
    let last = LastEvents { events, breaking: Some(1), layout };
    assert_eq!(last.to_string(), wanted);
    // No wider than that: a log would have its wide column here.
    let events = vec![event(0, BackendEvent::Fails), event(5_000 * SECOND, BackendEvent::Fails)];
    let layout = Some(Layout::of(&events).fitting(&events));
    let wanted = "       0.000s  12:00:00  llm    fails
    5000.000s  13:23:20  llm    fails
";
    let last = LastEvents { events, breaking: None, layout };
    assert_eq!(last.to_string(), wanted);
}

#[test]
fn the_last_events_are_as_wide_as_they_are_and_not_as_those_before_them() {
    let plan: Plan = (1..=8)
        .fold("swarm 0 0.000000001s wall clock jumps -1s".to_owned(), |plan, second| {
            format!("{plan}; {second}s wall clock jumps -1s")
        })
        .parse()
        .expect("it is a plan");
    let run = crate::run::run(&swarm(), &crate::run::Request::of(&plan)).expect("it runs");
    let last = LastEvents::of(&run).to_string();
    let first = "      1.000s  11:59:59  clock  jumps        -1s, was 12:00:00";
    assert_eq!((last.lines().next(), last.lines().count()), (Some(first), 8), "{last}");
}

#[test]
fn a_quote_in_a_plan_survives_the_shell() {
    let plan: Plan = "swarm 0x4 0s say it's".parse().expect("it is a plan");
    let line = ReplayLine::of(&swarm(), plan, &[], &["open_ends".into()]);
    assert_eq!(
        line.to_string(),
        r"cargo run -- replay 'swarm 0x4 0s say it'\''s' --without open_ends"
    );
}

#[test]
fn a_long_list_of_seeds_is_broken_into_lines() {
    let seeds: Vec<Seed> = (0..100).map(|seed| Seed::new(seed * 2)).collect();
    let text = SeedList(&seeds).to_string();
    assert!(text.lines().count() > 1);
    assert!(text.lines().skip(1).all(|line| line.starts_with("           ") && line.len() <= 101));
    assert!(text.ends_with("0xc6"));
}

#[test]
fn a_list_of_seeds_reaches_the_largest() {
    let top = [u64::MAX - 1, u64::MAX].map(Seed::new);
    let text = SeedList(&top).to_string();
    assert_eq!(text, "seeds 0xfffffffffffffffe..=0xffffffffffffffff");
    assert_eq!(SeedList(&top[1..]).to_string(), "seed 0xffffffffffffffff");
}
