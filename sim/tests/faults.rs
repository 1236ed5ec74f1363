//! Does a fault of a clock come at its moment, and do those who sleep meanwhile wake by the clock as it is then?

use retrip_sim::clock::BASE_WALL;
use retrip_sim::log::{Cause, ClockEvent, Event, What};
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, Run, run};
use retrip_sim::scenario::Scenario;
use std::time::Duration;

fn played(plan: &str) -> Run {
    let scenario = Scenario::new("clocks", "what the plan says and nothing else", |_| ());
    let plan: Plan = format!("clocks 0 {plan}; schedule written").parse().expect("it is a plan");
    let run = run(&scenario, &Request::of(&plan)).expect("it can be run");
    assert_eq!(run.breach, None);
    run
}

#[test]
fn a_sleep_ends_by_the_sleeper_s_own_clock_whatever_happens_to_it_meanwhile() {
    for (faults, nanos) in [
        ("no faults", 10_000_000_000_u64),
        ("fault 2s monotonic clock suspends 3s", 7_000_000_000),
        ("fault 2s monotonic clock suspends 3600s", 2_000_000_000),
        ("fault 2s..5s monotonic clock freezes", 13_000_000_000),
        ("fault 2s monotonic clock drifts 1000000ppm", 6_000_000_000),
        ("fault 2s monotonic clock drifts -500000ppm", 18_000_000_000),
        ("fault 2s..4s monotonic clock drifts -500000ppm", 11_000_000_000),
        // Each moves the end that the one before has set.
        (
            "fault 1s monotonic clock suspends 3s; fault 2s..5s monotonic clock freezes; fault 6s monotonic clock suspends 1s",
            9_000_000_000,
        ),
        ("fault 2s wall clock jumps -3600s", 10_000_000_000),
        ("fault 9.999999999s monotonic clock suspends 1ns", 9_999_999_999),
    ] {
        for sleeper in ["0s wait 10s", "sleeper: wait 10s", "a: wait 1ns; b: wait 10s; 0s wait 1s"]
        {
            let run = played(&format!("{sleeper}; {faults}"));
            assert_eq!(run.elapsed, Duration::from_nanos(nanos), "{sleeper}; {faults}");
        }
    }
}

#[test]
fn a_step_of_the_driver_keeps_the_time_of_the_engine_which_no_fault_can_touch() {
    let run = played(
        "3s wall clock jumps -1s; 8s wall clock jumps -1s; fault 2s monotonic clock suspends 3600s",
    );
    let at: Vec<Duration> =
        run.log.events().iter().map(|event| Duration::from_nanos(event.engine)).collect();
    assert_eq!(at, [2, 3, 8].map(Duration::from_secs));
    let late = run.log.events()[2].mono.as_nanos();
    assert_eq!(Duration::from_nanos(late), Duration::from_secs(3608));
}

#[test]
fn faults_come_in_the_order_of_their_moments_and_say_so() {
    let run = played(
        "0s wait 20s; fault 7s wall clock jumps 1s; fault 3s..9s wall clock freezes; fault 5s..6s monotonic clock freezes; fault 7s wall clock drifts 10ppm",
    );
    let said: Vec<String> = run
        .log
        .events()
        .iter()
        .map(|event| format!("{} {}", event.engine / 1_000_000_000, event.what.verb()))
        .collect();
    assert_eq!(said, ["3 freezes", "5 freezes", "6 resumes", "7 jumps", "7 drifts", "9 resumes"]);
}

#[test]
fn a_run_that_comes_late_to_a_fault_finds_it_over_and_to_its_last_nanosecond_does_not() {
    let freezes = |clock: &str, late: &str| {
        let run = played(&format!(
            "0s wait 20s; 30s wall clock jumps 1s; fault 2s..5s {clock} clock freezes; schedule written; faults@1 -> stall {late}"
        ));
        assert_eq!(run.skipped, 0);
        let last = run.log.events().last().expect("the clock jumps");
        // The jump is written down after it: what both clocks are late by, the jump left out.
        let wall = last.wall.as_unix_nanos() - BASE_WALL.as_unix_nanos() - 1_000_000_000;
        let engine = i128::from(last.engine);
        (engine - i128::from(last.mono.as_nanos()), engine - wall)
    };
    let second = 1_000_000_000;
    assert_eq!(freezes("monotonic", "1ns"), (3 * second, 3 * second));
    assert_eq!(freezes("monotonic", "4.999999999s"), (1, 1));
    assert_eq!(freezes("monotonic", "5s"), (0, 0));
    assert_eq!(freezes("monotonic", "9s"), (0, 0));
    assert_eq!(freezes("wall", "1ns"), (0, 3 * second));
    assert_eq!(freezes("wall", "4.999999999s"), (0, 1));
    assert_eq!(freezes("wall", "5s"), (0, 0));
    assert_eq!(freezes("wall", "9s"), (0, 0));
}

