//! Which calls a unit of execution is inside of, where a breaker looks for calls inside its own.

use super::CircuitBreaker;
use crate::breaker::{Nested, plants};
use crate::door::{Platform, Rules, parts};
use pin_project_lite::pin_project;
use std::future::Future;
use std::mem::{ManuallyDrop, forget};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The breakers whose calls the unit is inside of, the innermost last.
#[derive(Default)]
struct Entered(Vec<Callee>);

/// A breaker, told apart from all others of its time by where it is: who makes a call through it borrows it meanwhile, so that it
/// neither moves nor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Callee(usize);

/// The unit is inside a call of the breaker, until this is dropped, also by a panic.
struct Inside<'a, P: Platform>(&'a CircuitBreaker<P>);

impl<P: Platform> Drop for Inside<'_, P> {
    fn drop(&mut self) {
        // Functions and polls end in the order in which they are nested, so that the last one is this one.
        parts::with(&self.0.platform, |Entered(calls)| calls.pop());
    }
}

pin_project! {
    /// The future of a call, which is inside of it while it is polled, where the breaker looks for that.
    pub(in crate::breaker) struct Watched<'a, F, P: Platform> {
        #[pin]
        future: F,
        breaker: &'a CircuitBreaker<P>,
    }
}

impl<'a, F: Future, P: Platform> Watched<'a, F, P> {
    #[inline]
    pub(in crate::breaker) fn new(
        breaker: &'a CircuitBreaker<P>,
        make: impl FnOnce() -> F,
    ) -> Self {
        let future = if breaker.looks_for_nested() { breaker.within(make) } else { make() };
        Self { future, breaker }
    }
}

impl<F: Future, P: Platform> Future for Watched<'_, F, P> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let call = self.project();
        if call.breaker.looks_for_nested() {
            return call.breaker.poll_within(|| call.future.poll(context));
        }
        call.future.poll(context)
    }
}

impl<P: Platform> CircuitBreaker<P> {
    /// Whether calls are looked at, if they are inside others.
    pub(in crate::breaker) fn looks_for_nested(&self) -> bool {
        self.config.nested == Nested::Once
    }

    /// Whether the unit is inside a call of this breaker.
    #[inline(never)]
    pub(in crate::breaker) fn is_entered(&self) -> bool {
        let callee = self.callee();
        parts::with(&self.platform, |Entered(calls)| calls.contains(&callee))
    }

    /// Runs `body`, which is the function of a call.
    pub(in crate::breaker) fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        let inside = self.enter();
        if self.platform.broken_by(plants::INSIDE_AFTER_A_PANIC) {
            let inside = ManuallyDrop::new(inside);
            let result = body();
            drop(ManuallyDrop::into_inner(inside));
            return result;
        }
        body()
    }

    /// Runs `poll`, which polls the future of a call.
    pub(in crate::breaker) fn poll_within<T>(&self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        let inside = self.enter();
        let polled = poll();
        if polled.is_pending() && self.platform.broken_by(plants::INSIDE_BETWEEN_POLLS) {
            forget(inside);
        }
        polled
    }

    fn enter(&self) -> Inside<'_, P> {
        let callee = self.callee();
        parts::with(&self.platform, |Entered(calls)| calls.push(callee));
        Inside(self)
    }

    fn callee(&self) -> Callee {
        if self.platform.broken_by(plants::NESTED_BY_NAME) {
            return Callee(
                self.name
                    .bytes()
                    .fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())),
            );
        }
        Callee(std::ptr::from_ref(self).addr())
    }
}
