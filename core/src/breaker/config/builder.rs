//! A configuration, field by field.

use super::{
    Backoff, BreakerConfig, CancelPolicy, Counting, Nested, PanicPolicy, Share, SlowCalls, Span,
    Timing, Window,
};
use crate::breaker::ConfigError;
use std::time::Duration;

/// Makes a [`BreakerConfig`]; what is not said has its default.
///
/// Each method sets what its field says, and of two that set the same the later one counts.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, Share, Span};
/// use std::time::Duration;
///
/// let config = BreakerConfig::builder()
///     // Five failures in a row open it, or half of the last hundred calls.
///     .failure_threshold(5)
///     .failure_rate(Share::percent(50), Span::Calls(100))
///     // At first for ten seconds, then for longer and longer.
///     .open_for(Duration::from_secs(10))
///     .exponential(2, Duration::from_secs(600))
///     // Eight good trials of ten close it.
///     .close_by_rate(10, Share::percent(80))
///     .build()?;
/// assert_eq!((config.success_threshold, config.tolerated_failures), (8, 2));
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use = "a builder gives nothing until it is told to build"]
pub struct BreakerConfigBuilder {
    config: BreakerConfig,
}

impl BreakerConfigBuilder {
    /// The configuration.
    ///
    /// # Errors
    /// As [`BreakerConfig::validate`].
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, ConfigError};
    ///
    /// let never = BreakerConfig::builder().without_failure_threshold().build();
    /// assert_eq!(never, Err(ConfigError::NoTripRule));
    /// ```
    pub fn build(self) -> Result<BreakerConfig, ConfigError> {
        self.config.validate()?;
        Ok(self.config)
    }

    /// Opens at exactly so many [failures in a row](BreakerConfig::failure_threshold); at least 1.
    pub const fn failure_threshold(mut self, failures: u32) -> Self {
        self.config.failure_threshold = Some(failures);
        self
    }

    /// Opens by its [window](BreakerConfig::window) only, which it then needs.
    pub const fn without_failure_threshold(mut self) -> Self {
        self.config.failure_threshold = None;
        self
    }

    /// Opens by the rates of a [window](BreakerConfig::window).
    pub const fn window(mut self, window: Window) -> Self {
        self.config.window = Some(window);
        self
    }

    /// Opens where at least this share, above nothing, of the results in `span` are failures: a
    /// [window](BreakerConfig::window) with [ten calls](Window::minimum_calls) at least, or with all of a `span` of fewer.
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, Share, Span};
    ///
    /// let window = |span| {
    ///     let config = BreakerConfig::builder().failure_rate(Share::percent(50), span).build();
    ///     Some(config.ok()?.window?.minimum_calls)
    /// };
    /// assert_eq!(window(Span::Calls(100)), Some(10));
    /// assert_eq!(window(Span::Calls(4)), Some(4));
    /// ```
    pub const fn failure_rate(self, rate: Share, span: Span) -> Self {
        self.window(Window { failure_rate: Some(rate), ..smaller(span) })
    }

    /// Opens where at least this share, above nothing, of the calls in `span` took longer than `slower_than`: a
    /// [window](BreakerConfig::window) as of [`failure_rate`](Self::failure_rate). For both rates in one window say
    /// [`window`](Self::window).
    pub const fn slow_rate(self, slower_than: Duration, rate: Share, span: Span) -> Self {
        let slow_calls = Some(SlowCalls { slower_than, rate });
        self.window(Window { failure_rate: None, slow_calls, ..smaller(span) })
    }

    /// Stays [open for](BreakerConfig::open_for) so long; above zero.
    pub const fn open_for(mut self, time: Duration) -> Self {
        self.config.open_for = time;
        self
    }

    /// How the open interval [grows](BreakerConfig::backoff).
    pub const fn backoff(mut self, backoff: Backoff) -> Self {
        self.config.backoff = backoff;
        self
    }

    /// Each open interval is `multiplier` times as long as the one before, up to `max`: [`Backoff::Exponential`].
    pub const fn exponential(self, multiplier: u32, max: Duration) -> Self {
        self.backoff(Backoff::Exponential { multiplier, max })
    }

    /// Shortens each open interval by a random part of it, up to [this share](BreakerConfig::jitter).
    pub const fn jitter(mut self, share: Share) -> Self {
        self.config.jitter = share;
        self
    }

    /// A failure may ask to open the breaker [for so long](BreakerConfig::retry_after_max), or, at zero, for no time of
    /// its own.
    pub const fn retry_after_max(mut self, time: Duration) -> Self {
        self.config.retry_after_max = time;
        self
    }

    /// Closes at exactly so many [successful trials](BreakerConfig::success_threshold); at least 1, and at most the
    /// [permits](Self::half_open_permits).
    pub const fn success_threshold(mut self, trials: u32) -> Self {
        self.config.success_threshold = trials;
        self
    }

    /// So many [trials may fail](BreakerConfig::tolerated_failures) before it opens again.
    pub const fn tolerated_failures(mut self, trials: u32) -> Self {
        self.config.tolerated_failures = trials;
        self
    }

    /// Closes once so many trials have succeeded that they are at least `share` of `trials`, and opens again once too many
    /// have failed for that.
    ///
    /// It sets the [successes](Self::success_threshold) that are needed, rounded up to whole ones, the rest of the trials as
    /// [failures that are tolerated](Self::tolerated_failures), and as many [permits](Self::half_open_permits) as
    /// successes. No trials, or no share of them, are refused as a success threshold of 0.
    ///
    /// ```
    /// use retrip_core::breaker::{BreakerConfig, Share};
    ///
    /// let config = BreakerConfig::builder().close_by_rate(3, Share::percent(50)).build()?;
    /// // Half of three are two.
    /// assert_eq!((config.success_threshold, config.tolerated_failures), (2, 1));
    /// assert_eq!(config.half_open_permits, 2);
    /// # Ok::<(), retrip_core::breaker::ConfigError>(())
    /// ```
    pub const fn close_by_rate(self, trials: u32, share: Share) -> Self {
        let needed = share.least_of(trials);
        self.success_threshold(needed).tolerated_failures(trials - needed).half_open_permits(needed)
    }

    /// The most [trials in flight and succeeded](BreakerConfig::half_open_permits) together; at least as many as have to
    /// succeed.
    pub const fn half_open_permits(mut self, permits: u32) -> Self {
        self.config.half_open_permits = permits;
        self
    }

    /// A half-open period takes [at most so long](BreakerConfig::half_open_for); above zero.
    pub const fn half_open_for(mut self, time: Duration) -> Self {
        self.config.half_open_for = Some(time);
        self
    }

    /// A trial may be [silent for so long](BreakerConfig::trial_lease); above zero.
    pub const fn trial_lease(mut self, time: Duration) -> Self {
        self.config.trial_lease = Some(time);
        self
    }

    /// A trial may be silent for ever: one that hangs [keeps its permit](BreakerConfig::trial_lease).
    pub const fn without_trial_lease(mut self) -> Self {
        self.config.trial_lease = None;
        self
    }

    /// What a [cancelled call](BreakerConfig::cancelled) counts as.
    pub const fn cancelled(mut self, policy: CancelPolicy) -> Self {
        self.config.cancelled = policy;
        self
    }

    /// What a call counts as that [panicked](BreakerConfig::panicked).
    pub const fn panicked(mut self, policy: PanicPolicy) -> Self {
        self.config.panicked = policy;
        self
    }

    /// Which calls are [timed](BreakerConfig::timing).
    pub const fn timing(mut self, timing: Timing) -> Self {
        self.config.timing = timing;
        self
    }

    /// Which calls are [counted](BreakerConfig::counting).
    pub const fn counting(mut self, counting: Counting) -> Self {
        self.config.counting = counting;
        self
    }

    /// What a call inside another one of the same breaker [counts as](BreakerConfig::nested).
    pub const fn nested(mut self, nested: Nested) -> Self {
        self.config.nested = nested;
        self
    }
}

