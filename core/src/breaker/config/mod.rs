//! What a breaker is told once, when it is built.

mod backoff;
mod builder;
mod counting;
#[cfg(feature = "serde")]
mod file;
mod nested;
mod policy;
mod share;
mod timing;
mod window;

pub use backoff::Backoff;
pub use builder::BreakerConfigBuilder;
pub use counting::Counting;
pub use nested::Nested;
pub use policy::{CancelPolicy, PanicPolicy};
pub use share::{Share, ShareError};
pub use timing::Timing;
pub use window::{SlowCalls, Span, Window};

use super::ConfigError;
use std::time::Duration;

/// The configuration of a breaker. It cannot be changed once the breaker is built.
///
/// Rules that open the breaker combine: it opens as soon as one of them says so.
///
/// ```
/// use retrip_core::breaker::{Backoff, BreakerConfig, ConfigError};
/// use std::time::Duration;
///
/// let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
/// let patient = BreakerConfig {
///     open_for: minutes(1),
///     backoff: Backoff::Exponential { multiplier: 2, max: minutes(30) },
///     ..BreakerConfig::default()
/// };
/// assert_eq!(patient.validate(), Ok(()));
///
/// let never = BreakerConfig { failure_threshold: Some(0), ..BreakerConfig::default() };
/// assert_eq!(never.validate(), Err(ConfigError::ZeroFailureThreshold));
/// ```
///
/// It can also be made [field by field](Self::builder) and, with the feature `serde`, be read from a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BreakerConfig {
    /// The breaker opens at exactly this many failures in a row; at least 1. `None`: only the [`window`](Self::window)
    /// opens it. Default 5.
    pub failure_threshold: Option<u32>,
    /// The breaker opens by the rate of failures or of slow calls among the last results. Default `None`.
    pub window: Option<Window>,
    /// How long the breaker stays open before it admits trials, on the monotonic clock; above zero. The trial at exactly
    /// this time after the opening passes. Default 60 s.
    pub open_for: Duration,
    /// How the open interval grows from one opening to the next. Default [`Backoff::Constant`].
    pub backoff: Backoff,
    /// Each open interval is shorter by a random part, up to this share of it, so that many breakers of one service do not
    /// all try it at once. Drawn from the platform's stream `breaker.jitter` when the breaker is built. Default
    /// [`Share::NONE`].
    pub jitter: Share,
    /// A result that says [how long to leave the service alone](super::Verdict::retry_after) opens the breaker for that
    /// long in place of its own interval, and for at most this. Zero: what results say is not heard. Default 5 min.
    pub retry_after_max: Duration,
    /// A half-open breaker closes at exactly this many successful trials; at least 1. One that is
    /// [slow](SlowCalls) is none. Default 2.
    pub success_threshold: u32,
    /// So many trials of a half-open period may fail, or be [slow](SlowCalls), before it opens again: to close by a rate,
    /// such as four fifths of ten trials, let the threshold be 8 and this 2. Default 0.
    pub tolerated_failures: u32,
    /// The most trials in flight and succeeded together, per half-open period; at least `success_threshold`. Default 2.
    pub half_open_permits: u32,
    /// The longest that a half-open period may take; where it has not closed by then, it opens again. Above zero; `None`:
    /// no limit. Default `None`.
    pub half_open_for: Option<Duration>,
    /// How long a trial may be silent. From then on its permit is free for another trial, and its result too late to
    /// count. Above zero; `None`: for ever, so that trials which hang keep the breaker half-open. Default 60 s. Where
    /// [slow calls](SlowCalls) open the breaker, let it be longer than they may take: a trial whose lease is over is late and
    /// decides nothing, however slow it was.
    pub trial_lease: Option<Duration>,
    /// What a call counts as whose permit was dropped without a result. Default [`CancelPolicy::Ignored`].
    pub cancelled: CancelPolicy,
    /// What a call counts as that panicked. Default [`PanicPolicy::Failure`].
    pub panicked: PanicPolicy,
    /// Which calls are timed. Default [`Timing::Decisions`].
    pub timing: Timing,
    /// Which calls are counted. Default [`Counting::Calls`].
    pub counting: Counting,
    /// What a call counts as that is made inside another one of the same breaker. Default [`Nested::Twice`].
    pub nested: Nested,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            failure_threshold: Some(5),
            window: None,
            open_for: Duration::from_secs(60),
            backoff: Backoff::Constant,
            jitter: Share::NONE,
            retry_after_max: Duration::from_secs(300),
            success_threshold: 2,
            tolerated_failures: 0,
            half_open_permits: 2,
            half_open_for: None,
            trial_lease: Some(Duration::from_secs(60)),
            cancelled: CancelPolicy::Ignored,
            panicked: PanicPolicy::Failure,
            timing: Timing::Decisions,
            counting: Counting::Calls,
            nested: Nested::Twice,
        }
    }
}

impl BreakerConfig {
    /// Makes one field by field, beginning with the defaults.
    pub fn builder() -> BreakerConfigBuilder {
        BreakerConfigBuilder::default()
    }

    /// Whether a breaker can be built from this.
    ///
    /// # Errors
    /// The first field, in the order of declaration, whose value could not work, and why.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.validate_trip_rules()?;
        if self.open_for.is_zero() {
            return Err(ConfigError::ZeroOpenFor);
        }
        if let Backoff::Exponential { multiplier, max } = self.backoff {
            if multiplier < 2 {
                return Err(ConfigError::SmallMultiplier { multiplier });
            }
            if max < self.open_for {
                return Err(ConfigError::ShortBackoff { max, open_for: self.open_for });
            }
        }
        self.validate_trials()
    }

    fn validate_trip_rules(&self) -> Result<(), ConfigError> {
        match (self.failure_threshold, &self.window) {
            (Some(0), _) => Err(ConfigError::ZeroFailureThreshold),
            (None, None) => Err(ConfigError::NoTripRule),
            (_, Some(window)) => window.validate(),
            (Some(_), None) => Ok(()),
        }
    }

    fn validate_trials(&self) -> Result<(), ConfigError> {
        if self.success_threshold == 0 {
            return Err(ConfigError::ZeroSuccessThreshold);
        }
        if self.half_open_permits < self.success_threshold {
            return Err(ConfigError::TooFewPermits {
                half_open_permits: self.half_open_permits,
                success_threshold: self.success_threshold,
            });
        }
        if self.half_open_for == Some(Duration::ZERO) {
            return Err(ConfigError::ZeroHalfOpenFor);
        }
        if self.trial_lease == Some(Duration::ZERO) {
            return Err(ConfigError::ZeroTrialLease);
        }
        Ok(())
    }

    /// The name of the first field, in the order of declaration, in which `other` differs.
    pub(super) fn first_difference(&self, other: &Self) -> Option<&'static str> {
        /// The names of the fields given that differ. Taken apart without `..`: a new field cannot be forgotten.
        macro_rules! differing {
            ($($field:ident),*) => {{
                let Self { $($field),* } = self;
                [$((stringify!($field), *$field != other.$field)),*]
            }};
        }
        let fields = differing!(
            failure_threshold,
            window,
            open_for,
            backoff,
            jitter,
            retry_after_max,
            success_threshold,
            tolerated_failures,
            half_open_permits,
            half_open_for,
            trial_lease,
            cancelled,
            panicked,
            timing,
            counting,
            nested
        );
        fields.into_iter().find(|(_, differs)| *differs).map(|(field, _)| field)
    }
}

#[cfg(test)]
mod tests;
