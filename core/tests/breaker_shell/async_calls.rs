//! Calls of futures through the shell: how they end, and what a fallback counts as.

use crate::calls::{breaker, trip};
use crate::manual::Manual;
use retrip_core::breaker::{CallError, Rejected};
use std::future::{Future, pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

#[test]
fn an_async_call_succeeds_fails_is_rejected_and_is_cancelled() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    let mut context = Context::from_waker(Waker::noop());
    {
        let mut hangs = pin!(breaker.call_async(pending::<Result<(), String>>));
        assert!(hangs.as_mut().poll(&mut context).is_pending());
        assert_eq!(breaker.stats().in_flight, 1);
    }
    assert_eq!((breaker.stats().ignored, breaker.stats().in_flight), (1, 0));

    for _ in 0..3 {
        let mut fails = pin!(breaker.call_async(|| ready(Err::<(), _>("down"))));
        let failed = Poll::Ready(Err(CallError::Inner("down")));
        assert_eq!(fails.as_mut().poll(&mut context), failed);
    }
    let mut refused = pin!(breaker.call_async(|| ready(Ok::<_, String>(()))));
    let refused = refused.as_mut().poll(&mut context);
    assert!(matches!(refused, Poll::Ready(Err(CallError::Rejected(_)))));

    // A panic inside a poll drops the permit while unwinding.
    breaker.reset();
    let panics = async || -> Result<(), String> { resume_unwind(Box::new("planned")) };
    let mut panics = Box::pin(breaker.call_async(panics));
    let poll = catch_unwind(AssertUnwindSafe(|| panics.as_mut().poll(&mut context)));
    assert!(poll.is_err());
    assert_eq!((breaker.stats().consecutive_failures, breaker.stats().in_flight), (1, 0));
}

#[test]
fn an_async_fallback_is_counted_once_it_begins_and_its_end_counts_as_nothing() {
    let clock = Manual::default();
    let breaker = breaker(&clock);
    let mut context = Context::from_waker(Waker::noop());
    trip(&breaker);
    let run = async || unreachable!("not called while open");
    {
        let mut dropped = pin!(breaker.call_async_or(|_| pending::<u32>(), run));
        assert_eq!(breaker.stats().rejected, 0, "nothing is asked for before the first poll");
        let polled: Poll<Result<u32, ()>> = dropped.as_mut().poll(&mut context);
        assert!(polled.is_pending());
    }
    let told = async |rejected: Rejected| {
        breaker.reset();
        rejected.retry_after
    };
    let mut answer = pin!(breaker.call_async_or(told, || ready(Err("not called while open"))));
    let answer = answer.as_mut().poll(&mut context);
    assert_eq!(answer, Poll::Ready(Ok(Some(Duration::from_secs(30)))));

    let unused = async |_| unreachable!("the breaker is closed");
    let mut fails = pin!(breaker.call_async_or(unused, || ready(Err::<(), _>("down"))));
    assert_eq!(fails.as_mut().poll(&mut context), Poll::Ready(Err("down")));
    let mut succeeds = pin!(breaker.call_async_or(unused, || ready(Ok::<_, ()>(()))));
    assert_eq!(succeeds.as_mut().poll(&mut context), Poll::Ready(Ok(())));
    let stats = breaker.stats();
    assert_eq!((stats.fallback, stats.rejected, stats.in_flight), (2, 2, 0));
    assert_eq!((stats.failure, stats.success, stats.ignored), (4, 1, 0));
}
