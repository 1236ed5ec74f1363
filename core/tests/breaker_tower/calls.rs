//! Who is asked, when, and what counts as what.

use crate::backend::{Ask, Backend, Down, behind, breaker, configured};
use crate::manual::Manual;
use retrip_core::breaker::{
    BreakerConfig, BreakerLayer, CallError, CircuitBreaker, Outcome, State, Verdict, plants,
};
use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tower::{Layer, Service, ServiceExt};

fn context() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

/// One call of a service that is ready, and whose future is so at its first poll: no runtime, and no timer.
fn call_now<S: Service<Ask>>(service: &mut S, ask: Ask) -> Result<S::Response, S::Error> {
    let Poll::Ready(Ok(())) = service.poll_ready(&mut context()) else {
        panic!("the service is always ready");
    };
    match pin!(service.call(ask)).poll(&mut context()) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("there is nothing to wait for"),
    }
}

#[test]
fn answers_pass_and_are_counted() {
    let breaker = breaker();
    let mut service = behind(&breaker, Backend::default());
    assert_eq!(call_now(&mut service, Ask::Answer), Ok("hello"));
    assert_eq!(call_now(&mut service, Ask::Fail), Err(CallError::Inner(Down)));
    let stats = breaker.stats();
    assert_eq!((stats.success, stats.failure, stats.in_flight), (1, 1, 0));
}

#[test]
fn a_rejected_call_neither_asks_nor_calls_the_service() {
    let breaker = breaker();
    let backend = Backend::default();
    let mut service = behind(&breaker, backend.clone());
    for _ in 0..3 {
        assert_eq!(call_now(&mut service, Ask::Fail), Err(CallError::Inner(Down)));
    }
    assert!(service.poll_ready(&mut context()).is_ready());
    let before = backend.seen();
    let rejected = pin!(service.call(Ask::Answer)).poll(&mut context());
    let Poll::Ready(Err(CallError::Rejected(rejected))) = rejected else {
        panic!("the breaker is open: {rejected:?}");
    };
    assert_eq!((&*rejected.breaker, rejected.state), ("llm", State::Open));
    assert_eq!(backend.seen(), before);
    let stats = breaker.stats();
    assert_eq!((stats.rejected, stats.failure, stats.in_flight), (1, 3, 0));
}

/// How often a backend is called by a service of an open breaker.
fn calls_of_an_open_one(platform: Manual) -> u32 {
    let breaker = CircuitBreaker::on(platform, "llm", BreakerConfig::default()).expect("valid");
    breaker.force_open();
    let backend = Backend::default();
    let mut service = BreakerLayer::new(breaker).layer(backend.clone());
    assert!(matches!(call_now(&mut service, Ask::Answer), Err(CallError::Rejected(_))));
    backend.seen().1
}

#[test]
fn a_bug_that_calls_the_service_all_the_same_is_seen() {
    assert_eq!(calls_of_an_open_one(Manual::default()), 0);
    assert_eq!(calls_of_an_open_one(Manual::planted_with(plants::REJECTED_CALL_RUNS)), 1);
}

#[test]
fn waiting_for_readiness_takes_no_permit() {
    let breaker = breaker();
    breaker.force_open();
    breaker.lift();
    assert_eq!(breaker.state(), State::HalfOpen);
    // As many services as there are permits, and more, are ready and make no call.
    let mut services = vec![behind(&breaker, Backend::default()); 5];
    for service in &mut services {
        assert!(service.poll_ready(&mut context()).is_ready());
        assert!(service.poll_ready(&mut context()).is_ready());
    }
    assert_eq!(breaker.stats().in_flight, 0);
    let trials: Vec<_> = services.iter_mut().map(|service| service.call(Ask::Hang)).collect();
    let stats = breaker.stats();
    assert_eq!((stats.in_flight, stats.rejected), (2, 3));
    drop(trials);
    assert_eq!(breaker.stats().in_flight, 0);
}

/// A service that is not ready yet, or never again.
#[derive(Clone, Copy)]
struct Unready(Poll<Result<(), Down>>);

impl Service<Ask> for Unready {
    type Response = Infallible;
    type Error = Down;
    type Future = Ready<Result<Infallible, Down>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Down>> {
        self.0
    }