#[test]
fn a_drift_that_ends_leaves_what_was_gained_and_gains_no_more() {
    for (clock, mono) in [("wall", 0), ("monotonic", 1_000_000_000)] {
        let run = played(&format!(
            "1000000s wall clock jumps 1s; fault 2s..4s {clock} clock drifts 500000ppm"
        ));
        let [begins, ends, last] = run.log.events() else { panic!("two edges and a jump") };
        let drift = |event: &Event| match event.what {
            What::Clock(ClockEvent::Drifts { ppm, .. }) => Some(ppm),
            _ => None,
        };
        assert_eq!((drift(begins), drift(ends)), (Some(500_000), Some(0)), "{clock}");
        let wall = last.wall.as_unix_nanos() - BASE_WALL.as_unix_nanos() - 1_000_000_000;
        assert_eq!(wall - i128::from(last.engine), 1_000_000_000, "{clock}");
        assert_eq!(last.mono.as_nanos() - last.engine, mono, "{clock}");
    }
}

#[test]
fn a_fault_of_a_node_that_the_run_does_not_have_is_refused_by_name() {
    let scenario = Scenario::new("clocks", "what the plan says and nothing else", |_| ());
    let plan = |node: &str| format!("clocks 0 0s wait 3s; fault 2s wall clock of {node} jumps 1s");
    let run_of = |node: &str| {
        let plan: Plan = plan(node).parse().expect("it is a plan");
        run(&scenario, &Request::of(&plan)).map(|run| run.log.events().len())
    };
    assert_eq!(run_of("local").expect("the only node"), 1);
    let refused = run_of("n2").expect_err("there is no such node").to_string();
    assert!(refused.contains("n2"), "{refused}");
}

/// Everything that is written of the clocks under these faults: when by engine time, what, and by which fault.
fn said(plan: &str) -> Vec<String> {
    let run = played(&format!("0s wait 60s; {plan}"));
    run.log
        .events()
        .iter()
        .map(|event| {
            let Some(Cause::Fault(fault)) = event.cause else { panic!("a fault brought it about") };
            let at = event.engine / 1_000_000_000;
            format!("{at} {} {} by {fault}", event.what.verb(), event.what.detail())
        })
        .collect()
}

#[test]
fn drifts_of_one_clock_add_up_and_each_end_takes_its_own_away() {
    assert_eq!(
        said("fault 2s..9s wall clock drifts 100ppm; fault 4s..6s wall clock drifts -30ppm"),
        [
            "2 drifts wall by 100ppm by 0",
            "4 drifts wall by 70ppm by 1",
            "6 drifts wall by 100ppm by 1",
            "9 drifts wall by 0ppm by 0",
        ]
    );
    // The clock of the only node is one clock, however it is called.
    assert_eq!(
        said(
            "fault 2s..6s monotonic clock of local drifts -600000ppm; fault 4s monotonic clock drifts -600000ppm"
        ),
        [
            "2 drifts monotonic by -600000ppm by 0",
            "4 drifts monotonic by -999999ppm by 1",
            "6 drifts monotonic by -600000ppm by 0",
        ]
    );
    assert_eq!(
        said("fault 2s..6s monotonic clock drifts 5ppm; fault 4s..6s wall clock drifts 7ppm"),
        [
            "2 drifts monotonic by 5ppm by 0",
            "4 drifts wall by 7ppm by 1",
            "6 drifts monotonic by 0ppm by 0",
            "6 drifts wall by 0ppm by 1",
        ]
    );
}

