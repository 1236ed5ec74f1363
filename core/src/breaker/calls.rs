//! The ways to make a call of a function through a breaker: plain, classified, with a fallback, as a wrapper.

use super::{CallError, CircuitBreaker, Outcome, Permit, Rejected, Verdict, plants};
use crate::door::{Mutex, Platform};

impl<P: Platform> CircuitBreaker<P> {
    /// Calls `f`, unless the breaker refuses. `Ok` is a success, every `Err` a failure.
    ///
    /// # Errors
    /// The breaker's rejection, or the error of `f`.
    #[inline]
    pub fn call<T, E>(&self, f: impl FnOnce() -> Result<T, E>) -> Result<T, CallError<E>> {
        self.call_classified(Outcome::of, f)
    }

    /// Calls `f`, unless the breaker refuses; `classify` says what the result counts as.
    ///
    /// A panic in `classify` is a panic in the call.
    ///
    /// # Errors
    /// The breaker's rejection, or the error of `f`.
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, CircuitBreaker, Outcome};
    ///
    /// let breaker = CircuitBreaker::new("http", BreakerConfig::default())?;
    /// let classify = |answer: &Result<(), u16>| match answer {
    ///     Ok(()) => Outcome::Success,
    ///     Err(400..500) => Outcome::Ignored,
    ///     Err(_) => Outcome::Failure,
    /// };
    /// for status in [404, 503] {
    ///     assert!(breaker.call_classified(classify, || Err(status)).is_err());
    /// }
    /// assert_eq!((breaker.stats().ignored, breaker.stats().failure), (1, 1));
    /// # Ok::<(), retrip_core::breaker::ConfigError>(())
    /// ```
    #[inline]
    pub fn call_classified<T, E, V: Into<Verdict>>(
        &self,
        classify: impl FnOnce(&Result<T, E>) -> V,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, CallError<E>> {
        match self.pass() {
            Some(permit) => conclude(permit, classify, f),
            None => self.call_elsewhere(classify, f),
        }
    }

    /// A call that is not simply let pass. Apart, and writing its answer where it stays: what passes has nothing to do with it.
    #[inline(never)]
    fn call_elsewhere<T, E, V: Into<Verdict>>(
        &self,
        classify: impl FnOnce(&Result<T, E>) -> V,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, CallError<E>> {
        if self.looks_for_nested() {
            return self.call_once(classify, f);
        }
        self.call_admitted(classify, f)
    }

    /// A call that is looked at, whether it is inside another one.
    #[inline(never)]
    fn call_once<T, E, V: Into<Verdict>>(
        &self,
        classify: impl FnOnce(&Result<T, E>) -> V,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, CallError<E>> {
        if self.is_entered() {
            return f().map_err(CallError::Inner);
        }
        self.call_admitted(classify, || self.within(f))
    }

    /// A call, if it is admitted.
    fn call_admitted<T, E, V: Into<Verdict>>(
        &self,
        classify: impl FnOnce(&Result<T, E>) -> V,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, CallError<E>> {
        match self.admit() {
            Ok(ticket) => conclude(Permit::new(self, ticket), classify, f),
            Err(refusal) => {
                if self.runs_rejected_calls() {
                    let _ = f();
                }
                Err(CallError::Rejected(self.rejected(refusal)))
            }
        }
    }

    /// Calls `f`, which itself goes through a breaker, unless this one refuses. `Ok` is a success. What the other breaker
    /// rejects is ignored here: nobody asked the service. Every other `Err` is a failure of both.
    ///
    /// Through one breaker twice, a call is two calls, and needs two permits: while half-open with one permit, the inner one is
    /// rejected, and the outer one ignored. Where such a call [counts once](super::Nested::Once), it is one call.
    ///
    /// # Errors
    /// The rejection of whichever breaker refused ([`Rejected::breaker`] tells), or the error of `f`.
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
    ///
    /// let search = CircuitBreaker::new("search", BreakerConfig::default())?;
    /// let index = CircuitBreaker::new("index", BreakerConfig::default())?;
    /// index.force_open();
    ///
    /// let answer = search.call_through(|| index.call(|| Ok::<_, String>("found")));
    /// assert_eq!(answer.expect_err("not asked").to_string(), "breaker `index` is open until it is reset");
    /// // A search that did not take place says nothing about searches.
    /// assert_eq!((search.stats().ignored, search.stats().failure), (1, 0));
    /// # Ok::<(), retrip_core::breaker::ConfigError>(())
    /// ```
    pub fn call_through<T, E>(
        &self,
        f: impl FnOnce() -> Result<T, CallError<E>>,
    ) -> Result<T, CallError<E>> {
        self.call_classified(Outcome::of_nested, f).map_err(CallError::flatten)
    }

    /// Calls `f`, or `fallback` with the rejection where the breaker refuses.
    ///
    /// # Errors
    /// The error of `f`.
    pub fn call_or<T, E>(
        &self,
        fallback: impl FnOnce(&Rejected) -> T,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        match self.pass() {
            Some(permit) => conclude_plainly(permit, f),
            None if !self.looks_for_nested() => self.call_admitted_or(fallback, f),
            None if self.is_entered() => f(),
            None => self.call_admitted_or(fallback, || self.within(f)),
        }
    }

    /// A call, if it is admitted, or a fallback.
    fn call_admitted_or<T, E>(
        &self,
        fallback: impl FnOnce(&Rejected) -> T,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        match self.admit() {
            Ok(ticket) => conclude_plainly(Permit::new(self, ticket), f),
            Err(refusal) => {
                if self.runs_rejected_calls() {
                    let _ = f();
                }
                self.fell_back();
                let rejected = self.rejected(refusal);
                let is_bugged = self.broken_by(plants::FALLBACK_UNDER_THE_LOCK);
                let _lock = is_bugged.then(|| self.inner().lock());
                Ok(fallback(&rejected))
            }
        }
    }

    /// Wraps a function of one argument, which may be `()` or a tuple: every call of it goes through [`call`](Self::call).
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, CircuitBreaker};
    ///
    /// let breaker = CircuitBreaker::new("parser", BreakerConfig::default())?;
    /// let mut parse = breaker.protected(|text: &str| text.parse::<u32>());
    /// assert_eq!(parse("7"), Ok(7));
    /// assert!(parse("seven").is_err());
    /// assert_eq!((breaker.stats().success, breaker.stats().failure), (1, 1));
    /// # Ok::<(), retrip_core::breaker::ConfigError>(())
    /// ```
    pub fn protected<A, T, E>(
        &self,
        mut f: impl FnMut(A) -> Result<T, E>,
    ) -> impl FnMut(A) -> Result<T, CallError<E>> {
        let classify = move |result: &Result<T, E>| {
            if self.broken_by(plants::WRAPPED_FAILURE_IS_A_SUCCESS) {
                return Outcome::Success;
            }
            Outcome::of(result)
        };
        move |argument| {
            if self.broken_by(plants::WRAPPED_CALL_COUNTS_TWICE) {
                drop(self.acquire());
            }
            self.call_classified(classify, || f(argument))
        }
    }
}

/// Makes the call that `permit` is for.
#[inline]
fn conclude<T, E, V: Into<Verdict>, P: Platform>(
    permit: Permit<'_, P>,
    classify: impl FnOnce(&Result<T, E>) -> V,
    f: impl FnOnce() -> Result<T, E>,
) -> Result<T, CallError<E>> {
    let result = f();
    permit.complete(classify(&result));
    result.map_err(CallError::Inner)
}

/// The same, for who is given the error as it is.
#[inline]
fn conclude_plainly<T, E, P: Platform>(
    permit: Permit<'_, P>,
    f: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let result = f();
    permit.complete(Outcome::of(&result));
    result
}
