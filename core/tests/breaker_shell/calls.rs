//! Calls through the shell: boundaries of time, permits, statistics, manual control.

use crate::manual::Manual;
use retrip_core::breaker::{
    BreakerConfig, CancelPolicy, CircuitBreaker, Outcome, PanicPolicy, Permit, Share, SlowCalls,
    Span, State, Timing, Window, plants,
};
use retrip_core::door::Instant;
use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Opens at the third failure, for 30 s.
fn config() -> BreakerConfig {
    BreakerConfig {
        failure_threshold: Some(3),
        open_for: Duration::from_secs(30),
        ..BreakerConfig::default()
    }
}

pub(crate) fn breaker(platform: &Manual) -> Arc<CircuitBreaker<Manual>> {
    Arc::new(CircuitBreaker::on(platform.clone(), "llm", config()).expect("valid"))
}

/// Like [`breaker`], with every call timed.
fn timed(platform: &Manual) -> CircuitBreaker<Manual> {
    let config = BreakerConfig { timing: Timing::Calls, ..config() };
    CircuitBreaker::on(platform.clone(), "llm", config).expect("valid")
}

pub(crate) fn trip(breaker: &CircuitBreaker<Manual>) {
    while breaker.state() == State::Closed {
        breaker.acquire().expect("still closed").failure();
    }
    assert_eq!(breaker.state(), State::Open);
}

/// How many functions run of the four ways to make a call, through an open breaker.
fn run_by_an_open_one(platform: Manual) -> u32 {
    let breaker = breaker(&platform);
    breaker.force_open();
    let ran = Cell::new(0);
    let run = || {
        ran.set(ran.get() + 1);
        Ok::<_, ()>(1)
    };
    assert!(breaker.call(run).is_err() && breaker.protected(|()| run())(()).is_err());
    assert_eq!(breaker.call_or(|_| 2, run), Ok(2));
    let call = pin!(breaker.call_async(async || run()));
    assert!(matches!(call.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Err(_))));
    ran.get()
}

#[test]
fn a_rejection_runs_nothing_by_whichever_way() {
    assert_eq!(run_by_an_open_one(Manual::default()), 0);
    assert_eq!(run_by_an_open_one(Manual::planted_with(plants::REJECTED_CALL_RUNS)), 4);
}

#[test]
fn the_open_interval_ends_exactly_on_time() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    clock.set_seconds(2);
    trip(&breaker);

    clock.set_nanos(31_999_999_999);
    assert_eq!(breaker.state(), State::Open);
    let rejected = breaker.acquire().expect_err("one nanosecond early");
    assert_eq!(rejected.to_string(), "breaker `llm` is open: retry after 1ns");

    clock.set_seconds(32);
    assert_eq!(breaker.state(), State::HalfOpen);
    // The state is a function of time; the transition itself waits for a call.
    let stats = breaker.stats();
    assert_eq!((stats.state, stats.entered, stats.transitions), (State::HalfOpen, State::Open, 1));
    assert_eq!(stats.since, Instant::from_nanos(2_000_000_000));
    let first = breaker.acquire().expect("a permit");
    let stats = breaker.stats();
    assert_eq!((stats.state, stats.entered), (State::HalfOpen, State::HalfOpen));
    assert_eq!(stats.since, Instant::from_nanos(32_000_000_000));
    clock.set_seconds(33);
    let trials = [first, breaker.acquire().expect("another permit")];
    let rejected = breaker.acquire().expect_err("both permits are taken");
    assert_eq!((rejected.state, rejected.retry_after), (State::HalfOpen, Some(Duration::ZERO)));
    assert!(trials.iter().all(Permit::is_trial));

    clock.set_seconds(34);
    assert_eq!(breaker.stats().oldest_trial_age, Some(Duration::from_secs(2)));
    trials.into_iter().for_each(Permit::success);
    assert_eq!(breaker.state(), State::Closed);
    assert_eq!(breaker.stats().oldest_trial_age, None);
}

