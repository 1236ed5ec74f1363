//! The breaker of this project in each situation.

use crate::coarse::Coarse;
use crate::poll;
use crate::service;
use crate::situation::Situation;
use crate::work::{Failed, Work, fails, repeated, repeated_with, succeeds};
use retrip_core::breaker::{
    BreakerConfig, BreakerConfigBuilder, BreakerLayer, CallError, CircuitBreaker, Counting,
    Rejected, Share, Span, State,
};
use retrip_core::door::{Platform, System, WithClock};
use std::future::ready;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use tower::Layer;

/// Longer than anything is measured here.
const HOUR: Duration = Duration::from_secs(3600);

pub(crate) fn work(situation: Situation) -> Work {
    match situation {
        Situation::Closed => succeeding(closed()),
        Situation::Uncounted => succeeding(uncounted()),
        Situation::Permit => permit(closed()),
        Situation::FailureAndSuccess => failure_and_success(closed()),
        Situation::WindowOfCalls => succeeding(with_window_of_calls()),
        Situation::WindowOfTime => succeeding(with_window_of_time()),
        Situation::HalfOpen => trying(),
        Situation::Open => rejecting(open(System)),
        Situation::OpenCoarse => rejecting(open(WithClock::new(System, Coarse))),
        Situation::ForcedOpen => {
            let breaker = closed();
            breaker.force_open();
            rejecting(breaker)
        }
        Situation::Async => awaited(Arc::new(closed()), Result::is_ok),
        Situation::AsyncHalfOpen => {
            let (breaker, is_trial) = half_open();
            awaited(breaker, is_trial)
        }
        Situation::AsyncOpen => awaited(Arc::new(open(System)), is_rejected),
        Situation::Tower => asked(Arc::new(closed()), Result::is_ok),
        Situation::TowerHalfOpen => {
            let (breaker, is_trial) = half_open();
            asked(breaker, is_trial)
        }
        Situation::TowerOpen => asked(Arc::new(open(System)), is_rejected),
    }
}

/// As it is by default.
pub(crate) fn closed() -> CircuitBreaker {
    CircuitBreaker::new("payments", BreakerConfig::default()).expect("the default is valid")
}

/// As it is by default, but that calls which pass are not counted.
fn uncounted() -> CircuitBreaker {
    let config = of(BreakerConfig::builder().counting(Counting::Rejections));
    CircuitBreaker::new("payments", config).expect("valid")
}

fn of(builder: BreakerConfigBuilder) -> BreakerConfig {
    builder.build().expect("what is measured is valid")
}

/// Opens by the rate in the last hundred calls.
pub(crate) fn with_window_of_calls() -> CircuitBreaker {
    windowed(Span::Calls(100))
}

/// Opens by the rate in the last ten seconds.
pub(crate) fn with_window_of_time() -> CircuitBreaker {
    windowed(Span::Time { bucket: Duration::from_secs(1), buckets: 10 })
}

/// Opens by the rate alone.
fn windowed(span: Span) -> CircuitBreaker {
    let builder =
        BreakerConfig::builder().without_failure_threshold().failure_rate(Share::percent(50), span);
    CircuitBreaker::new("payments", of(builder)).expect("valid")
}

fn open<P: Platform>(platform: P) -> CircuitBreaker<P> {
    let config = of(BreakerConfig::builder().open_for(HOUR));
    let breaker = CircuitBreaker::on(platform, "payments", config).expect("valid");
    while breaker.call(fails).is_err_and(|error| matches!(error, CallError::Inner(_))) {}
    breaker
}

fn is_rejected<T, E>(answer: &Result<T, CallError<E>>) -> bool {
    matches!(answer, Err(CallError::Rejected(Rejected { state: State::Open, .. })))
}

fn succeeding<P: Platform>(breaker: CircuitBreaker<P>) -> Work {
    repeated(move || black_box(&breaker).call(succeeds), Result::is_ok)
}

fn rejecting<P: Platform>(breaker: CircuitBreaker<P>) -> Work {
    repeated(move || black_box(&breaker).call(succeeds), is_rejected)
}

fn permit(breaker: CircuitBreaker) -> Work {
    let call = move || {
        let permit = black_box(&breaker).acquire()?;
        let answer = black_box(succeeds());
        permit.success();
        Ok::<_, Rejected>(answer)
    };
    repeated(call, Result::is_ok)
}

fn failure_and_success(breaker: CircuitBreaker) -> Work {
    let call = move || {
        let breaker = black_box(&breaker);
        black_box(&breaker.call(fails));
        breaker.call(succeeds)
    };
    repeated(call, Result::is_ok)
}

/// As many trials as can be counted, and as many successes until it closes: more than are measured. And whether an answer is that of
/// a trial.
fn half_open() -> (Arc<CircuitBreaker>, impl Fn(&Answered) -> bool + Send + Sync + 'static) {
    let mut config = of(BreakerConfig::builder().open_for(Duration::from_nanos(1)));
    (config.success_threshold, config.half_open_permits) = (u32::MAX, u32::MAX);
    let breaker = Arc::new(CircuitBreaker::new("payments", config).expect("valid"));
    while breaker.refresh() == State::Closed {
        black_box(&breaker.call(fails));
    }
    while breaker.refresh() == State::Open {}
    let asked = Arc::clone(&breaker);
    (breaker, move |answer: &Answered| answer.is_ok() && asked.state() == State::HalfOpen)
}

fn trying() -> Work {
    let (breaker, is_trial) = half_open();
    repeated(move || black_box(&*breaker).call(succeeds), is_trial)
}

type Answered = Result<u32, CallError<Failed>>;

fn awaited(
    breaker: Arc<CircuitBreaker>,
    expected: impl Fn(&Answered) -> bool + Send + Sync + 'static,
) -> Work {
    let call = move |waker: &mut _| {
        poll::finish(waker, black_box(&*breaker).call_async(|| ready(succeeds())))
    };
    repeated_with(poll::waker, call, expected)
}

fn asked(
    breaker: Arc<CircuitBreaker>,
    expected: impl Fn(&Answered) -> bool + Send + Sync + 'static,
) -> Work {
    let service = BreakerLayer::new(breaker).layer(service::ready_service());
    let begin = move || (poll::waker(), service.clone());
    repeated_with(begin, |(waker, service)| service::ask(waker, service), expected)
}
