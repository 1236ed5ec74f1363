//! Calls through two breakers, one inside the other: each counts what it knows.

use crate::manual::Manual;
use retrip_core::breaker::{
    BreakerConfig, CallError, CircuitBreaker, Outcome, Rejected, State, Stats,
};
use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Opens at the first failure, for 30 s, and closes after one trial.
fn breaker(clock: &Manual, name: &str) -> CircuitBreaker<Manual> {
    let config = BreakerConfig {
        failure_threshold: Some(1),
        open_for: Duration::from_secs(30),
        success_threshold: 1,
        half_open_permits: 1,
        ..BreakerConfig::default()
    };
    CircuitBreaker::on(clock.clone(), name, config).expect("valid")
}

fn counts(stats: &Stats) -> (u64, u64, u64, u64) {
    (stats.success, stats.failure, stats.ignored, stats.rejected)
}

/// Who rejected the call.
fn rejecter<T, E>(answer: Result<T, CallError<E>>) -> Option<String> {
    match answer {
        Err(CallError::Rejected(Rejected { breaker, .. })) => Some(breaker.to_string()),
        Ok(_) | Err(CallError::Inner(_)) => None,
    }
}

#[test]
fn a_rejection_inside_is_ignored_outside_and_a_failure_is_a_failure_of_both() {
    let clock = Manual::default();
    let (outer, inner) = (breaker(&clock, "outer"), breaker(&clock, "inner"));
    let through = |result: Result<u8, &'static str>| outer.call_through(|| inner.call(|| result));
    assert_eq!(through(Ok(7)), Ok(7));

    inner.force_open();
    for _ in 0..3 {
        assert_eq!(rejecter(through(Ok(7))).as_deref(), Some("inner"));
    }
    assert_eq!(outer.state(), State::Closed);
    assert_eq!((counts(&outer.stats()), counts(&inner.stats())), ((1, 0, 3, 0), (1, 0, 0, 3)));

    inner.reset();
    assert_eq!(through(Err("down")), Err(CallError::Inner("down")));
    assert_eq!(rejecter(through(Ok(7))).as_deref(), Some("outer"));
    assert_eq!((counts(&outer.stats()), counts(&inner.stats())), ((1, 1, 3, 1), (1, 1, 0, 3)));
}

#[test]
fn a_trial_that_another_breaker_rejects_gives_its_permit_back_and_decides_nothing() {
    let clock = Manual::default();
    let (outer, inner) = (breaker(&clock, "outer"), breaker(&clock, "inner"));
    assert!(outer.call(|| Err::<(), _>("down")).is_err());
    inner.force_open();
    clock.set_seconds(30);
    for _ in 0..3 {
        let answer = outer.call_through(|| inner.call(|| Ok::<_, String>(())));
        assert_eq!(rejecter(answer).as_deref(), Some("inner"));
        assert_eq!((outer.state(), outer.stats().in_flight), (State::HalfOpen, 0));
    }
    inner.reset();
    assert!(outer.call_through(|| inner.call(|| Ok::<_, String>(()))).is_ok());
    assert_eq!(outer.state(), State::Closed);
}

#[test]
fn a_breaker_with_one_permit_left_ignores_the_call_inside_its_own_call() {
    let clock = Manual::default();
    let breaker = breaker(&clock, "llm");
    assert!(breaker.call(|| Err::<(), _>("down")).is_err());
    clock.set_seconds(30);
    let answer = breaker.call_through(|| breaker.call(|| Ok::<_, String>(())));
    assert_eq!(rejecter(answer).as_deref(), Some("llm"));
    assert_eq!(breaker.state(), State::HalfOpen);
    assert_eq!(counts(&breaker.stats()), (0, 1, 1, 1));
}

#[test]
fn a_future_through_two_breakers_counts_as_a_call_does() {
    let clock = Manual::default();
    let (outer, inner) = (breaker(&clock, "outer"), breaker(&clock, "inner"));
    let mut context = Context::from_waker(Waker::noop());
    let mut poll = |result: Result<u8, &'static str>| {
        let call = outer.call_async_through(|| inner.call_async(|| ready(result)));
        match pin!(call).poll(&mut context) {
            Poll::Ready(answer) => answer,
            Poll::Pending => unreachable!("nothing waits"),
        }
    };
    assert_eq!(poll(Ok(7)), Ok(7));
    inner.force_open();
    assert_eq!(rejecter(poll(Ok(7))).as_deref(), Some("inner"));
    inner.reset();
    assert_eq!(poll(Err("down")), Err(CallError::Inner("down")));
    assert_eq!((counts(&outer.stats()), counts(&inner.stats())), ((1, 1, 1, 0), (1, 1, 0, 1)));
}

#[test]
fn who_classifies_nested_calls_says_the_same() {
    let rejected = Rejected { breaker: "inner".into(), state: State::Open, retry_after: None };
    let results = [Ok(()), Err(CallError::Rejected(rejected)), Err(CallError::Inner("down"))];
    let outcomes = results.each_ref().map(Outcome::of_nested);
    assert_eq!(outcomes, [Outcome::Success, Outcome::Ignored, Outcome::Failure]);
}
