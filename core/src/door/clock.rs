//! Two clocks, two types, no conversion: monotonic [`Instant`] and wall [`Timestamp`].

use std::fmt;
use std::time::Duration;

/// The two clocks of the unit of execution that asks.
pub trait Clock {
    /// The monotonic clock. It never goes back; equal readings are allowed.
    fn now(&self) -> Instant;

    /// The wall clock. It may step either way, stand still, or be before 1970; it is for log lines, never for waiting.
    fn wall(&self) -> Timestamp;
}

/// A reading of a monotonic clock: integer nanoseconds since an origin that only its platform knows.
///
/// Readings of different platforms, or of different simulated nodes, are not comparable.
///
/// ```
/// use retrip_core::door::Instant;
/// use std::time::Duration;
///
/// let opened = Instant::from_nanos(5);
/// // An interval is over at exactly its end, not one nanosecond later.
/// assert_eq!(opened.saturating_add(Duration::from_nanos(10)), Instant::from_nanos(15));
/// // The past is never negative.
/// assert_eq!(opened.saturating_duration_since(Instant::from_nanos(7)), Duration::ZERO);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// The origin of the platform's monotonic clock.
    pub const ORIGIN: Self = Self(0);
    /// The last instant that can be told: 584 years after the origin. Arithmetic saturates here.
    pub const MAX: Self = Self(u64::MAX);

    /// The instant `nanos` nanoseconds after the origin.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the origin.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// `self + duration`, or [`Instant::MAX`] where that cannot be told.
    #[must_use]
    pub const fn saturating_add(self, duration: Duration) -> Self {
        let nanos = duration.as_nanos();
        if nanos > u64::MAX as u128 { Self::MAX } else { Self(self.0.saturating_add(nanos as u64)) }
    }

    /// The time from `earlier` to `self`; zero where `earlier` is later.
    #[must_use]
    pub const fn saturating_duration_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}s", self.0 / NANOS_PER_SECOND_U64, self.0 % NANOS_PER_SECOND_U64)
    }
}

const NANOS_PER_SECOND_U64: u64 = 1_000_000_000;

/// A reading of a wall clock: integer nanoseconds since 1970-01-01T00:00:00Z, before it negative.
///
/// [`Display`](fmt::Display) writes RFC 3339 in UTC with nine fractional digits. Readings outside the years 0 to 9999,
/// which RFC 3339 cannot write, are written as the nearest moment it can.
///
/// ```
/// use retrip_core::door::Timestamp;
///
/// assert_eq!(Timestamp::EPOCH.to_string(), "1970-01-01T00:00:00.000000000Z");
/// assert_eq!(Timestamp::from_unix_nanos(-1).to_string(), "1969-12-31T23:59:59.999999999Z");
/// assert_eq!(Timestamp::from_unix_nanos(i128::MAX).to_string(), "9999-12-31T23:59:59.999999999Z");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i128);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The moment `nanos` nanoseconds after the Unix epoch; negative before it.
    #[must_use]
    pub const fn from_unix_nanos(nanos: i128) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the Unix epoch; negative before it.
    #[must_use]
    pub const fn as_unix_nanos(self) -> i128 {
        self.0
    }

    /// `self + nanos`, saturating at both ends.
    #[must_use]
    pub const fn saturating_add_nanos(self, nanos: i128) -> Self {
        Self(self.0.saturating_add(nanos))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.to_rfc3339()).expect("every byte written is ASCII"))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_saturate_instead_of_wrapping() {
        assert_eq!(Instant::MAX.saturating_add(Duration::MAX), Instant::MAX);
        assert_eq!(Instant::ORIGIN.saturating_duration_since(Instant::MAX), Duration::ZERO);
    }
}
