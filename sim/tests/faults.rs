//! Does a fault of a clock come at its moment, and do those who sleep meanwhile wake by the clock as it is then?

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
