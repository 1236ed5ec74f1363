//! A service behind a breaker.

use super::{BreakerFuture, ByResult, Classify};
use crate::breaker::{CallError, CircuitBreaker, OwnedPermit, Rejected};
use crate::door::{Platform, System};
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// A service behind a breaker, as a [`BreakerLayer`](super::BreakerLayer) makes it. Clones share the breaker.
///
/// It is ready when the service is. The breaker is asked in `call`, never before, so that whoever waits, or goes away without a
/// call, holds no permit; what the service says while it is waited for counts as nothing. A rejected call needs no timer
/// and does not reach the service.
///
/// A service that is ready may hold something for the call to come, such as a place of a concurrency limit. Where the call is
/// rejected, a clone of the service takes its place, and what was held is given back.
#[derive(Clone)]
pub struct BreakerService<S, C = ByResult, P: Platform = System> {
    inner: S,
    breaker: Arc<CircuitBreaker<P>>,
    classify: C,
}

impl<S, C, P: Platform> BreakerService<S, C, P> {
    pub(super) const fn new(inner: S, breaker: Arc<CircuitBreaker<P>>, classify: C) -> Self {
        Self { inner, breaker, classify }
    }

    /// The breaker.
    #[must_use]
    pub const fn breaker(&self) -> &Arc<CircuitBreaker<P>> {
        &self.breaker
    }

    /// The service behind it.
    #[must_use]
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service behind it.
    #[must_use]
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service, without the breaker.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, R, C, P> Service<R> for BreakerService<S, C, P>
where
    S: Service<R> + Clone,
    C: Classify<S::Response, S::Error> + Clone,
    P: Platform,
{
    type Response = S::Response;
    type Error = CallError<S::Error>;
    type Future = BreakerFuture<S::Future, C, P>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(CallError::Inner)
    }

    #[inline]
    fn call(&mut self, request: R) -> Self::Future {
        match self.breaker.pass_owned() {
            Some(permit) => self.call_with(permit, request),
            None => self.call_elsewhere(request),
        }
    }
}

impl<S, C, P: Platform> BreakerService<S, C, P> {
    /// Calls the service itself, which is ready. A clone of it would not be.
    #[inline]
    fn call_with<R>(&mut self, permit: OwnedPermit<P>, request: R) -> BreakerFuture<S::Future, C, P>
    where
        S: Service<R>,
        C: Clone,
    {
        BreakerFuture::called(self.inner.call(request), permit, self.classify.clone())
    }

    /// A call that is not simply let pass.
    #[inline(never)]
    fn call_elsewhere<R>(&mut self, request: R) -> BreakerFuture<S::Future, C, P>
    where
        S: Service<R> + Clone,
        C: Clone,
    {
        if self.breaker.looks_for_nested() {
            return self.call_once(request);
        }
        match self.breaker.acquire_owned_elsewhere() {
            Ok(permit) => self.call_with(permit, request),
            Err(rejected) => self.reject(rejected, request),
        }
    }

    /// A call that is looked at, whether it is inside another one.
    #[inline(never)]
    fn call_once<R>(&mut self, request: R) -> BreakerFuture<S::Future, C, P>
    where
        S: Service<R> + Clone,
        C: Clone,
    {
        if self.breaker.is_entered() {
            return BreakerFuture::part(self.inner.call(request));
        }
        match self.breaker.acquire_owned_elsewhere() {
            Ok(permit) => {
                let answer = self.breaker.within(|| self.inner.call(request));
                BreakerFuture::watched(answer, permit, self.classify.clone())
            }
            Err(rejected) => self.reject(rejected, request),
        }
    }

    #[inline]
    fn reject<R>(&mut self, rejected: Rejected, request: R) -> BreakerFuture<S::Future, C, P>
    where
        S: Service<R> + Clone,
    {
        if self.breaker.runs_rejected_calls() {
            drop(self.inner.call(request));
        }
        self.inner = self.inner.clone();
        BreakerFuture::rejected(rejected)
    }
}

impl<S: fmt::Debug, C, P: Platform> fmt::Debug for BreakerService<S, C, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakerService")
            .field("inner", &self.inner)
            .field("breaker", &self.breaker)
            .finish_non_exhaustive()
    }
}
