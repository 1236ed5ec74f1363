//! Which calls are counted.

/// Which calls are counted in the [statistics](crate::breaker::Stats). What the breaker does is the same either way.
///
/// To count a call takes longer than everything else that a closed breaker does with it, where it is not timed and there is no
/// window.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, CircuitBreaker, Counting};
///
/// let config = BreakerConfig::builder().failure_threshold(2).counting(Counting::Rejections).build()?;
/// let breaker = CircuitBreaker::new("cache", config)?;
/// assert_eq!(breaker.call(|| Ok::<_, String>(7)), Ok(7));
/// assert!(breaker.call(|| Err::<(), _>("down")).is_err());
/// let stats = breaker.stats();
/// assert_eq!((stats.success, stats.failure, stats.consecutive_failures), (0, 0, 1));
///
/// assert!(breaker.call(|| Err::<(), _>("down")).is_err());
/// assert!(breaker.acquire().is_err());
/// assert_eq!((breaker.stats().transitions, breaker.stats().rejected), (1, 1));
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counting {
    /// All of them.
    Calls,
    /// Those that are rejected. Of those that pass it is not known how many there were: `success`, `failure`, `ignored`,
    /// `in_flight` and `consecutive_successes` are 0, always. All else is as with [`Counting::Calls`]: what decides, such as
    /// failures in a row and a window, and what is rare.
    Rejections,
}
