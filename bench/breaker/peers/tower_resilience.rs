//! tower-resilience-circuitbreaker 0.14: a layer of tower's, which is the only way to make a call through it.
//!
//! Its window of time is not measured. It keeps a record of each call in it, and goes through all of them after each call.

use super::HOUR;
use crate::poll;
use crate::service::{self, Answers};
use crate::situation::Situation;
use crate::work::{Failed, Work, repeated_with};
use tower::Layer;
use tower_resilience_circuitbreaker::{
    CircuitBreaker, CircuitBreakerError, CircuitBreakerLayer, DefaultClassifier,
};

pub(crate) fn work(situation: Situation) -> Option<Work> {
    Some(match situation {
        Situation::Async | Situation::Tower => asked(closed(), Result::is_ok),
        Situation::AsyncOpen | Situation::TowerOpen => asked(open(), is_rejected),
        _ => return None,
    })
}

pub(crate) type Guarded = CircuitBreaker<Answers, DefaultClassifier>;

pub(crate) fn closed() -> Guarded {
    let layer = CircuitBreakerLayer::builder().consecutive_failures(5).build().expect("valid");
    layer.layer(service::ready_service())
}

fn open() -> Guarded {
    let builder = CircuitBreakerLayer::builder().wait_duration_in_open(HOUR);
    let (layer, handle) = builder.build_with_handle().expect("valid");
    poll::finish(&poll::waker(), handle.force_open());
    layer.layer(service::ready_service())
}

type Answered = Result<u32, CircuitBreakerError<Failed>>;

fn is_rejected(answer: &Answered) -> bool {
    matches!(answer, Err(CircuitBreakerError::OpenCircuit))
}

fn asked(service: Guarded, expected: fn(&Answered) -> bool) -> Work {
    let begin = move || (poll::waker(), service.clone());
    repeated_with(begin, |(waker, service)| service::ask(waker, service), expected)
}