/// How often the clocks are read while `act` does something.
fn readings(clock: &Manual, act: impl FnOnce()) -> (u64, u64) {
    let before = clock.readings();
    act();
    let after = clock.readings();
    (after.0 - before.0, after.1 - before.1)
}

#[test]
fn the_wall_clock_is_never_read_and_the_monotonic_one_once_per_operation() {
    let clock = Manual::default();
    let breaker = timed(&clock);
    let call = || breaker.acquire().expect("closed").success();
    assert_eq!(readings(&clock, call), (2, 0));
    let others = || {
        let _ = (breaker.stats(), breaker.refresh());
        breaker.force_open();
        let _ = breaker.state();
        breaker.reset();
    };
    assert_eq!(readings(&clock, others), (5, 0));
}

#[test]
fn a_rule_reads_the_clock_as_often_as_it_needs_and_a_closed_breaker_locks_once_for_a_result() {
    let last = Window::over(Span::Calls(100));
    let recent = Window::over(Span::Time { bucket: Duration::from_secs(1), buckets: 10 });
    let slow = SlowCalls { slower_than: Duration::from_secs(1), rate: Share::percent(50) };
    let by_time = |window| Window { slow_calls: Some(slow), ..window };
    for (window, timing, wanted) in [
        (None, Timing::Decisions, (0, 0)),
        (None, Timing::Calls, (2, 1)),
        (Some(last), Timing::Decisions, (0, 1)),
        (Some(last), Timing::Calls, (2, 1)),
        (Some(by_time(last)), Timing::Decisions, (2, 1)),
        (Some(recent), Timing::Decisions, (1, 1)),
        (Some(by_time(recent)), Timing::Decisions, (2, 1)),
    ] {
        let clock = Manual::default();
        let config = BreakerConfig { window, timing, ..config() };
        let breaker = CircuitBreaker::on(clock.clone(), "llm", config).expect("valid");
        breaker.acquire().expect("closed").success();
        let locks = clock.locks();
        let permit = breaker.acquire().expect("closed");
        assert_eq!(clock.locks(), locks, "to pass takes no lock: {window:?}");
        drop(permit);
        assert_eq!(clock.locks(), locks, "to say nothing takes no lock: {window:?}");
        let read = readings(&clock, || breaker.acquire().expect("closed").success());
        assert_eq!((read.0, clock.locks() - locks), wanted, "{window:?} {timing:?}");
    }
}

#[test]
fn where_no_call_is_timed_the_clock_is_read_where_something_is_decided() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    // With the first call it is decided that those after it pass.
    breaker.acquire().expect("closed").success();
    assert_eq!(readings(&clock, || breaker.acquire().expect("closed").success()), (0, 0));
    assert_eq!(readings(&clock, || drop(breaker.acquire().expect("closed"))), (0, 0));
    assert_eq!(readings(&clock, || assert_eq!(breaker.state(), State::Closed)), (0, 0));
    // When the last one was is told of failures.
    assert_eq!(readings(&clock, || breaker.acquire().expect("closed").failure()), (1, 0));
    trip(&breaker);
    assert_eq!(readings(&clock, || drop(breaker.acquire().expect_err("open"))), (1, 0));
    breaker.force_open();
    assert_eq!(readings(&clock, || drop(breaker.acquire().expect_err("for good"))), (0, 0));
}

