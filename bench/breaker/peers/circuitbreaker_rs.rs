//! circuitbreaker-rs 0.1, with its default policy: failures in a row, or a rate of all calls that there have been.

use super::HOUR;
use crate::poll;
use crate::situation::Situation;
use crate::work::{Failed, Work, fails, repeated, repeated_with, succeeds};
use circuitbreaker_rs::{BreakerError, CircuitBreaker, DefaultPolicy, State};
use std::future::ready;
use std::hint::black_box;
use std::time::Duration;

pub(crate) fn work(situation: Situation) -> Option<Work> {
    Some(match situation {
        Situation::Closed => called(closed(), Result::is_ok),
        Situation::FailureAndSuccess => failure_and_success(),
        Situation::HalfOpen => half_open(),
        Situation::Open => called(open(), is_rejected),
        Situation::ForcedOpen => {
            let breaker = Breaker::builder().cooldown(HOUR).build();
            breaker.force_open();
            called(breaker, is_rejected)
        }
        Situation::Async => awaited(closed(), Result::is_ok),
        Situation::AsyncOpen => awaited(open(), is_rejected),
        _ => return None,
    })
}

type Breaker = CircuitBreaker<DefaultPolicy, Failed>;
type Answered = Result<u32, BreakerError<Failed>>;

pub(crate) fn closed() -> Breaker {
    Breaker::builder().build()
}

fn open() -> Breaker {
    let breaker = Breaker::builder().cooldown(HOUR).build();
    while breaker.current_state() == State::Closed {
        black_box(&breaker.call(fails));
    }
    breaker
}

fn is_rejected(answer: &Answered) -> bool {
    matches!(answer, Err(BreakerError::Open))
}

fn called(breaker: Breaker, expected: fn(&Answered) -> bool) -> Work {
    repeated(move || black_box(&breaker).call(succeeds), expected)
}

fn failure_and_success() -> Work {
    let breaker = Breaker::builder().failure_threshold(0.9).build();
    let call = move || {
        let breaker = black_box(&breaker);
        black_box(&breaker.call(fails));
        breaker.call(succeeds)
    };
    repeated(call, Result::is_ok)
}

/// As many probes as can be counted, and as many successes until it closes.
fn half_open() -> Work {
    let breaker = Breaker::builder()
        .consecutive_failures(1)
        .cooldown(Duration::ZERO)
        .probe_interval(u32::MAX)
        .consecutive_successes(u64::MAX)
        .build();
    black_box(&breaker.call(fails));
    let asked = breaker.clone();
    let is_probe =
        move |answer: &Answered| answer.is_ok() && asked.current_state() == State::HalfOpen;
    repeated(move || black_box(&breaker).call(succeeds), is_probe)
}

fn awaited(breaker: Breaker, expected: fn(&Answered) -> bool) -> Work {
    let call = move |waker: &mut _| {
        poll::finish(waker, black_box(&breaker).call_async(|| ready(succeeds())))
    };
    repeated_with(poll::waker, call, expected)
}
