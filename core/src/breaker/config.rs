//! What a breaker is told once, when it is built.

use super::{ConfigError, Outcome};
use std::time::Duration;

/// The configuration of a breaker. It cannot be changed once the breaker is built.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, ConfigError};
/// use std::time::Duration;
///
/// let patient = BreakerConfig { open_for: Duration::from_secs(300), ..BreakerConfig::default() };
/// assert_eq!(patient.validate(), Ok(()));
///
/// let never = BreakerConfig { failure_threshold: 0, ..BreakerConfig::default() };
/// assert_eq!(never.validate(), Err(ConfigError::ZeroFailureThreshold));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BreakerConfig {
    /// The breaker opens at exactly this many failures in a row; at least 1. Default 5.
    pub failure_threshold: u32,
    /// How long the breaker stays open before it admits trials, on the monotonic clock; above zero. The trial at exactly
    /// this time after the opening passes. Default 60 s.
    pub open_for: Duration,
    /// A half-open breaker closes at exactly this many successful trials; at least 1. Default 2.
    pub success_threshold: u32,
    /// The most trials in flight and succeeded together, per half-open period; at least `success_threshold`. Default 2.
    pub half_open_permits: u32,
    /// What a call counts as whose permit was dropped without a result. Default [`CancelPolicy::Ignored`].
    pub cancelled: CancelPolicy,
    /// What a call counts as that panicked. Default [`PanicPolicy::Failure`].
    pub panicked: PanicPolicy,
}

impl Default for BreakerConfig {
    fn default() -> Self {
        Self {
            failure_threshold: 5,
            open_for: Duration::from_secs(60),
            success_threshold: 2,
            half_open_permits: 2,
            cancelled: CancelPolicy::Ignored,
            panicked: PanicPolicy::Failure,
        }
    }
}

impl BreakerConfig {
    /// Whether a breaker can be built from this.
    ///
    /// # Errors
    /// The first field, in the order of declaration, whose value could not work, and why.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.failure_threshold == 0 {
            return Err(ConfigError::ZeroFailureThreshold);
        }
        if self.open_for.is_zero() {
            return Err(ConfigError::ZeroOpenFor);
        }
        if self.success_threshold == 0 {
            return Err(ConfigError::ZeroSuccessThreshold);
        }
        if self.half_open_permits < self.success_threshold {
            return Err(ConfigError::TooFewPermits {
                half_open_permits: self.half_open_permits,
                success_threshold: self.success_threshold,
            });
        }
        Ok(())
    }

    /// The name of the first field, in the order of declaration, in which `other` differs.
    pub(super) fn first_difference(&self, other: &Self) -> Option<&'static str> {
        // Taken apart without `..`, so that a new field cannot be forgotten here.
        let Self {
            failure_threshold,
            open_for,
            success_threshold,
            half_open_permits,
            cancelled,
            panicked,
        } = self;
        let same = [
            ("failure_threshold", *failure_threshold == other.failure_threshold),
            ("open_for", *open_for == other.open_for),
            ("success_threshold", *success_threshold == other.success_threshold),
            ("half_open_permits", *half_open_permits == other.half_open_permits),
            ("cancelled", *cancelled == other.cancelled),
            ("panicked", *panicked == other.panicked),
        ];
        same.into_iter().find(|(_, same)| !same).map(|(field, _)| field)
    }
}

/// What a call counts as whose permit was dropped without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CancelPolicy {
    /// [`Outcome::Ignored`]: the caller went away, the service did nothing wrong.
    Ignored,
    /// [`Outcome::Failure`]: callers cancel because the service is too slow.
    Failure,
}

impl CancelPolicy {
    /// The outcome of a cancelled call.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Ignored => Outcome::Ignored,
            Self::Failure => Outcome::Failure,
        }
    }
}

/// What a call counts as that panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanicPolicy {
    /// [`Outcome::Failure`].
    Failure,
    /// [`Outcome::Ignored`]: panics are this program's bugs and say nothing about the service.
    Ignored,
}

impl PanicPolicy {
    /// The outcome of a call that panicked.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Failure => Outcome::Failure,
            Self::Ignored => Outcome::Ignored,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> BreakerConfig {
        BreakerConfig::default()
    }

    #[test]
    fn an_impossible_configuration_is_refused_with_the_name_of_its_field() {
        for (config, field) in [
            (BreakerConfig { failure_threshold: 0, ..usual() }, "failure_threshold"),
            (BreakerConfig { open_for: Duration::ZERO, ..usual() }, "open_for"),
            (BreakerConfig { success_threshold: 0, ..usual() }, "success_threshold"),
            (BreakerConfig { half_open_permits: 0, ..usual() }, "half_open_permits"),
            (BreakerConfig { half_open_permits: 1, ..usual() }, "half_open_permits"),
        ] {
            let error = config.validate().expect_err("the value is out of range");
            assert_eq!(error.field(), field);
            assert!(error.to_string().starts_with(field), "{error}");
        }
    }

    #[test]
    fn the_smallest_values_are_accepted() {
        let least = BreakerConfig {
            failure_threshold: 1,
            open_for: Duration::from_nanos(1),
            success_threshold: 1,
            half_open_permits: 1,
            ..usual()
        };
        assert_eq!(least.validate(), Ok(()));
    }

    #[test]
    fn a_difference_is_named_by_its_first_field() {
        assert_eq!(usual().first_difference(&usual()), None);
        for (other, field) in [
            (BreakerConfig { failure_threshold: 6, ..usual() }, "failure_threshold"),
            (BreakerConfig { open_for: Duration::from_secs(61), ..usual() }, "open_for"),
            (BreakerConfig { success_threshold: 1, ..usual() }, "success_threshold"),
            (BreakerConfig { half_open_permits: 3, ..usual() }, "half_open_permits"),
            (BreakerConfig { cancelled: CancelPolicy::Failure, ..usual() }, "cancelled"),
            (BreakerConfig { panicked: PanicPolicy::Ignored, ..usual() }, "panicked"),
        ] {
            assert_eq!(usual().first_difference(&other), Some(field));
        }
    }
}
