//! A future that takes its context along, wherever it is polled.

use super::LogContext;
use super::unit::{Own, Swapped};
use crate::door::Platform;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What [`LogContext::during`] returns. It ends with what its future ends with.
#[must_use = "a future does nothing unless it is awaited"]
pub struct WithContext<P: Platform, F> {
    platform: P,
    /// The future's own, while it is not polled.
    own: Own,
    /// None once it is dropped.
    future: Option<Pin<Box<F>>>,
}

impl<P: Platform, F> WithContext<P, F> {
    pub(super) fn new(platform: &P, context: LogContext, future: F) -> Self {
        let own = Own { context, ..Own::default() };
        Self { platform: platform.clone(), own, future: Some(Box::pin(future)) }
    }

    /// Calls `body` while the unit has what the future has, also where it panics.
    fn within<R>(&mut self, body: impl FnOnce(&mut Option<Pin<Box<F>>>) -> R) -> R {
        let Self { platform, own, future } = self;
        let _swapped = Swapped::new(platform, own);
        body(future)
    }
}

impl<P: Platform, F: Future> Future for WithContext<P, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.within(|future| {
            let future = future.as_mut().expect("a future is polled before it is dropped");
            future.as_mut().poll(context)
        })
    }
}

/// What it holds is dropped within its context as well.
impl<P: Platform, F> Drop for WithContext<P, F> {
    fn drop(&mut self) {
        self.within(|future| drop(future.take()));
    }
}

/// Nothing in it is pinned: its future is in a box of its own.
impl<P: Platform, F> Unpin for WithContext<P, F> {}

impl<P: Platform, F> fmt::Debug for WithContext<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithContext").field("context", &self.own.context).finish_non_exhaustive()
    }
}
