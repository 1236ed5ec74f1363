//! Moments of the wall clock as people and logs write them: both directions.

use super::Timestamp;
use std::str::FromStr;

const NANOS: i128 = 1_000_000_000;
/// The first and the last second that RFC 3339 can write: the years 0 to 9999.
const SECONDS: (i64, i64) = (-62_167_219_200, 253_402_300_799);

impl Timestamp {
    /// Writes the 30 bytes of the RFC 3339 form, without allocating: `2026-01-01T12:00:00.000000000Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> [u8; 30] {
        let (seconds, nanos) = match u64::try_from(self.as_unix_nanos()) {
            // From 1970 to 2554, in numbers of one word.
            Ok(nanos) => ((nanos / NANOS as u64) as i64, (nanos % NANOS as u64) as u32),
            Err(_) => self.nearest(),
        };
        let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
        let second_of_day = seconds.rem_euclid(86_400) as u64;

        let mut text = *b"0000-00-00T00:00:00.000000000Z";
        digits(&mut text[0..4], year);
        digits(&mut text[5..7], month);
        digits(&mut text[8..10], day);
        digits(&mut text[11..13], second_of_day / 3600);
        digits(&mut text[14..16], second_of_day / 60 % 60);
        digits(&mut text[17..19], second_of_day % 60);
        write_nanos(&mut text, nanos);
        text
    }

    /// Whether it is in the years 0 to 9999, so that it is written as itself.
    pub(crate) fn is_in_rfc3339(self) -> bool {
        let seconds = self.as_unix_nanos().div_euclid(NANOS);
        (i128::from(SECONDS.0)..=i128::from(SECONDS.1)).contains(&seconds)
    }

    /// The seconds and nanoseconds of the nearest moment that can be written.
    #[cold]
    fn nearest(self) -> (i64, u32) {
        let (first, last) = SECONDS;
        let nanos = self.as_unix_nanos();
        match i64::try_from(nanos.div_euclid(NANOS)) {
            Ok(seconds) if (first..=last).contains(&seconds) => {
                (seconds, nanos.rem_euclid(NANOS) as u32)
            }
            _ if nanos < 0 => (first, 0),
            _ => (last, NANOS as u32 - 1),
        }
    }
}

/// Writes the nanoseconds of a second into their place in the RFC 3339 form.
#[inline]
pub(crate) fn write_nanos(text: &mut [u8; 30], nanos: u32) {
    digits(&mut text[20..29], nanos.into());
}

/// Writes the last digits of `value`, as many as there is room for in `into`.
#[inline]
fn digits(into: &mut [u8], value: u64) {
    let mut rest = value;
    for place in into.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

/// Year, month and day of the day `days` after 1970-01-01 in the proleptic Gregorian calendar, from the year 0 on.
///
/// The algorithm is `civil_from_days` from Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
fn civil_from_days(days: i64) -> (u64, u64, u64) {
    // One era more, because January and February of the year 0 are in the one before.
    let shifted = (days + 719_468 + 146_097) as u64;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2) - 400, month, day)
}

/// A text that is no moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{input}` is no time: write a day of UTC such as 2026-01-31, or a time with its zone such as 2026-01-31T12:00:00Z or \
     2026-01-31T12:00:00.5+02:00"
)]
pub struct TimestampError {
    /// What was given.
    pub input: String,
}

/// Reads RFC 3339, with at most nine digits behind the point, or a day, which is its first moment in UTC.
///
/// ```
/// use retrip_core::door::Timestamp;
///
/// let noon: Timestamp = "2026-01-01T13:00:00+01:00".parse()?;
/// assert_eq!(noon.to_string(), "2026-01-01T12:00:00.000000000Z");
/// assert_eq!("2026-01-01".parse(), Ok(noon.saturating_add_nanos(-12 * 3600 * 1_000_000_000)));
/// assert!("2026-02-29".parse::<Timestamp>().is_err(), "that year has no such day");
/// # Ok::<(), retrip_core::door::TimestampError>(())
/// ```
impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let mut rest = Rest(text.as_bytes());
        let nanos = rest.moment().filter(|_| rest.0.is_empty());
        nanos.map(Self::from_unix_nanos).ok_or_else(|| TimestampError { input: text.to_owned() })
    }
}

