//! recloser 1.4: it always opens by a rate in the last calls, a hundred of them by default.

use super::HOUR;
use crate::poll;
use crate::situation::Situation;
use crate::work::{Failed, Work, fails, repeated, repeated_with, succeeds};
use recloser::{AsyncRecloser, Error, Recloser, RecloserBuilder};
use std::future::ready;
use std::hint::black_box;
use std::time::Duration;

pub(crate) fn work(situation: Situation) -> Option<Work> {
    Some(match situation {
        Situation::Closed | Situation::WindowOfCalls => called(closed(), Result::is_ok),
        Situation::FailureAndSuccess => failure_and_success(),
        Situation::HalfOpen => called(half_open(), Result::is_ok),
        Situation::Open => called(open(HOUR), is_rejected),
        Situation::Async => awaited(closed(), Result::is_ok),
        Situation::AsyncOpen => awaited(open(HOUR), is_rejected),
        _ => return None,
    })
}

pub(crate) fn closed() -> Recloser {
    Recloser::default()
}

/// A ring of one result, so that the second failure opens it.
fn opening(open_for: Duration) -> RecloserBuilder {
    Recloser::custom().closed_len(1).open_wait(open_for)
}

fn opened(recloser: Recloser) -> Recloser {
    (0..2).for_each(|_| drop(recloser.call(fails)));
    recloser
}

fn open(open_for: Duration) -> Recloser {
    opened(opening(open_for).build())
}

/// No rate of failures is below zero: successes leave it half-open.
fn half_open() -> Recloser {
    let recloser = opened(opening(Duration::ZERO).error_rate_half_open(-0.5).build());
    while recloser.call(succeeds).is_err() {}
    recloser
}

type Answered = Result<u32, Error<Failed>>;

fn is_rejected(answer: &Answered) -> bool {
    matches!(answer, Err(Error::Rejected))
}

fn called(recloser: Recloser, expected: fn(&Answered) -> bool) -> Work {
    repeated(move || black_box(&recloser).call(succeeds), expected)
}

fn failure_and_success() -> Work {
    let recloser = Recloser::custom().error_rate(0.9).build();
    let call = move || {
        let recloser = black_box(&recloser);
        black_box(&recloser.call(fails));
        recloser.call(succeeds)
    };
    repeated(call, Result::is_ok)
}

fn awaited(recloser: Recloser, expected: fn(&Answered) -> bool) -> Work {
    let recloser = AsyncRecloser::from(recloser);
    let call = move |waker: &mut _| {
        poll::finish(waker, black_box(&recloser).call(async { ready(succeeds()).await }))
    };
    repeated_with(poll::waker, call, expected)
}