#[test]
fn a_disabled_breaker_takes_the_lock_and_reads_the_clock_for_failures_only() {
    let clock = Manual::default();
    let last = Window::over(Span::Calls(20));
    for window in [None, Some(last)] {
        let config = BreakerConfig { window, ..config() };
        let breaker = CircuitBreaker::on(clock.clone(), "llm", config).expect("valid");
        breaker.acquire().expect("closed").failure();
        breaker.disable();
        let locks = clock.locks();
        let calls = || {
            for outcome in [Outcome::Success, Outcome::Ignored] {
                breaker.acquire().expect("disabled").complete(outcome);
            }
            drop(breaker.acquire().expect("disabled"));
        };
        assert_eq!(readings(&clock, calls), (0, 0));
        assert_eq!(clock.locks(), locks, "{window:?}");
        clock.set_seconds(7);
        let fail = || (0..10).for_each(|_| breaker.acquire().expect("disabled").failure());
        assert_eq!(readings(&clock, fail), (10, 0));
        assert_eq!(clock.locks() - locks, 10, "{window:?}");

        let stats = breaker.stats();
        assert_eq!((stats.success, stats.failure, stats.ignored), (1, 11, 2));
        assert_eq!((stats.consecutive_successes, stats.consecutive_failures), (0, 1));
        assert_eq!(stats.last_failure, Some(Instant::from_nanos(7_000_000_000)));
        // What comes after it is told after it.
        breaker.reset();
        clock.set_seconds(8);
        breaker.acquire().expect("closed").failure();
        assert_eq!(breaker.stats().last_failure, Some(Instant::from_nanos(8_000_000_000)));
    }
}

#[test]
fn a_failure_takes_the_lock_and_so_does_the_success_that_ends_its_row() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    breaker.acquire().expect("closed").success();
    let locks = |outcome| {
        let before = clock.locks();
        breaker.acquire().expect("closed").complete(outcome);
        clock.locks() - before
    };
    use Outcome::{Failure, Ignored, Success};
    let outcomes = [Success, Failure, Failure, Ignored, Success, Success, Ignored, Failure];
    assert_eq!(outcomes.map(locks), [0, 1, 1, 0, 1, 0, 0, 1]);
    let stats = breaker.stats();
    assert_eq!((stats.success, stats.failure, stats.ignored), (4, 3, 2));
    assert_eq!((stats.consecutive_successes, stats.consecutive_failures), (0, 1));
}

#[test]
fn a_plant_on_the_platform_reaches_the_machine() {
    let at = |clock: Manual, mono, wall| {
        clock.set_seconds(1000);
        let breaker = breaker(&clock);
        trip(&breaker);
        clock.set_seconds(mono);
        clock.wall_jumps_to(wall);
        breaker.state()
    };
    for (mono, wall, sound, planted) in
        [(1030, 0, State::HalfOpen, State::Open), (1001, 1030, State::Open, State::HalfOpen)]
    {
        assert_eq!(at(Manual::default(), mono, wall), sound);
        let clock = Manual::planted_with(plants::WALL_CLOCK_INTERVAL);
        assert_eq!(at(clock, mono, wall), planted);
    }
}

#[test]
fn every_ending_gives_the_permit_back_and_is_counted_by_its_rule() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    let owned = || breaker.acquire_owned().expect("closed");
    breaker.acquire().expect("closed").success();
    breaker.acquire().expect("closed").failure();
    breaker.acquire().expect("closed").ignore();
    drop(breaker.acquire().expect("closed"));
    owned().complete(Outcome::Success);
    drop(owned());
    let panics = || -> Result<(), String> { resume_unwind(Box::new("planned")) };
    assert!(catch_unwind(AssertUnwindSafe(|| breaker.call(panics))).is_err());

    let stats = breaker.stats();
    assert_eq!((stats.success, stats.failure, stats.ignored), (2, 2, 3));
    assert_eq!((stats.in_flight, stats.attempts(), stats.consecutive_failures), (0, 7, 1));
    assert_eq!(stats.failure_rate().to_string(), "2 of 4");
}

#[test]
fn policies_decide_what_dropped_permits_count_as() {
    let clock = Manual::default();
    let config = BreakerConfig {
        cancelled: CancelPolicy::Failure,
        panicked: PanicPolicy::Ignored,
        ..config()
    };
    let breaker = CircuitBreaker::on(clock.clone(), "llm", config).expect("valid");
    drop(breaker.acquire().expect("closed"));
    assert_eq!((breaker.stats().failure, breaker.stats().ignored), (1, 0));
    // The platform knows who is panicking; on a simulated one std does not.
    let permit = breaker.acquire().expect("closed");
    clock.set_panicking(true);
    drop(permit);
    assert_eq!((breaker.stats().failure, breaker.stats().ignored), (1, 1));
}