/// What is not read yet.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    /// Nanoseconds since the Unix epoch.
    fn moment(&mut self) -> Option<i128> {
        let days = self.date()?;
        if self.0.is_empty() {
            return Some(i128::from(days) * 86_400 * 1_000_000_000);
        }
        self.any_of(b"Tt ")?;
        let (seconds, nanos) = (self.clock()?, self.fraction()?);
        let seconds = days * 86_400 + seconds - self.zone()?;
        Some(i128::from(seconds) * 1_000_000_000 + i128::from(nanos))
    }

    /// Days since 1970-01-01.
    fn date(&mut self) -> Option<i64> {
        let year = self.digits(4)?;
        self.any_of(b"-")?;
        let month = self.digits(2)?;
        self.any_of(b"-")?;
        let day = self.digits(2)?;
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 => 28 + i64::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=last).contains(&day).then(|| days_from_civil(year, month, day))
    }

    /// Seconds since midnight. A leap second, which is the sixtieth, is the first one of the next minute, as Unix time has it.
    fn clock(&mut self) -> Option<i64> {
        let (hour, minute) = self.hour_and_minute()?;
        self.any_of(b":")?;
        let second = self.digits(2)?;
        (second <= 60).then_some(hour * 3600 + minute * 60 + second)
    }

    fn hour_and_minute(&mut self) -> Option<(i64, i64)> {
        let hour = self.digits(2)?;
        self.any_of(b":")?;
        let minute = self.digits(2)?;
        (hour < 24 && minute < 60).then_some((hour, minute))
    }

    /// Nanoseconds, where there is a point.
    fn fraction(&mut self) -> Option<i64> {
        if self.any_of(b".").is_none() {
            return Some(0);
        }
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let places = u32::try_from(9_usize.checked_sub(count)?).ok()?;
        (count > 0).then_some(())?;
        Some(self.digits(count)? * 10_i64.pow(places))
    }

    /// How many seconds the zone is ahead of UTC.
    fn zone(&mut self) -> Option<i64> {
        match self.any_of(b"Zz+-")? {
            sign @ (b'+' | b'-') => {
                let (hour, minute) = self.hour_and_minute()?;
                let ahead = hour * 3600 + minute * 60;
                Some(if sign == b'+' { ahead } else { -ahead })
            }
            _ => Some(0),
        }
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'))
        })
    }

    fn any_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| self.0 = rest)?;
        Some(*first)
    }
}

/// The day of the proleptic Gregorian calendar, counted from 1970-01-01.
///
/// The algorithm is `days_from_civil` from Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            nanos in -62_167_219_200_000_000_000_i128..253_402_300_800_000_000_000,
        ) {
            let at = Timestamp::from_unix_nanos(nanos);
            prop_assert_eq!(at.to_string().parse(), Ok(at));
        }
    }

    #[test]
    fn known_moments_are_written_as_rfc3339() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (951_782_400, "2000-02-29T00:00:00.000000000Z"),
            (1_767_268_800, "2026-01-01T12:00:00.000000000Z"),
            (-62_167_219_200, "0000-01-01T00:00:00.000000000Z"),
            (253_402_300_799, "9999-12-31T23:59:59.000000000Z"),
        ] {
            assert_eq!(Timestamp::from_unix_nanos(seconds * NANOS).to_string(), text);
        }
    }

    #[test]
    fn moments_outside_rfc3339_are_clamped() {
        let day = 86_400 * NANOS;
        let before = Timestamp::from_unix_nanos(i128::from(SECONDS.0) * NANOS - day);
        let after = Timestamp::from_unix_nanos(i128::from(SECONDS.1) * NANOS + day);
        assert_eq!(before.to_string(), "0000-01-01T00:00:00.000000000Z");
        assert_eq!(after.to_string(), "9999-12-31T23:59:59.999999999Z");
        assert_eq!(Timestamp::from_unix_nanos(i128::MIN).to_string(), before.to_string());
    }

    #[test]
    fn every_form_of_a_moment_is_read() {
        let noon = 1_767_268_800_000_000_000;
        for (text, nanos) in [
            ("2026-01-01T12:00:00Z", noon),
            ("2026-01-01t12:00:00z", noon),
            ("2026-01-01 12:00:00Z", noon),
            ("2026-01-01T13:30:00+01:30", noon),
            ("2026-01-01T04:00:00-08:00", noon),
            ("2026-01-01T12:00:00.5Z", noon + 500_000_000),
            ("2026-01-01T12:00:00.000000001Z", noon + 1),
            ("2026-01-01T11:59:60Z", noon),
            ("2026-01-01", noon - 43_200_000_000_000),
            ("2024-02-29", 1_709_164_800_000_000_000),
            ("2000-02-29", 951_782_400_000_000_000),
            ("1969-12-31T23:59:59.999999999Z", -1),
        ] {
            assert_eq!(text.parse(), Ok(Timestamp::from_unix_nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_named() {
        for text in [
            "",
            "noon",
            "2026",
            "2026-1-1",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "2026-02-29",
            "1900-02-29",
            "2026-01-00",
            "2026-01-01T",
            "2026-01-01T12:00Z",
            "2026-01-01T12:00:00",
            "2026-01-01T24:00:00Z",
            "2026-01-01T12:60:00Z",
            "2026-01-01T12:00:61Z",
            "2026-01-01T12:00:00.Z",
            "2026-01-01T12:00:00.0000000001Z",
            "2026-01-01T12:00:00+0100",
            "2026-01-01T12:00:00+24:00",
            "2026-01-01T12:00:00Z ",
            "+026-01-01",
            "２026-01-01",
        ] {
            let error = text.parse::<Timestamp>().expect_err(text);
            assert!(error.to_string().starts_with(&format!("`{text}` is no time")), "{error}");
        }
    }
}
