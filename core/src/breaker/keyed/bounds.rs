//! How many breakers are kept, and for how long.

use std::num::NonZeroUsize;
use std::time::Duration;

/// How many breakers are kept by key, and for how long one is that nobody asks for.
///
/// ```
/// use retrip_core::breaker::Bounds;
/// use std::time::Duration;
///
/// let bounds = Bounds { idle: Duration::from_secs(60), ..Bounds::default() };
/// assert_eq!(bounds.capacity.get(), 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// The most breakers at a time. Default 1024.
    pub capacity: NonZeroUsize,
    /// A breaker that nobody has asked for in exactly this time, on the monotonic clock, may go. Zero: at once. Default 10 min.
    pub idle: Duration,
}

impl Bounds {
    /// At most `capacity` breakers; none is as many as one.
    #[must_use]
    pub fn of(capacity: usize) -> Self {
        let capacity = NonZeroUsize::new(capacity).unwrap_or(NonZeroUsize::MIN);
        Self { capacity, ..Self::default() }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        let capacity = NonZeroUsize::new(1024).expect("it is not zero");
        Self { capacity, idle: Duration::from_secs(600) }
    }
}

/// There is no room for one more key: none of the breakers may go.
///
/// Each of them is held by somebody, or open, or half-open and not idle, or controlled by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error(
    "none of {capacity} breakers may go for one more key: raise the capacity, or keep no breaker for longer than a call"
)]
pub struct Full {
    /// The capacity.
    pub capacity: NonZeroUsize,
}
