//! Services that come to their own breaker again, where that counts once.

use crate::backend::{Ask, Backend, Down, behind, configured};
use retrip_core::breaker::{CallError, CircuitBreaker, Nested};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Waker};
use tower::{Service, ServiceExt, service_fn};

fn breaker() -> Arc<CircuitBreaker> {
    configured(|config| config.nested(Nested::Once))
}

fn context() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

#[tokio::test]
async fn two_layers_of_one_breaker_count_once() {
    let breaker = breaker();
    let service = behind(&breaker, behind(&breaker, Backend::default()));
    assert_eq!(service.clone().oneshot(Ask::Answer).await, Ok("hello"));
    let failed = CallError::Inner(CallError::Inner(Down));
    assert_eq!(service.oneshot(Ask::Fail).await, Err(failed));
    let stats = breaker.stats();
    assert_eq!((stats.success, stats.failure, stats.in_flight), (1, 1, 0));
}

#[tokio::test]
async fn a_call_in_a_services_future_is_inside_and_one_of_another_task_is_not() {
    let breaker = breaker();
    let asked = breaker.clone();
    let service = service_fn(move |_| {
        // Before there is a future, and in it, after it has waited.
        let begun = asked.call(|| Ok::<_, Down>("begun"));
        let asked = asked.clone();
        async move {
            tokio::task::yield_now().await;
            begun.and(asked.call_async(async || Ok::<_, Down>("done")).await)
        }
    });
    let service = behind(&breaker, service);
    let tasks =
        [service.clone(), service].map(|service| tokio::spawn(service.oneshot(Ask::Answer)));
    for task in tasks {
        assert_eq!(task.await.expect("it does not panic"), Ok("done"));
    }
    assert_eq!((breaker.stats().success, breaker.stats().in_flight), (2, 0));
}

#[test]
fn a_call_that_hangs_or_panics_leaves_nobody_inside() {
    let breaker = breaker();
    let mut service = behind(&breaker, Backend::default());
    let mut call = |ask| {
        assert!(service.poll_ready(&mut context()).is_ready());
        let mut answer = Box::pin(service.call(ask));
        answer.as_mut().poll(&mut context()).is_ready()
    };
    assert!(!call(Ask::Hang));
    for ask in [Ask::Panic, Ask::PanicAtOnce] {
        assert!(catch_unwind(AssertUnwindSafe(|| call(ask))).is_err());
    }
    assert!(call(Ask::Answer));
    let stats = breaker.stats();
    assert_eq!((stats.success, stats.failure, stats.ignored, stats.in_flight), (1, 2, 1, 0));
}

#[test]
#[should_panic(expected = "a future that has ended is not polled again")]
fn the_answer_of_a_part_is_given_once() {
    let breaker = breaker();
    let mut service = behind(&breaker, Backend::default());
    let _ = breaker.call(|| {
        assert!(service.poll_ready(&mut context()).is_ready());
        let mut answer = Box::pin(service.call(Ask::Answer));
        assert!(answer.as_mut().poll(&mut context()).is_ready());
        let _ = answer.as_mut().poll(&mut context());
        Ok::<_, Down>(())
    });
}
