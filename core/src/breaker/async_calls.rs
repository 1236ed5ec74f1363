//! The ways to make a call of a future through a breaker: plain, classified, with a fallback.

use super::shell::Watched;
use super::{CallError, CircuitBreaker, Outcome, Permit, Rejected, Verdict};
use crate::door::Platform;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

impl<P: Platform> CircuitBreaker<P> {
    /// Calls `f` and awaits its future, unless the breaker refuses. `Ok` is a success, every `Err` a failure.
    ///
    /// The permit is asked for at the first poll and lives in the returned future, which allocates nothing.
    ///
    /// # Errors
    /// The breaker's rejection, or the error of the future.
    #[inline]
    pub fn call_async<T, E, F>(
        &self,
        f: impl FnOnce() -> F,
    ) -> impl Future<Output = Result<T, CallError<E>>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.call_async_classified(Outcome::of, f)
    }

    /// Calls `f` and awaits its future, unless the breaker refuses; `classify` says what the result counts as.
    ///
    /// # Errors
    /// The breaker's rejection, or the error of the future.
    pub async fn call_async_classified<T, E, F, V: Into<Verdict>>(
        &self,
        classify: impl FnOnce(&Result<T, E>) -> V,
        f: impl FnOnce() -> F,
    ) -> Result<T, CallError<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let permit = match self.acquire_outermost() {
            Ok(permit) => permit,
            Err(rejected) => {
                self.polls_once(f);
                return Err(CallError::Rejected(rejected));
            }
        };
        let result = Watched::new(self, f).await;
        if let Some(permit) = permit {
            permit.complete(classify(&result));
        }
        result.map_err(CallError::Inner)
    }

    /// Calls `f`, whose future itself goes through a breaker, and awaits it, unless this one refuses. It counts as in
    /// [`call_through`](Self::call_through).
    ///
    /// # Errors
    /// The rejection of whichever breaker refused, or the error of the future.
    pub async fn call_async_through<T, E, F>(
        &self,
        f: impl FnOnce() -> F,
    ) -> Result<T, CallError<E>>
    where
        F: Future<Output = Result<T, CallError<E>>>,
    {
        self.call_async_classified(Outcome::of_nested, f).await.map_err(CallError::flatten)
    }

    /// Calls `f` and awaits its future, or where the breaker refuses calls `fallback` with the rejection and awaits that. `Ok` is a
    /// success, every `Err` a failure; what comes of the fallback counts as nothing.
    ///
    /// The call is counted as one with a fallback when that begins, whether or not its future is dropped.
    ///
    /// # Errors
    /// The error of the future.
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
    /// use std::future::{Future, ready};
    /// use std::pin::pin;
    /// use std::task::{Context, Poll, Waker};
    ///
    /// let breaker = CircuitBreaker::new("search", BreakerConfig::default())?;
    /// breaker.force_open();
    /// let mut answer = pin!(breaker.call_async_or(
    ///     async |_rejected| "from the cache",
    ///     || ready(Ok::<_, String>("from the index")),
    /// ));
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert_eq!(answer.as_mut().poll(&mut context), Poll::Ready(Ok("from the cache")));
    /// assert_eq!(breaker.stats().fallback, 1);
    /// # Ok::<(), retrip_core::breaker::ConfigError>(())
    /// ```
    pub async fn call_async_or<T, E, F, G>(
        &self,
        fallback: impl FnOnce(Rejected) -> G,
        f: impl FnOnce() -> F,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
        G: Future<Output = T>,
    {
        let permit = match self.acquire_outermost() {
            Ok(permit) => permit,
            Err(rejected) => {
                self.polls_once(f);
                self.fell_back();
                return Ok(fallback(rejected).await);
            }
        };
        let result = Watched::new(self, f).await;
        if let Some(permit) = permit {
            permit.complete(Outcome::of(&result));
        }
        result
    }

    /// A permit for a call; none where it is inside another one that counts for both.
    #[inline]
    fn acquire_outermost(&self) -> Result<Option<Permit<'_, P>>, Rejected> {
        match self.pass() {
            Some(permit) => Ok(Some(permit)),
            None if self.looks_for_nested() && self.is_entered() => Ok(None),
            None => self.acquire_elsewhere().map(Some),
        }
    }

    /// The future of a call that is rejected is polled all the same: a planted bug.
    fn polls_once<F: Future>(&self, f: impl FnOnce() -> F) {
        if self.runs_rejected_calls() {
            let _ = pin!(f()).poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}
