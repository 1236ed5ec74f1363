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
const NANOS_PER_SECOND: i128 = 1_000_000_000;
const SECONDS_PER_DAY: i128 = 86_400;
/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z in seconds since the Unix epoch: what RFC 3339 can write.
const RFC3339_SECONDS: (i128, i128) = (-62_167_219_200, 253_402_300_799);

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

    /// Writes the 30 bytes of the RFC 3339 form, without allocating: `2026-01-01T12:00:00.000000000Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> [u8; 30] {
        let (first, last) = RFC3339_SECONDS;
        let seconds = self.0.div_euclid(NANOS_PER_SECOND);
        let (seconds, nanos) = match seconds {
            early if early < first => (first, 0),
            late if late > last => (last, NANOS_PER_SECOND - 1),
            _ => (seconds, self.0.rem_euclid(NANOS_PER_SECOND)),
        };
        let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
        let second_of_day = seconds.rem_euclid(SECONDS_PER_DAY);

        let mut text = *b"0000-00-00T00:00:00.000000000Z";
        digits(&mut text[0..4], year);
        digits(&mut text[5..7], month);
        digits(&mut text[8..10], day);
        digits(&mut text[11..13], second_of_day / 3600);
        digits(&mut text[14..16], second_of_day / 60 % 60);
        digits(&mut text[17..19], second_of_day % 60);
        digits(&mut text[20..29], nanos);
        text
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

/// Writes `value` in decimal, right-aligned over the zeros in `into`.
fn digits(into: &mut [u8], value: i128) {
    let mut rest = u64::try_from(value).expect("a clamped calendar field is not negative");
    for place in into.iter_mut().rev() {
        *place = b'0' + u8::try_from(rest % 10).expect("a digit is below ten");
        rest /= 10;
    }
}

/// Year, month and day of the day `days` after 1970-01-01 in the proleptic Gregorian calendar.
///
/// The algorithm is `civil_from_days` from Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
fn civil_from_days(days: i128) -> (i128, i128, i128) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i128::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_written_as_rfc3339() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (951_782_400, "2000-02-29T00:00:00.000000000Z"),
            (1_767_268_800, "2026-01-01T12:00:00.000000000Z"),
            (-62_167_219_200, "0000-01-01T00:00:00.000000000Z"),
            (253_402_300_799, "9999-12-31T23:59:59.000000000Z"),
        ] {
            assert_eq!(Timestamp::from_unix_nanos(seconds * NANOS_PER_SECOND).to_string(), text);
        }
    }

    #[test]
    fn moments_outside_rfc3339_are_clamped() {
        let day = SECONDS_PER_DAY * NANOS_PER_SECOND;
        let before = Timestamp::from_unix_nanos(RFC3339_SECONDS.0 * NANOS_PER_SECOND - day);
        let after = Timestamp::from_unix_nanos(RFC3339_SECONDS.1 * NANOS_PER_SECOND + day);
        assert_eq!(before.to_string(), "0000-01-01T00:00:00.000000000Z");
        assert_eq!(after.to_string(), "9999-12-31T23:59:59.999999999Z");
        assert_eq!(Timestamp::from_unix_nanos(i128::MIN).to_string(), before.to_string());
    }

    #[test]
    fn instants_saturate_instead_of_wrapping() {
        assert_eq!(Instant::MAX.saturating_add(Duration::MAX), Instant::MAX);
        assert_eq!(Instant::ORIGIN.saturating_duration_since(Instant::MAX), Duration::ZERO);
    }
}