#[test]
fn a_late_result_changes_statistics_only() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    let (late_failure, late_success) = (breaker.acquire(), breaker.acquire());
    trip(&breaker);
    clock.set_seconds(30);
    assert_eq!(breaker.refresh(), State::HalfOpen);

    late_failure.expect("closed then").failure();
    assert_eq!(breaker.state(), State::HalfOpen);
    late_success.expect("closed then").success();
    breaker.acquire().expect("a trial").success();
    assert_eq!(breaker.state(), State::HalfOpen, "one trial of two has succeeded");
    let stats = breaker.stats();
    assert_eq!((stats.stale, stats.success, stats.failure), (2, 2, 4));
}

#[test]
fn forced_open_outlasts_time_and_results_until_reset() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    let late = breaker.acquire().expect("closed");
    breaker.force_open();
    late.success();
    clock.set_nanos(u64::MAX);
    assert_eq!(breaker.refresh(), State::Open);
    let rejected = breaker.acquire().expect_err("forced open");
    assert_eq!((rejected.state, rejected.retry_after), (State::Open, None));
    assert_eq!(breaker.stats().retry_after, None);

    breaker.reset();
    breaker.acquire().expect("closed again").success();
    assert_eq!(breaker.stats().transitions, 2);
}

#[test]
fn a_reset_forgets_the_row_and_keeps_the_totals() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    for _ in 0..2 {
        breaker.acquire().expect("closed").failure();
    }
    let before = breaker.acquire().expect("closed");
    breaker.reset();
    before.failure();
    breaker.acquire().expect("closed").failure();
    let stats = breaker.stats();
    assert_eq!((stats.state, stats.consecutive_failures), (State::Closed, 1));
    assert_eq!((stats.failure, stats.stale, stats.transitions), (4, 1, 0));
}

#[test]
fn times_and_latencies_are_exact() {
    let clock = Manual::default();
    let breaker = timed(&clock);
    for (nanos, outcome) in [(10, Outcome::Success), (25, Outcome::Failure), (60, Outcome::Ignored)]
    {
        let permit = breaker.acquire().expect("closed");
        clock.set_nanos(nanos);
        permit.complete(outcome);
    }
    let stats = breaker.stats();
    assert_eq!(stats.latencies.nanos().collect::<Vec<_>>(), [10, 15]);
    assert_eq!((stats.latencies.sum_nanos(), stats.latencies.len()), (25, 2));
    assert_eq!(stats.last_success, Some(Instant::from_nanos(10)));
    assert_eq!(stats.last_failure, Some(Instant::from_nanos(25)));
    assert_eq!(stats.last_change, None);
    breaker.force_open();
    assert_eq!(breaker.stats().last_change, Some(Instant::from_nanos(60)));
}

#[test]
fn a_fallback_may_use_the_breaker_and_a_rejection_runs_nothing_else() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    trip(&breaker);
    let value = breaker.call_or(
        |rejected| {
            breaker.reset();
            rejected.retry_after
        },
        || -> Result<_, String> { unreachable!("not called while open") },
    );
    assert_eq!(value, Ok(Some(Duration::from_secs(30))));
    assert_eq!(breaker.call_or(|_| 0, || Err("down")), Err("down"));
    let stats = breaker.stats();
    assert_eq!((stats.state, stats.fallback, stats.rejected), (State::Closed, 1, 1));
}

#[test]
fn a_call_may_call_the_same_breaker() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    let answer = breaker.call(|| breaker.call(|| Ok::<_, String>(breaker.stats().in_flight)));
    assert_eq!(answer, Ok(2));
    assert_eq!(breaker.stats().success, 2);
}