/// A usual window over `span`, which takes no more calls than there are in it.
const fn smaller(span: Span) -> Window {
    let window = Window::over(span);
    match span {
        Span::Calls(calls) if calls < window.minimum_calls => {
            Window { minimum_calls: calls, ..window }
        }
        Span::Calls(_) | Span::Time { .. } => window,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_is_not_said_has_its_default() {
        assert_eq!(BreakerConfig::builder().build(), Ok(BreakerConfig::default()));
    }

    #[test]
    fn each_method_sets_its_field_and_no_other() {
        let exponential = Backoff::Exponential { multiplier: 3, max: 99 * SECOND };
        let window = Window::over(Span::Calls(20));
        let built = BreakerConfig::builder()
            .failure_threshold(7)
            .window(window)
            .open_for(9 * SECOND)
            .backoff(exponential)
            .jitter(Share::percent(10))
            .retry_after_max(SECOND)
            .success_threshold(3)
            .tolerated_failures(4)
            .half_open_permits(5)
            .half_open_for(6 * SECOND)
            .trial_lease(8 * SECOND)
            .cancelled(CancelPolicy::Failure)
            .panicked(PanicPolicy::Ignored)
            .timing(Timing::Calls)
            .counting(Counting::Rejections)
            .nested(Nested::Once)
            .build();
        // Without `..`: a field that is new has a method.
        let written = BreakerConfig {
            failure_threshold: Some(7),
            window: Some(window),
            open_for: 9 * SECOND,
            backoff: exponential,
            jitter: Share::percent(10),
            retry_after_max: SECOND,
            success_threshold: 3,
            tolerated_failures: 4,
            half_open_permits: 5,
            half_open_for: Some(6 * SECOND),
            trial_lease: Some(8 * SECOND),
            cancelled: CancelPolicy::Failure,
            panicked: PanicPolicy::Ignored,
            timing: Timing::Calls,
            counting: Counting::Rejections,
            nested: Nested::Once,
        };
        assert_eq!(built, Ok(written));
    }

    #[test]
    fn sugar_is_what_it_stands_for() {
        let span = Span::Time { bucket: SECOND, buckets: 10 };
        let built = BreakerConfig::builder()
            .without_failure_threshold()
            .slow_rate(SECOND, Share::percent(80), span)
            .exponential(2, 60 * SECOND)
            .without_trial_lease()
            .build();
        let slow_calls = Some(SlowCalls { slower_than: SECOND, rate: Share::percent(80) });
        let written = BreakerConfig {
            failure_threshold: None,
            window: Some(Window { failure_rate: None, slow_calls, ..Window::over(span) }),
            backoff: Backoff::Exponential { multiplier: 2, max: 60 * SECOND },
            trial_lease: None,
            ..BreakerConfig::default()
        };
        assert_eq!(built, Ok(written));
    }

    #[test]
    fn a_window_by_rate_is_of_that_rate_and_asks_for_no_more_calls_than_it_has() {
        let (rate, slower_than) = (Share::percent(30), 2 * SECOND);
        let slow = Some(SlowCalls { slower_than, rate });
        for (span, minimum_calls) in [(Span::Calls(4), 4), (Span::Calls(100), 10)] {
            let window = |builder: BreakerConfigBuilder| {
                builder.build().expect("it can be reached").window.expect("it was asked for")
            };
            let usual = Window { minimum_calls, ..Window::over(span) };
            let builder = BreakerConfig::builder();
            let by_failures = Window { failure_rate: Some(rate), ..usual };
            assert_eq!(window(builder.clone().failure_rate(rate, span)), by_failures);
            let by_slowness = Window { failure_rate: None, slow_calls: slow, ..usual };
            assert_eq!(window(builder.slow_rate(slower_than, rate, span)), by_slowness);
        }
    }

    #[test]
    fn a_rate_to_close_by_is_reached_by_its_successes_and_by_no_fewer() {
        for (trials, share) in [(10, 80), (3, 50), (7, 100), (1, 1), (u32::MAX, 33)] {
            let share = Share::percent(share);
            let config = BreakerConfig::builder().close_by_rate(trials, share).build();
            let config = config.expect("trials and a share of them");
            let (needed, all) = (u64::from(config.success_threshold), u64::from(trials));
            assert!(share.is_reached_by(needed, all) && !share.is_reached_by(needed - 1, all));
            assert_eq!(needed + u64::from(config.tolerated_failures), all);
        }
        for (trials, share) in [(0, Share::ALL), (10, Share::NONE)] {
            let built = BreakerConfig::builder().close_by_rate(trials, share).build();
            assert_eq!(built, Err(ConfigError::ZeroSuccessThreshold));
        }
    }

    #[test]
    fn what_cannot_work_is_not_built() {
        let built = BreakerConfig::builder().success_threshold(3).build();
        let refused = ConfigError::TooFewPermits { half_open_permits: 2, success_threshold: 3 };
        assert_eq!(built, Err(refused));
        let empty = BreakerConfig::builder().failure_rate(Share::ALL, Span::Calls(0)).build();
        assert_eq!(empty, Err(ConfigError::WindowOfCalls { calls: 0 }));
    }
}
