//! What a call says about the service behind the breaker, and how the call ended.

use super::CallError;
use std::time::Duration;

/// What a finished call says about the health of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The service is healthy: ends a run of failures; enough of them as trials close the breaker,
    /// where they are not [slow](super::SlowCalls).
    Success,
    /// The service is not healthy: enough of them in a row open the breaker, and one as a trial does.
    Failure,
    /// Nothing about the service, for example a bad request: only gives the permit back.
    Ignored,
}

impl Outcome {
    /// The rule of [`CircuitBreaker::call`](super::CircuitBreaker::call): `Ok` is a success, every `Err` a failure.
    #[must_use]
    pub fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Success } else { Self::Failure }
    }

    /// The rule of [`CircuitBreaker::call_through`](super::CircuitBreaker::call_through), for a call that goes through another
    /// breaker: where that one has rejected it, the service was not asked, and nothing is known of it. Otherwise as
    /// [`Outcome::of`].
    #[must_use]
    pub fn of_nested<T, E>(result: &Result<T, CallError<E>>) -> Self {
        match result {
            Ok(_) => Self::Success,
            Err(CallError::Rejected(_)) => Self::Ignored,
            Err(CallError::Inner(_)) => Self::Failure,
        }
    }
}

/// An [`Outcome`], and how long the service asks to be left alone.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, CircuitBreaker, Outcome, Verdict};
/// use std::time::Duration;
///
/// /// What a server says when it has too much to do.
/// struct Busy {
///     retry_after: Duration,
/// }
///
/// let config = BreakerConfig { failure_threshold: Some(1), ..BreakerConfig::default() };
/// let breaker = CircuitBreaker::new("http", config)?;
/// let classify = |answer: &Result<(), Busy>| match answer {
///     Ok(()) => Verdict::from(Outcome::Success),
///     Err(busy) => Verdict::failure_for(busy.retry_after),
/// };
/// let busy = || Err(Busy { retry_after: Duration::from_secs(90) });
/// assert!(breaker.call_classified(classify, busy).is_err());
/// assert!(breaker.stats().retry_after > Some(Duration::from_secs(80)));
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// What the call says about the service.
    pub outcome: Outcome,
    /// Where this is the result that opens the breaker: for how long, in place of its own interval, within
    /// [`retry_after_max`](super::BreakerConfig::retry_after_max). Zero says nothing.
    pub retry_after: Option<Duration>,
}

impl Verdict {
    /// A failure of a service that asks to be left alone for `retry_after`.
    #[must_use]
    pub const fn failure_for(retry_after: Duration) -> Self {
        Self { outcome: Outcome::Failure, retry_after: Some(retry_after) }
    }
}

impl From<Outcome> for Verdict {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, retry_after: None }
    }
}

/// How an admitted call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ended {
    /// Its result was told.
    Returned,
    /// Its permit was dropped without a result: a cancelled future, an early return.
    Cancelled,
    /// Its permit was dropped by a panic.
    Panicked,
}
