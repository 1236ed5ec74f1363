//! The number that tells a breaker's periods apart, so that a late result cannot change a period it does not belong to.

use std::fmt;

/// One period of a breaker between two changes. It grows by one at every transition and at every manual command.
///
/// A call carries the generation that admitted it; its result decides something only while that one lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

/// A thousand changes a second take 34 years to come round.
const BITS: u32 = 40;

impl Generation {
    /// The generation of a new breaker.
    pub const FIRST: Self = Self(0);

    /// The number, counted from zero.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// Generation `number`, counted from zero and round.
    pub(super) const fn from_u64(number: u64) -> Self {
        Self(number & ((1 << BITS) - 1))
    }

    /// The generation after this one.
    #[must_use]
    pub(super) const fn next(self) -> Self {
        Self::from_u64(self.0 + 1)
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
