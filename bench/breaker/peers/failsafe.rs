//! failsafe 1.3: by failures in a row, or by a rate of successes over a time. It closes at the first success of a half-open period,
//! so that it cannot be held there.

use super::HOUR;
use crate::poll;
use crate::situation::Situation;
use crate::work::{Failed, Work, fails, repeated, repeated_with, succeeds};
use failsafe::failure_policy::{
    ConsecutiveFailures, SuccessRateOverTimeWindow, consecutive_failures,
    success_rate_over_time_window,
};
use failsafe::{CircuitBreaker, Config, Error, FailurePolicy, StateMachine, backoff};
use std::future::ready;
use std::hint::black_box;
use std::iter::Repeat;
use std::time::Duration;

pub(crate) fn work(situation: Situation) -> Option<Work> {
    Some(match situation {
        Situation::Closed => called(closed(), Result::is_ok),
        Situation::Permit => permit(),
        Situation::FailureAndSuccess => failure_and_success(),
        Situation::WindowOfTime => called(windowed(), Result::is_ok),
        Situation::Open => called(open(), is_rejected),
        Situation::Async => awaited(closed(), Result::is_ok),
        Situation::AsyncOpen => awaited(open(), is_rejected),
        _ => return None,
    })
}

type Constant = Repeat<Duration>;

pub(crate) fn closed() -> StateMachine<ConsecutiveFailures<Constant>, ()> {
    Config::new().failure_policy(consecutive_failures(5, backoff::constant(HOUR))).build()
}

fn windowed() -> StateMachine<SuccessRateOverTimeWindow<Constant>, ()> {
    let (seconds, backoff) = (Duration::from_secs(10), backoff::constant(HOUR));
    let policy = success_rate_over_time_window(0.5, 10, seconds, backoff);
    Config::new().failure_policy(policy).build()
}

fn open() -> StateMachine<ConsecutiveFailures<Constant>, ()> {
    let breaker = closed();
    while !is_rejected(&CircuitBreaker::call(&breaker, fails)) {}
    breaker
}

type Answered = Result<u32, Error<Failed>>;

fn is_rejected(answer: &Answered) -> bool {
    matches!(answer, Err(Error::Rejected))
}

fn called<P>(breaker: StateMachine<P, ()>, expected: fn(&Answered) -> bool) -> Work
where
    P: FailurePolicy + Send + Sync + 'static,
{
    repeated(move || CircuitBreaker::call(black_box(&breaker), succeeds), expected)
}

/// It has no permits. What stands for one is asked for and told in two calls.
fn permit() -> Work {
    let breaker = closed();
    let call = move || {
        let breaker = black_box(&breaker);
        let admitted = breaker.is_call_permitted();
        let answer = black_box(succeeds());
        breaker.on_success();
        admitted && answer.is_ok()
    };
    repeated(call, |succeeded| *succeeded)
}

fn failure_and_success() -> Work {
    let breaker = closed();
    let call = move || {
        let breaker = black_box(&breaker);
        black_box(&CircuitBreaker::call(breaker, fails));
        CircuitBreaker::call(breaker, succeeds)
    };
    repeated(call, Result::is_ok)
}

fn awaited<P>(breaker: StateMachine<P, ()>, expected: fn(&Answered) -> bool) -> Work
where
    P: FailurePolicy + Send + Sync + 'static,
{
    let call = move |waker: &mut _| {
        let call = async { ready(succeeds()).await };
        poll::finish(waker, failsafe::futures::CircuitBreaker::call(black_box(&breaker), call))
    };
    repeated_with(poll::waker, call, expected)
}