#[test]
fn a_clock_resumes_once_no_freeze_holds_it_any_more() {
    for clock in ["wall", "monotonic"] {
        let inside =
            format!("fault 2s..9s {clock} clock freezes; fault 4s..6s {clock} clock freezes");
        assert_eq!(
            said(&inside),
            [
                format!("2 freezes {clock} for 7.000s by 0"),
                format!("4 freezes {clock} for 5.000s by 1"),
                format!("9 resumes {clock} by 0"),
            ]
        );
        let beyond =
            format!("fault 4s..9s {clock} clock freezes; fault 2s..6s {clock} clock freezes");
        assert_eq!(
            said(&beyond),
            [
                format!("2 freezes {clock} for 4.000s by 1"),
                format!("4 freezes {clock} for 5.000s by 0"),
                format!("9 resumes {clock} by 0"),
            ]
        );
        let after =
            format!("fault 4s..9s {clock} clock freezes; fault 2s..4s {clock} clock freezes");
        assert_eq!(
            said(&after),
            [
                format!("2 freezes {clock} for 2.000s by 1"),
                format!("4 resumes {clock} by 1"),
                format!("4 freezes {clock} for 5.000s by 0"),
                format!("9 resumes {clock} by 0"),
            ]
        );
    }
    assert_eq!(
        said("fault 2s wall clock freezes; fault 4s..6s wall clock freezes"),
        ["2 freezes wall for good by 0", "4 freezes wall for good by 1"]
    );
}

#[test]
fn a_wall_clock_resumes_with_the_monotonic_one() {
    assert_eq!(
        said("fault 2s..5s wall clock freezes; fault 3s..9s monotonic clock freezes"),
        [
            "2 freezes wall for 3.000s by 0",
            "3 freezes monotonic for 6.000s by 1",
            "3 freezes wall for 6.000s by 1",
            "9 resumes monotonic by 1",
            "9 resumes wall by 1",
        ]
    );
    assert_eq!(
        said(
            "fault 2s..5s monotonic clock freezes; fault 3s..9s wall clock freezes; fault 4s..6s wall clock drifts 9ppm"
        ),
        [
            "2 freezes monotonic for 3.000s by 0",
            "3 freezes wall for 6.000s by 1",
            "4 drifts wall by 9ppm by 2",
            "5 resumes monotonic by 0",
            "6 drifts wall by 0ppm by 2",
            "9 resumes wall by 1",
        ]
    );
}

#[test]
fn a_fault_that_is_over_before_the_run_comes_to_it_is_not_written_down() {
    let late = |faults: &str| said(&format!("{faults}; schedule written; faults@1 -> stall 7s"));
    assert_eq!(late("fault 2s..5s wall clock drifts 5ppm"), Vec::<String>::new());
    assert_eq!(late("fault 2s..7s monotonic clock freezes"), Vec::<String>::new());
    assert_eq!(
        late("fault 2s..8s wall clock freezes; fault 3s wall clock jumps 1s"),
        ["7 freezes wall for 1.000s by 0", "7 jumps 1s, was 12:00:07 by 1", "8 resumes wall by 0",]
    );
}

#[test]
fn a_thread_that_stalls_stands_still_from_its_next_point_on_and_no_other_does() {
    let run = played(
        "a: wait 1s; a: wait 1s; a: wait 1s; b: wait 4s; b: wait 1s; fault 1500ms..10s a stalls",
    );
    assert_eq!(run.elapsed, Duration::from_secs(11));
    let told: Vec<_> = run.log.events().iter().collect();
    let [stalls] = told[..] else { panic!("{told:?}") };
    assert_eq!((&*stalls.thread, stalls.engine), ("a", 2_000_000_000));
    assert_eq!(stalls.cause, Some(Cause::Fault(0)));
    assert_eq!((&*stalls.what.verb(), &*stalls.detail()), ("stalls", "for 8.000s"));
}

#[test]
fn of_two_stalls_that_overlap_the_later_end_counts_and_one_that_is_over_does_nothing() {
    for (faults, seconds) in [
        ("fault 1s..5s driver stalls; fault 2s..4s driver stalls", 5),
        ("fault 1s..4s driver stalls; fault 2s..6s driver stalls", 6),
        ("fault 1s..2s driver stalls", 3),
    ] {
        let run = played(&format!("0s wait 3s; 3s wait 0s; {faults}"));
        assert_eq!(run.elapsed, Duration::from_secs(seconds), "{faults}");
    }
}

#[test]
fn whoever_is_not_in_the_script_cannot_stall() {
    let scenario = Scenario::new("clocks", "what the plan says and nothing else", |_| ());
    let plan = "clocks 0 a: wait 1s; 0s wait 1s; fault 1s..2s c stalls".parse().expect("a plan");
    let refused = run(&scenario, &Request::of(&plan)).map(drop).expect_err("nobody is called c");
    assert_eq!(refused.to_string(), "nobody in the script is called `c`; there is `a`, `driver`");
}
