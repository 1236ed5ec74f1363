//! The results that a rate is the rate of.

use super::{ConfigError, Share};
use std::time::Duration;

/// Opens a closed breaker by the rate of failures or of slow calls among its last results.
///
/// Calls that succeeded or failed since the breaker closed are in the window, by the time at which they ended; ignored
/// ones and late ones of an earlier generation are not. The rates are looked at after each result, this one included.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, Share, SlowCalls, Span, Window};
/// use std::time::Duration;
///
/// // Half of the calls of the last ten seconds failed, or four fifths took more than a second: at twenty calls and more.
/// let window = Window {
///     failure_rate: Some(Share::percent(50)),
///     slow_calls: Some(SlowCalls {
///         slower_than: Duration::from_secs(1),
///         rate: Share::percent(80),
///     }),
///     minimum_calls: 20,
///     ..Window::over(Span::Time { bucket: Duration::from_secs(1), buckets: 10 })
/// };
/// let config =
///     BreakerConfig { failure_threshold: None, window: Some(window), ..BreakerConfig::default() };
/// assert_eq!(config.validate(), Ok(()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Which results are in the window.
    pub span: Span,
    /// So many results must be in the window before a rate can open the breaker; at least 1, and at most as many as a
    /// window of calls has. Default 10.
    pub minimum_calls: u32,
    /// The breaker opens where at least this share of the results are failures; above nothing. Default 50%.
    pub failure_rate: Option<Share>,
    /// The breaker opens where at least a share of the calls were slow. Default `None`.
    pub slow_calls: Option<SlowCalls>,
}

/// Which results are in a [`Window`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    /// The last so many; 1 to [`Span::MOST_CALLS`].
    Calls(u32),
    /// Those of a time, in buckets that slide: the present bucket, which is not over, and those before it. A gap without
    /// calls empties them.
    Time {
        /// How long a bucket is; above zero. Buckets begin at whole multiples of it on the monotonic clock.
        bucket: Duration,
        /// How many there are; 1 to [`Span::MOST_BUCKETS`].
        buckets: u32,
    },
}

impl Span {
    /// The longest window of calls: a quarter of a byte is kept for each.
    pub const MOST_CALLS: u32 = 1 << 20;
    /// The most buckets of a window of time.
    pub const MOST_BUCKETS: u32 = 1 << 12;
}

/// How slow calls open a breaker, and keep it from closing: a trial that succeeds but is slow counts as one that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SlowCalls {
    /// A call that took longer than this, above zero, is slow, whether it succeeded or failed.
    pub slower_than: Duration,
    /// The breaker opens where at least this share of the calls in the window was slow; above nothing.
    pub rate: Share,
}

impl Window {
    /// A window that opens the breaker at half of at least ten calls failed.
    #[must_use]
    pub const fn over(span: Span) -> Self {
        let failure_rate = Some(Share::percent(50));
        Self { span, minimum_calls: 10, failure_rate, slow_calls: None }
    }
}

impl Window {
    pub(super) const fn validate(&self) -> Result<(), ConfigError> {
        match self.span {
            Span::Calls(calls) if calls == 0 || calls > Span::MOST_CALLS => {
                return Err(ConfigError::WindowOfCalls { calls });
            }
            Span::Time { bucket, .. } if bucket.is_zero() => return Err(ConfigError::ZeroBucket),
            Span::Time { buckets, .. } if buckets == 0 || buckets > Span::MOST_BUCKETS => {
                return Err(ConfigError::WindowOfBuckets { buckets });
            }
            Span::Calls(calls) if self.minimum_calls > calls => {
                let minimum_calls = self.minimum_calls;
                return Err(ConfigError::MinimumAboveWindow { minimum_calls, calls });
            }
            Span::Calls(_) | Span::Time { .. } => {}
        }
        if self.minimum_calls == 0 {
            return Err(ConfigError::ZeroMinimumCalls);
        }
        match (self.failure_rate, self.slow_calls) {
            (None, None) => Err(ConfigError::NoRate),
            (Some(Share::NONE), _) => Err(ConfigError::ZeroFailureRate),
            (_, Some(SlowCalls { rate: Share::NONE, .. })) => Err(ConfigError::ZeroSlowRate),
            (_, Some(slow)) if slow.slower_than.is_zero() => Err(ConfigError::ZeroSlowerThan),
            _ => Ok(()),
        }
    }
}
