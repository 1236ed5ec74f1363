//! Calls that end without an answer.

use crate::backend::{Ask, Backend, behind, breaker, configured};
use retrip_core::breaker::{
    BreakerLayer, CancelPolicy, CircuitBreaker, Outcome, PanicPolicy, State,
};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::task::{Context, Waker};
use tower::{Layer, Service, ServiceExt};

/// Successes, failures and ignored calls, and those in flight.
fn counted(breaker: &CircuitBreaker) -> (u64, u64, u64, u64) {
    let stats = breaker.stats();
    (stats.success, stats.failure, stats.ignored, stats.in_flight)
}

/// Makes a call, polls it `polls` times and drops it.
async fn cancelled_after(polls: u32, breaker: &Arc<CircuitBreaker>) {
    let mut service = behind(breaker, Backend::default());
    let ready = service.ready().await.expect("the backend is always ready");
    let mut call = Box::pin(ready.call(Ask::Hang));
    for _ in 0..polls {
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    assert_eq!(breaker.stats().in_flight, 1);
}

#[tokio::test]
async fn a_dropped_future_is_a_cancelled_call() {
    let breaker = breaker();
    for polls in 0..3 {
        cancelled_after(polls, &breaker).await;
    }
    assert_eq!(counted(&breaker), (0, 0, 3, 0));
    let breaker = configured(|config| config.cancelled(CancelPolicy::Failure));
    cancelled_after(1, &breaker).await;
    assert_eq!(counted(&breaker), (0, 1, 0, 0));
}

#[tokio::test]
async fn a_dropped_trial_gives_its_permit_back() {
    let breaker = breaker();
    breaker.force_open();
    breaker.lift();
    for _ in 0..10 {
        cancelled_after(1, &breaker).await;
    }
    let service = behind(&breaker, Backend::default());
    for _ in 0..2 {
        assert_eq!(service.clone().oneshot(Ask::Answer).await, Ok("hello"));
    }
    assert_eq!(breaker.state(), State::Closed);
}

/// A breaker whose policies say different things of a panic and of a cancelled call, and how a panic is counted.
fn panicking_by(policy: PanicPolicy) -> (Arc<CircuitBreaker>, (u64, u64, u64, u64)) {
    let (cancelled, counts) = match policy {
        PanicPolicy::Failure => (CancelPolicy::Ignored, (0, 1, 0, 0)),
        PanicPolicy::Ignored => (CancelPolicy::Failure, (0, 0, 1, 0)),
    };
    (configured(|config| config.panicked(policy).cancelled(cancelled)), counts)
}

#[tokio::test]
async fn a_panic_that_ends_a_task_counts_by_its_policy() {
    for policy in [PanicPolicy::Failure, PanicPolicy::Ignored] {
        for ask in [Ask::Panic, Ask::PanicAtOnce] {
            let (breaker, counts) = panicking_by(policy);
            let task = tokio::spawn(behind(&breaker, Backend::default()).oneshot(ask));
            assert!(task.await.expect_err("it panics").is_panic());
            assert_eq!(counted(&breaker), counts, "{ask:?}");
        }
    }
}

#[tokio::test]
async fn a_panic_that_is_caught_before_the_future_is_dropped_counts_by_its_policy() {
    for policy in [PanicPolicy::Failure, PanicPolicy::Ignored] {
        let (breaker, counts) = panicking_by(policy);
        let mut service = behind(&breaker, Backend::default());
        let mut call = Box::pin(service.ready().await.expect("always").call(Ask::Panic));
        let poll = || call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
        assert_eq!(counted(&breaker), counts);
        drop(call);
        assert_eq!(counted(&breaker), counts);
    }
}

#[tokio::test]
async fn a_panic_in_a_classifier_is_a_panic_in_the_call() {
    let breaker = breaker();
    let panics = |_: &Result<_, _>| -> Outcome { resume_unwind(Box::new("planned")) };
    let service = BreakerLayer::new(breaker.clone()).classify(panics).layer(Backend::default());
    let task = tokio::spawn(service.oneshot(Ask::Answer));
    assert!(task.await.expect_err("it panics").is_panic());
    assert_eq!(counted(&breaker), (0, 1, 0, 0));
}

#[tokio::test]
async fn a_future_that_has_ended_says_so() {
    let breaker = breaker();
    for ask in [Ask::Answer, Ask::Fail] {
        let mut service = behind(&breaker, Backend::default());
        let mut call = Box::pin(service.ready().await.expect("always").call(ask));
        let _ = call.as_mut().await;
        let again = catch_unwind(AssertUnwindSafe(|| {
            call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
        }));
        assert!(again.is_err());
    }
    assert_eq!(counted(&breaker), (1, 1, 0, 0));
}
