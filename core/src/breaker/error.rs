//! Why a breaker cannot be built, and why a call has no result.

use super::{Name, Span, State};
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// A call was not made, because the breaker was open or out of permits for trials.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rejected {
    /// The name of the breaker.
    pub breaker: Name,
    /// The state in which it refused: [`State::Open`] or [`State::HalfOpen`].
    pub state: State,
    /// When to try again: what is left of the open interval; zero while half-open, where the end of any trial may free
    /// a permit; `None` when forced open, until somebody lifts that, resets the breaker, or does something else by hand.
    pub retry_after: Option<Duration>,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { breaker, state, retry_after } = self;
        write!(f, "breaker `{breaker}` is {state}")?;
        match retry_after {
            None => f.write_str(" until it is reset"),
            Some(Duration::ZERO) => f.write_str(": retry when a trial has ended"),
            Some(left) => write!(f, ": retry after {left:?}"),
        }
    }
}

impl Error for Rejected {}

/// Why a protected call has no value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CallError<E> {
    /// The call was not made.
    #[error(transparent)]
    Rejected(Rejected),
    /// The call was made and returned this error.
    #[error(transparent)]
    Inner(E),
}

impl<E> CallError<E> {
    /// What it holds, in the form that takes any error: a [`Rejected`] or the error of the call, as itself.
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker, Rejected};
    ///
    /// let breaker = CircuitBreaker::new("llm", BreakerConfig::default())?;
    /// breaker.force_open();
    /// let error = breaker.call(|| "42".parse::<u32>()).map_err(CallError::boxed).expect_err("forced open");
    /// assert!(error.is::<Rejected>());
    /// # Ok::<(), retrip_core::breaker::ConfigError>(())
    /// ```
    #[must_use]
    pub fn boxed(self) -> Box<dyn Error + Send + Sync>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        match self {
            Self::Rejected(rejected) => rejected.into(),
            Self::Inner(error) => error.into(),
        }
    }
}

impl<E> CallError<CallError<E>> {
    /// One error for a call through two breakers, whichever of them has rejected it: [`Rejected::breaker`] tells.
    pub fn flatten(self) -> CallError<E> {
        match self {
            Self::Rejected(rejected) | Self::Inner(CallError::Rejected(rejected)) => {
                CallError::Rejected(rejected)
            }
            Self::Inner(CallError::Inner(error)) => CallError::Inner(error),
        }
    }
}

