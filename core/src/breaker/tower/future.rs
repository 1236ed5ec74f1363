//! A call on its way to a service behind a breaker.

use super::Classify;
use crate::breaker::{CallError, CircuitBreaker, OwnedPermit, Rejected};
use crate::door::Platform;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The answer of a [`BreakerService`](super::BreakerService). Dropped before it has come, it is a cancelled call.
    ///
    /// # Panics
    /// It is polled again after its answer or a panic.
    #[must_use = "futures do nothing unless they are polled"]
    pub struct BreakerFuture<F, C, P: Platform> {
        #[pin]
        call: Call<F, C, P>,
    }
}

pin_project! {
    /// A permit is spent, and a rejection taken out, once.
    #[project = Projected]
    enum Call<F, C, P: Platform> {
        Made {
            // Dropped before its permit: the call is in flight as long as there is anything of it.
            #[pin]
            answer: F,
            permit: OwnedPermit<P>,
            classify: C,
        },
        // The same, where calls are looked at, if they are inside this one.
        Watched {
            #[pin]
            answer: F,
            permit: OwnedPermit<P>,
            classify: C,
        },
        // A part of the call that it is inside of.
        Part {
            #[pin]
            answer: F,
        },
        Rejected {
            rejected: Option<Rejected>,
        },
    }
}

const ENDED: &str = "a future that has ended is not polled again";

impl<F, C, P: Platform> BreakerFuture<F, C, P> {
    pub(super) const fn called(answer: F, permit: OwnedPermit<P>, classify: C) -> Self {
        Self { call: Call::Made { answer, permit, classify } }
    }

    pub(super) const fn watched(answer: F, permit: OwnedPermit<P>, classify: C) -> Self {
        Self { call: Call::Watched { answer, permit, classify } }
    }

    pub(super) const fn part(answer: F) -> Self {
        Self { call: Call::Part { answer } }
    }

    pub(super) const fn rejected(rejected: Rejected) -> Self {
        Self { call: Call::Rejected { rejected: Some(rejected) } }
    }
}

impl<F, T, E, C, P> Future for BreakerFuture<F, C, P>
where
    F: Future<Output = Result<T, E>>,
    C: Classify<T, E>,
    P: Platform,
{
    type Output = Result<T, CallError<E>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut call = self.project().call;
        match call.as_mut().project() {
            Projected::Made { answer, permit, classify } => {
                let answer = ready!(poll_with(permit, |_| answer.poll(context), classify));
                Poll::Ready(answer.map_err(CallError::Inner))
            }
            Projected::Watched { answer, permit, classify } => {
                let poll =
                    |breaker: &CircuitBreaker<P>| breaker.poll_within(|| answer.poll(context));
                let answer = ready!(poll_with(permit, poll, classify));
                Poll::Ready(answer.map_err(CallError::Inner))
            }
            Projected::Part { answer } => {
                let answer = ready!(answer.poll(context));
                call.set(Call::Rejected { rejected: None });
                Poll::Ready(answer.map_err(CallError::Inner))
            }
            Projected::Rejected { rejected } => {
                Poll::Ready(Err(CallError::Rejected(rejected.take().expect(ENDED))))
            }
        }
    }
}

/// Polls the answer, and completes the permit with it.
#[inline]
fn poll_with<T, E, P: Platform>(
    permit: &mut OwnedPermit<P>,
    poll: impl FnOnce(&CircuitBreaker<P>) -> Poll<Result<T, E>>,
    classify: &impl Classify<T, E>,
) -> Poll<Result<T, E>> {
    assert!(!permit.is_spent(), "{ENDED}");
    let polled = Polled(permit);
    let Poll::Ready(answer) = poll(polled.0.breaker()) else {
        std::mem::forget(polled);
        return Poll::Pending;
    };
    polled.0.end(classify.classify(&answer));
    Poll::Ready(answer)
}

/// A permit whose call is polled. A panic drops the permit on its way, and the call counts as one that panicked: who catches the
/// panic may drop the future after that, which would look like a cancelled call.
struct Polled<'a, P: Platform>(&'a mut OwnedPermit<P>);

impl<P: Platform> Drop for Polled<'_, P> {
    fn drop(&mut self) {
        // Nothing where the call has ended.
        self.0.abandon();
    }
}

impl<F, C, P: Platform> fmt::Debug for BreakerFuture<F, C, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct("BreakerFuture");
        match &self.call {
            Call::Made { permit, .. } | Call::Watched { permit, .. } => {
                call.field("permit", permit)
            }
            Call::Part { .. } => &mut call,
            Call::Rejected { rejected } => call.field("rejected", rejected),
        };
        call.finish_non_exhaustive()
    }
}
