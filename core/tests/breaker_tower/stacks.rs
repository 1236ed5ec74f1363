//! The breaker among tower's own layers, in virtual time.

use crate::backend::{Ask, Backend, Down, breaker};
use retrip_core::breaker::{BreakerLayer, CallError, Rejected, State};
use std::future::{Ready, ready};
use std::time::Duration;
use tower::retry::Policy;
use tower::timeout::error::Elapsed;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_timeout_below_is_a_failure() {
    let breaker = breaker();
    let service = ServiceBuilder::new()
        .layer(BreakerLayer::new(breaker.clone()))
        .timeout(SECOND)
        .service(Backend::default());
    for _ in 0..3 {
        let error = service.clone().oneshot(Ask::Hang).await.expect_err("it hangs");
        assert!(error.boxed().is::<Elapsed>());
    }
    assert_eq!((breaker.stats().failure, breaker.state()), (3, State::Open));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_above_is_a_cancelled_call() {
    let breaker = breaker();
    let service = ServiceBuilder::new()
        .timeout(SECOND)
        .layer(BreakerLayer::new(breaker.clone()))
        .service(Backend::default());
    for _ in 0..3 {
        let error = service.clone().oneshot(Ask::Hang).await.expect_err("it hangs");
        assert!(error.is::<Elapsed>());
    }
    let stats = breaker.stats();
    assert_eq!((stats.ignored, stats.failure, stats.in_flight), (3, 0, 0));
    breaker.force_open();
    let error = service.oneshot(Ask::Answer).await.expect_err("forced open");
    assert!(matches!(error.downcast_ref::<CallError<Down>>(), Some(CallError::Rejected(_))));
}

#[tokio::test(start_paused = true)]
async fn timeouts_above_and_below_need_one_word_in_between() {
    let breaker = breaker();
    let service = ServiceBuilder::new()
        .timeout(5 * SECOND)
        .map_err(CallError::boxed)
        .layer(BreakerLayer::new(breaker.clone()))
        .timeout(SECOND)
        .service(Backend::default());
    let error = service.clone().oneshot(Ask::Hang).await.expect_err("it hangs");
    assert!(error.is::<Elapsed>());
    assert_eq!(breaker.stats().failure, 1);
    breaker.force_open();
    let error = service.oneshot(Ask::Answer).await.expect_err("forced open");
    assert!(error.is::<Rejected>());
}

#[tokio::test(start_paused = true)]
async fn a_limit_above_holds_its_place_as_long_as_the_call() {
    let breaker = breaker();
    let mut service = ServiceBuilder::new()
        .concurrency_limit(1)
        .layer(BreakerLayer::new(breaker.clone()))
        .service(Backend::default());
    let hangs = service.ready().await.expect("the first").call(Ask::Hang);
    let mut another = service.clone();
    assert!(tokio::time::timeout(SECOND, another.ready()).await.is_err());
    assert_eq!(breaker.stats().attempts(), 1, "nobody without a place asks the breaker");
    drop(hangs);
    assert_eq!(another.oneshot(Ask::Answer).await, Ok("hello"));
}

#[tokio::test(start_paused = true)]
async fn a_rejected_call_gives_back_its_place_in_a_limit_below() {
    let breaker = breaker();
    let service = ServiceBuilder::new()
        .layer(BreakerLayer::new(breaker.clone()))
        .concurrency_limit(1)
        .service(Backend::default());
    let mut rejected = service.clone();
    breaker.force_open();
    let answer = rejected.ready().await.expect("the first").call(Ask::Answer).await;
    assert!(matches!(answer, Err(CallError::Rejected(_))));
    breaker.reset();
    // Whoever was rejected stays, and is idle.
    let answer = tokio::time::timeout(SECOND, service.oneshot(Ask::Answer)).await;
    assert_eq!(answer.expect("there is a place"), Ok("hello"));
    assert_eq!(rejected.ready().await.expect("again").call(Ask::Answer).await, Ok("hello"));
}

#[tokio::test(start_paused = true)]
async fn a_limit_below_is_waited_for_without_a_permit() {
    let breaker = breaker();
    let service = ServiceBuilder::new()
        .layer(BreakerLayer::new(breaker.clone()))
        .concurrency_limit(1)
        .service(Backend::default());
    let mut first = service.clone();
    let hangs = first.ready().await.expect("the first").call(Ask::Hang);
    let mut second = service.clone();
    assert!(tokio::time::timeout(SECOND, second.ready()).await.is_err());
    assert_eq!(breaker.stats().in_flight, 1);
    drop(hangs);
    assert_eq!(second.ready().await.expect("a place").call(Ask::Answer).await, Ok("hello"));
}

#[tokio::test(start_paused = true)]
async fn behind_a_buffer_all_handles_share_the_breaker() {
    let breaker = breaker();
    let service = ServiceBuilder::new()
        .buffer(4)
        .layer(BreakerLayer::new(breaker.clone()))
        .service(Backend::default());
    for _ in 0..3 {
        let error = service.clone().oneshot(Ask::Fail).await.expect_err("it is down");
        assert!(matches!(error.downcast_ref(), Some(CallError::Inner(Down))));
    }
    let error = service.clone().oneshot(Ask::Answer).await.expect_err("open");
    assert!(matches!(error.downcast_ref::<CallError<Down>>(), Some(CallError::Rejected(_))));
    breaker.reset();
    assert_eq!(service.oneshot(Ask::Answer).await.expect("closed"), "hello");
}

#[tokio::test(start_paused = true)]
async fn a_buffer_below_is_called_with_the_place_that_was_reserved() {
    let breaker = breaker();
    let service = ServiceBuilder::new()
        .layer(BreakerLayer::new(breaker.clone()))
        .buffer(1)
        .service(Backend::default());
    let mut idle = service.clone();
    breaker.force_open();
    let rejected = idle.ready().await.expect("the first").call(Ask::Answer).await;
    assert!(matches!(rejected, Err(CallError::Rejected(_))));
    breaker.reset();
    for _ in 0..3 {
        let answer = tokio::time::timeout(SECOND, service.clone().oneshot(Ask::Answer)).await;
        assert_eq!(answer.expect("there is a place").expect("it answers"), "hello");
    }
}

/// Tries again so often, and stops at a rejection.
#[derive(Clone)]
struct Retries(u32);

impl<E> Policy<Ask, &'static str, CallError<E>> for Retries {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _ask: &mut Ask,
        answer: &mut Result<&'static str, CallError<E>>,
    ) -> Option<Self::Future> {
        let failed = matches!(answer, Err(CallError::Inner(_)));
        self.0 = self.0.checked_sub(1).filter(|_| failed)?;
        Some(ready(()))
    }

    fn clone_request(&mut self, ask: &Ask) -> Option<Ask> {
        Some(*ask)
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_above_asks_each_time_and_stops_at_a_rejection() {
    let breaker = breaker();
    let backend = Backend::default();
    let service = ServiceBuilder::new()
        .retry(Retries(10))
        .layer(BreakerLayer::new(breaker.clone()))
        .service(backend.clone());
    let answer = service.oneshot(Ask::Fail).await;
    assert!(matches!(answer, Err(CallError::Rejected(_))));
    let (_, calls) = backend.seen();
    assert_eq!((calls, breaker.stats().failure, breaker.stats().rejected), (3, 3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_retry_below_is_one_call() {
    let breaker = breaker();
    let backend = Backend::default();
    let service = ServiceBuilder::new()
        .layer(BreakerLayer::new(breaker.clone()))
        .retry(Retries(10))
        .map_err(CallError::Inner)
        .service(backend.clone());
    let error = service.oneshot(Ask::Fail).await.expect_err("it is down");
    assert_eq!(error, CallError::Inner(CallError::Inner(Down)));
    let (_, calls) = backend.seen();
    assert_eq!((calls, breaker.stats().failure), (11, 1));
}

#[tokio::test(start_paused = true)]
async fn a_stack_with_a_breaker_can_be_boxed() {
    let breaker = breaker();
    let service = ServiceBuilder::new()
        .boxed_clone()
        .layer(BreakerLayer::new(breaker.clone()))
        .map_err(|down: Down| BoxError::from(down))
        .service(Backend::default());
    assert!(service.clone().oneshot(Ask::Fail).await.is_err());
    assert_eq!(breaker.stats().failure, 1);
}