/// Why a configuration cannot work.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// `failure_threshold` is zero: the breaker would open without a failure.
    #[error("failure_threshold is 0; it must be at least 1")]
    ZeroFailureThreshold,
    /// Neither `failure_threshold` nor `window`: the breaker would never open.
    #[error("failure_threshold is none and so is window; one of them must open the breaker")]
    NoTripRule,
    /// The window of calls has none, or too many.
    #[error("window.span is {calls} calls; it must be 1 to {}", Span::MOST_CALLS)]
    WindowOfCalls {
        /// The calls asked for.
        calls: u32,
    },
    /// The buckets of the window of time have no length.
    #[error("window.span has buckets of no time; one must be at least one nanosecond")]
    ZeroBucket,
    /// The window of time has no bucket, or too many.
    #[error("window.span is {buckets} buckets; it must be 1 to {}", Span::MOST_BUCKETS)]
    WindowOfBuckets {
        /// The buckets asked for.
        buckets: u32,
    },
    /// `window.minimum_calls` is zero: a rate of no calls means nothing.
    #[error("window.minimum_calls is 0; it must be at least 1")]
    ZeroMinimumCalls,
    /// The window never has as many calls as a rate needs: it would never open the breaker.
    #[error(
        "window.minimum_calls is {minimum_calls}; it must be at most the calls of window.span, {calls}"
    )]
    MinimumAboveWindow {
        /// The calls that a rate needs.
        minimum_calls: u32,
        /// The calls that the window has.
        calls: u32,
    },
    /// Neither rate is set: the window would never open the breaker.
    #[error("window.failure_rate is none and so is window.slow_calls; one of them must be set")]
    NoRate,
    /// Failures of nothing: the breaker would open without one.
    #[error("window.failure_rate is 0%; it must be above")]
    ZeroFailureRate,
    /// Slow calls of nothing: the breaker would open without one.
    #[error("window.slow_calls has a rate of 0%; it must be above")]
    ZeroSlowRate,
    /// Every call would be slow: no trial could close the breaker.
    #[error("window.slow_calls are those slower than zero; it must be at least one nanosecond")]
    ZeroSlowerThan,
    /// `open_for` is zero: the breaker would never reject.
    #[error("open_for is zero; it must be at least one nanosecond")]
    ZeroOpenFor,
    /// The interval would not grow.
    #[error(
        "backoff.multiplier is {multiplier}; it must be at least 2, or let backoff be constant"
    )]
    SmallMultiplier {
        /// The multiplier asked for.
        multiplier: u32,
    },
    /// The longest interval is shorter than the first.
    #[error("backoff.max is {max:?}; it must be at least open_for, {open_for:?}")]
    ShortBackoff {
        /// The maximum asked for.
        max: Duration,
        /// The first interval.
        open_for: Duration,
    },
    /// `success_threshold` is zero: the breaker would close without a trial.
    #[error("success_threshold is 0; it must be at least 1")]
    ZeroSuccessThreshold,
    /// `half_open_permits` is below `success_threshold`: the breaker could never close again.
    #[error(
        "half_open_permits is {half_open_permits}; it must be at least success_threshold, {success_threshold}, \
         or the breaker could never close again"
    )]
    TooFewPermits {
        /// The permits asked for.
        half_open_permits: u32,
        /// The successful trials that closing takes.
        success_threshold: u32,
    },
    /// `half_open_for` is zero: no trial would ever be in time.
    #[error("half_open_for is zero; it must be at least one nanosecond, or none")]
    ZeroHalfOpenFor,
    /// `trial_lease` is zero: no trial would ever be in time.
    #[error("trial_lease is zero; it must be at least one nanosecond, or none")]
    ZeroTrialLease,
}

impl ConfigError {
    /// The name of the field at fault, with a dot before a field of a field: `window.minimum_calls`.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::ZeroFailureThreshold | Self::NoTripRule => "failure_threshold",
            Self::WindowOfCalls { .. } | Self::ZeroBucket | Self::WindowOfBuckets { .. } => {
                "window.span"
            }
            Self::ZeroMinimumCalls | Self::MinimumAboveWindow { .. } => "window.minimum_calls",
            Self::NoRate | Self::ZeroFailureRate => "window.failure_rate",
            Self::ZeroSlowRate | Self::ZeroSlowerThan => "window.slow_calls",
            Self::ZeroOpenFor => "open_for",
            Self::SmallMultiplier { .. } => "backoff.multiplier",
            Self::ShortBackoff { .. } => "backoff.max",
            Self::ZeroSuccessThreshold => "success_threshold",
            Self::TooFewPermits { .. } => "half_open_permits",
            Self::ZeroHalfOpenFor => "half_open_for",
            Self::ZeroTrialLease => "trial_lease",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_names_the_breaker_its_state_and_when_to_retry() {
        let rejected = |state, retry_after| Rejected { breaker: "llm".into(), state, retry_after };
        let texts = [
            rejected(State::Open, Some(Duration::from_millis(1500))),
            rejected(State::HalfOpen, Some(Duration::ZERO)),
            rejected(State::Open, None),
        ]
        .map(|error| error.to_string());
        assert_eq!(
            texts,
            [
                "breaker `llm` is open: retry after 1.5s",
                "breaker `llm` is half-open: retry when a trial has ended",
                "breaker `llm` is open until it is reset",
            ]
        );
    }

    #[test]
    fn a_call_error_reads_as_what_it_holds() {
        let error = CallError::Inner(ConfigError::ZeroOpenFor);
        let text = ConfigError::ZeroOpenFor.to_string();
        let error: &dyn Error = &error;
        assert_eq!(error.to_string(), text);
    }
}