    fn call(&mut self, _ask: Ask) -> Self::Future {
        unreachable!("it is never ready")
    }
}

#[test]
fn readiness_is_that_of_the_service_and_counts_as_nothing() {
    let breaker = breaker();
    let mut waits = behind(&breaker, Unready(Poll::Pending));
    assert!(waits.poll_ready(&mut context()).is_pending());
    breaker.force_open();
    assert!(waits.poll_ready(&mut context()).is_pending());
    breaker.reset();
    let mut fails = behind(&breaker, Unready(Poll::Ready(Err(Down))));
    let failed = Poll::Ready(Err(CallError::Inner(Down)));
    assert_eq!(fails.poll_ready(&mut context()), failed);
    assert_eq!((breaker.stats().attempts(), breaker.stats().rejected), (0, 0));
}

#[test]
fn the_service_that_was_ready_is_the_one_that_is_called() {
    let breaker = breaker();
    let mut service = behind(&breaker, Backend::default());
    let mut another = service.clone();
    // The backend refuses a call of a clone that was not asked.
    for service in [&mut service, &mut another] {
        assert_eq!(call_now(service, Ask::Answer), Ok("hello"));
        assert_eq!(call_now(service, Ask::Answer), Ok("hello"));
    }
    breaker.force_open();
    assert!(call_now(&mut service, Ask::Answer).is_err());
    breaker.reset();
    assert_eq!(call_now(&mut service, Ask::Answer), Ok("hello"));
}

#[test]
fn clones_share_the_breaker() {
    let breaker = breaker();
    let mut services = vec![behind(&breaker, Backend::default()); 4];
    for service in &mut services[..3] {
        assert_eq!(call_now(service, Ask::Fail), Err(CallError::Inner(Down)));
    }
    assert!(matches!(call_now(&mut services[3], Ask::Answer), Err(CallError::Rejected(_))));
}

#[test]
fn a_classifier_decides_what_an_answer_counts_as() {
    let breaker = configured(|config| config.failure_threshold(1));
    let ignores =
        BreakerLayer::new(breaker.clone()).classify(|_: &Result<_, Down>| Outcome::Ignored);
    let mut service = ignores.layer(Backend::default());
    assert_eq!(call_now(&mut service, Ask::Fail), Err(CallError::Inner(Down)));
    assert_eq!((breaker.stats().ignored, breaker.state()), (1, State::Closed));

    let busy = |answer: &Result<&str, Down>| {
        assert_eq!(answer, &Ok("hello"));
        Verdict::failure_for(Duration::from_secs(90))
    };
    let mut service = BreakerLayer::new(breaker.clone()).classify(busy).layer(Backend::default());
    assert_eq!(call_now(&mut service, Ask::Answer), Ok("hello"));
    assert!(breaker.stats().retry_after > Some(Duration::from_secs(80)));
}

#[test]
fn a_service_is_on_the_platform_of_its_breaker() {
    let clock = Manual::default();
    let config = BreakerConfig::builder().failure_threshold(1).open_for(Duration::from_secs(30));
    let config = config.success_threshold(1).build().expect("valid");
    let breaker = CircuitBreaker::on(clock.clone(), "llm", config).expect("valid");
    let mut service = BreakerLayer::new(breaker).layer(Backend::default());
    assert_eq!(call_now(&mut service, Ask::Fail), Err(CallError::Inner(Down)));
    clock.set_nanos(29_999_999_999);
    let rejected = call_now(&mut service, Ask::Answer).expect_err("one nanosecond early");
    assert_eq!(rejected.to_string(), "breaker `llm` is open: retry after 1ns");
    clock.set_seconds(30);
    assert_eq!(call_now(&mut service, Ask::Answer), Ok("hello"));
    assert_eq!(service.breaker().state(), State::Closed);
}

#[tokio::test]
async fn a_call_can_be_spawned() {
    let breaker = breaker();
    let service = behind(&breaker, tower::service_fn(|_| ready(Ok::<_, Down>("hello"))));
    let answer = tokio::spawn(service.oneshot(Ask::Answer));
    assert_eq!(answer.await.expect("no panic"), Ok("hello"));
    assert_eq!(breaker.stats().success, 1);
}
