//! Why a breaker cannot be built, and why a call has no result.

use super::State;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A call was not made, because the breaker was open or out of permits for trials.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rejected {
    /// The name of the breaker.
    pub breaker: Arc<str>,
    /// The state in which it refused: [`State::Open`] or [`State::HalfOpen`].
    pub state: State,
    /// When to try again: what is left of the open interval; zero while half-open, where the end of any trial may free
    /// a permit; `None` when forced open, which only a reset ends.
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

impl std::error::Error for Rejected {}

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

/// Why a configuration cannot work.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// `failure_threshold` is zero: the breaker would open without a failure.
    #[error("failure_threshold is 0; it must be at least 1")]
    ZeroFailureThreshold,
    /// `open_for` is zero: the breaker would never reject.
    #[error("open_for is zero; it must be at least one nanosecond")]
    ZeroOpenFor,
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
}

impl ConfigError {
    /// The name of the field at fault.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::ZeroFailureThreshold => "failure_threshold",
            Self::ZeroOpenFor => "open_for",
            Self::ZeroSuccessThreshold => "success_threshold",
            Self::TooFewPermits { .. } => "half_open_permits",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

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
