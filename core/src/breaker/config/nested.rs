//! What a call counts as that is made inside another one of the same breaker.

/// What a call counts as that is made inside another one of the same breaker, such as one of a function that retries and is
/// called by another one that does.
///
/// Inside is what a unit of execution does while it runs the function of a call, or polls its future: neither what the
/// unit does between two polls, such as other tasks of its thread, nor what another unit does that is started there. A
/// call is looked at when it begins, a future when it is first polled.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker, Nested};
///
/// let config = BreakerConfig::builder().failure_threshold(2).nested(Nested::Once).build()?;
/// let llm = CircuitBreaker::new("llm", config)?;
/// let ask = || llm.call(|| Err::<(), _>("down"));
///
/// // What fails inside fails outside as well. That is one failure, and not two.
/// assert!(llm.call(ask).is_err());
/// assert_eq!((llm.stats().failure, llm.stats().attempts()), (1, 1));
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nested {
    /// It is a call like every other: both are counted, and both need a permit. A trial inside a trial of a breaker that has
    /// one permit is rejected.
    Twice,
    /// It is a part of the one that it is inside of, and passes without a permit of its own, whatever has become of the
    /// breaker meanwhile: it is neither rejected nor counted, and nobody is asked what its result counts as. So it is with
    /// each way to make a call, also with tower's services, and also where it is one way inside another.
    ///
    /// To look for that takes several times as long as a closed breaker takes for a call otherwise, some 50 ns, and no lock; and
    /// the memory of a few words for each unit of execution. Permits that are [taken by hand](crate::breaker::CircuitBreaker::acquire) are calls like every other, and
    /// nothing is inside of them. Breakers are told apart, whatever their names.
    Once,
}
