//! Random numbers by named stream, so that one more draw in one place moves nothing elsewhere.

use std::fmt;
use std::num::NonZeroU64;

/// Where random numbers come from.
pub trait Random {
    /// A number in `0..bound`, uniform, from the stream named `stream`.
    ///
    /// Streams are independent: a draw from one never changes what another gives.
    fn draw(&self, stream: Stream, bound: NonZeroU64) -> u64;
}

/// The name of a stream of random numbers, after what it decides: `breaker.jitter`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream(&'static str);

impl Stream {
    /// A stream by its name.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stream {}", self.0)
    }
}
