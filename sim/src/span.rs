//! Durations as text: `1.5s` and `10ms` in plans, `-3600s` for a step of a clock, `30.000s` in logs.

use crate::one_line::one_line;
use retrip_core::door::Instant;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A duration in a plan: one number and one unit.
///
/// Printed in seconds from one second on, below that in the largest of ms, us and ns that makes it whole; zero is
/// `0s`. Read from a number, which may have a fraction, and one of h, m, s, ms, us and ns, as long as it is a whole
/// number of nanoseconds and of at most 584 years (2^64 nanoseconds, all that a run can last). Every such duration parses
/// back from what it prints.
///
/// ```
/// use retrip_sim::span::Span;
/// use std::time::Duration;
///
/// assert_eq!(Span(Duration::from_millis(1500)).to_string(), "1.5s");
/// assert_eq!(Span(Duration::from_micros(1500)).to_string(), "1500us");
/// assert_eq!("2m".parse(), Ok(Span(Duration::from_secs(120))));
/// // A nanosecond is never lost.
/// assert_eq!("29.999999999s".parse(), Ok(Span(Duration::from_nanos(29_999_999_999))));
/// assert!("1.5ns".parse::<Span>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, nanos) = (self.0.as_secs(), self.0.subsec_nanos());
        match (seconds, nanos) {
            (_, 0) => write!(f, "{seconds}s"),
            (0, _) if nanos % 1_000_000 == 0 => write!(f, "{}ms", nanos / 1_000_000),
            (0, _) if nanos % 1000 == 0 => write!(f, "{}us", nanos / 1000),
            (0, _) => write!(f, "{nanos}ns"),
            _ => write!(f, "{seconds}.{}s", Fraction { nanos, by: 1 }),
        }
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let not_a_span = || SpanError::NotASpan { input: text.to_owned() };
        let lowercase = |byte: &u8| byte.is_ascii_lowercase();
        let unit_at = text.as_bytes().iter().position(lowercase).ok_or_else(not_a_span)?;
        let (number, unit) = text.split_at(unit_at);
        let &(_, unit) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(not_a_span)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let all_digits =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return Err(not_a_span());
        }
        let too_long = || SpanError::TooLong { input: text.to_owned() };
        let whole: u64 = whole.parse().map_err(|_| too_long())?;
        let nanos = u128::from(whole) * unit + fraction_of(fraction, unit, text)?;
        duration(nanos).map(Self).ok_or_else(too_long)
    }
}

/// How far a clock is moved, either way, in nanoseconds.
///
/// Printed and read like a [`Span`], with a minus sign where it is negative; a plus sign is also read.
///
/// ```
/// use retrip_sim::span::Offset;
///
/// assert_eq!(Offset::from_nanos(-3_600_000_000_000).to_string(), "-3600s");
/// assert_eq!("+0.5s".parse(), Ok(Offset::from_nanos(500_000_000)));
/// assert_eq!(Offset::from_nanos(500_000_000).to_string(), "500ms");
/// assert_eq!("-1h".parse(), Ok(Offset::from_nanos(-3_600_000_000_000)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(i64);

impl Offset {
    /// `nanos` nanoseconds forward; back where negative.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds forward; back where negative.
    #[must_use]
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// How far, whichever way.
    #[must_use]
    pub const fn magnitude(self) -> Duration {
        Duration::from_nanos(self.0.unsigned_abs())
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 < 0 { "-" } else { "" })?;
        Span(self.magnitude()).fmt(f)
    }
}

impl FromStr for Offset {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let (sign, magnitude) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
            (Some(rest), _) => (-1, rest),
            (None, rest) => (1, rest.unwrap_or(text)),
        };
        let too_far = || SpanError::TooFar { input: text.to_owned() };
        let Span(magnitude) = magnitude.parse().map_err(|error| match error {
            SpanError::TooLong { .. } => too_far(),
            error => error.about(text),
        })?;
        i128::try_from(magnitude.as_nanos())
            .ok()
            .and_then(|nanos| i64::try_from(sign * nanos).ok())
            .map(Self)
            .ok_or_else(too_far)
    }
}

/// A time in a log: seconds with three decimals, and with six or nine only where they are not zero.
///
/// A digit so stands for the same unit as the one above it, and a time that ends in a zero is no shorter than its
/// neighbours. Width and alignment of the format are kept.
///
/// ```
/// use retrip_sim::span::{Offset, Seconds};
/// use std::time::Duration;
///
/// assert_eq!(Seconds(Duration::from_secs(30)).to_string(), "30.000s");
/// assert_eq!(Seconds(Duration::from_micros(1500)).to_string(), "0.001500s");
/// assert_eq!(Seconds(Duration::from_nanos(29_999_999_999)).to_string(), "29.999999999s");
/// assert_eq!(Seconds(Offset::from_nanos(-500_000_000)).to_string(), "-0.500s");
/// assert_eq!(format!("{:>8}", Seconds(Duration::ZERO)), "  0.000s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds<T>(pub T);

impl fmt::Display for Seconds<Duration> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        seconds("", self.0, f)
    }
}

impl fmt::Display for Seconds<Offset> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        seconds(if self.0.0 < 0 { "-" } else { "" }, self.0.magnitude(), f)
    }
}

/// The time since the origin of the clock.
impl fmt::Display for Seconds<Instant> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        seconds("", Duration::from_nanos(self.0.as_nanos()), f)
    }
}

/// Why a text is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpanError {
    /// Not a number followed by a unit.
    #[error(
        "`{input}` is no duration: write a number and one of h, m, s, ms, us, ns, such as 1.5s",
        input = one_line(input)
    )]
    NotASpan {
        /// What was read.
        input: String,
    },
    /// A fraction that is not a whole number of nanoseconds.
    #[error(
        "`{input}` is finer than a nanosecond, which is the smallest step of time",
        input = one_line(input)
    )]
    TooFine {
        /// What was read.
        input: String,
    },
    /// A length of time that cannot be told.
    #[error(
        "`{input}` is too long: a run lasts at most {}, which are 584 years",
        longest(),
        input = one_line(input)
    )]
    TooLong {
        /// What was read.
        input: String,
    },
    /// A step of a clock that cannot be told.
    #[error(
        "`{input}` is too far: a clock is moved by at most {}, which are 292 years",
        farthest(),
        input = one_line(input)
    )]
    TooFar {
        /// What was read.
        input: String,
    },
}

impl SpanError {
    /// The same reason, said of a longer input that the bad one was cut from.
    fn about(self, input: &str) -> Self {
        let input = input.to_owned();
        match self {
            Self::NotASpan { .. } => Self::NotASpan { input },
            Self::TooFine { .. } => Self::TooFine { input },
            Self::TooLong { .. } => Self::TooLong { input },
            Self::TooFar { .. } => Self::TooFar { input },
        }
    }
}

/// The longest time that is read.
fn longest() -> Span {
    Span(Duration::from_nanos(u64::MAX))
}

/// The farthest that a clock is moved forward; back it is one nanosecond more.
fn farthest() -> Offset {
    Offset(i64::MAX)
}

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// Nanoseconds of each unit.
const UNITS: [(&str, u128); 6] = [
    ("h", 3600 * NANOS_PER_SECOND),
    ("m", 60 * NANOS_PER_SECOND),
    ("s", NANOS_PER_SECOND),
    ("ms", 1_000_000),
    ("us", 1000),
    ("ns", 1),
];

/// The decimals of a second, `by` at a time, without the zeros that may be left out: by 1 the fewest that tell the
/// time, by 3 those of milliseconds, microseconds or nanoseconds.
pub(crate) struct Fraction {
    pub(crate) nanos: u32,
    pub(crate) by: u32,
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut digits, mut width) = (self.nanos, 9);
        let group = 10_u32.pow(self.by);
        while width > self.by && digits.is_multiple_of(group) {
            digits /= group;
            width -= self.by;
        }
        let width = width as usize;
        write!(f, "{digits:0width$}")
    }
}

/// The nanoseconds in the decimals `digits` of a unit.
fn fraction_of(digits: &str, unit: u128, text: &str) -> Result<u128, SpanError> {
    let too_fine = || SpanError::TooFine { input: text.to_owned() };
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Ok(0);
    }
    // A whole number of nanoseconds has at most 13 decimals, even as a part of an hour.
    let places = u32::try_from(digits.len()).ok().filter(|&places| places <= 18);
    let scale = 10_u128.pow(places.ok_or_else(too_fine)?);
    let value = digits.bytes().fold(0, |value, digit| value * 10 + u128::from(digit - b'0'));
    let (product, scale) = (value * unit, scale);
    // Nearly always both fit into a word, and dividing two of them takes many times as long.
    let (whole, rest) = match (u64::try_from(product), u64::try_from(scale)) {
        (Ok(product), Ok(scale)) => (u128::from(product / scale), u128::from(product % scale)),
        _ => (product / scale, product % scale),
    };
    if rest == 0 { Ok(whole) } else { Err(too_fine()) }
}

/// The duration of so many nanoseconds, if it can be told.
fn duration(nanos: u128) -> Option<Duration> {
    u64::try_from(nanos).ok().map(Duration::from_nanos)
}

/// Writes a sign and a time in seconds, padded as the format asks.
fn seconds(sign: &str, time: Duration, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let fraction = Fraction { nanos: time.subsec_nanos(), by: 3 };
    f.pad(&format!("{sign}{}.{fraction}s", time.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_print_in_their_canonical_form() {
        for (nanos, text) in [
            (0, "0s"),
            (1, "1ns"),
            (3_000, "3us"),
            (1_500_000, "1500us"),
            (10_000_000, "10ms"),
            (999_999_999, "999999999ns"),
            (1_000_000_000, "1s"),
            (1_500_000_000, "1.5s"),
            (29_999_999_999, "29.999999999s"),
            (3_600_000_000_000, "3600s"),
        ] {
            assert_eq!(Span(Duration::from_nanos(nanos)).to_string(), text);
        }
    }

    #[test]
    fn every_unit_and_a_fraction_of_it_is_read() {
        for (text, nanos) in [
            ("1h", 3_600_000_000_000),
            ("0.5h", 1_800_000_000_000),
            ("2m", 120_000_000_000),
            ("1.50s", 1_500_000_000),
            ("1.5ms", 1_500_000),
            ("0.001us", 1),
            ("1.0ns", 1),
            ("0.0000000000025h", 9),
        ] {
            assert_eq!(text.parse(), Ok(Span(Duration::from_nanos(nanos))), "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_named() {
        for text in
            ["", "s", "1", "1 s", ".5s", "1.s", "1.2.3s", "-1s", "+1s", "1d", "1S", "1e3s", "1ss"]
        {
            let error = text.parse::<Span>().unwrap_err();
            assert_eq!(error, SpanError::NotASpan { input: text.to_owned() });
        }
        assert!(matches!("0.0000000001s".parse::<Span>(), Err(SpanError::TooFine { .. })));
        assert!(matches!("0.00000000000025h".parse::<Span>(), Err(SpanError::TooFine { .. })));
        assert!(matches!("18446744073709551615h".parse::<Span>(), Err(SpanError::TooLong { .. })));
        assert!(matches!("18446744074s".parse::<Span>(), Err(SpanError::TooLong { .. })));
        assert_eq!("18446744073.709551615s".parse(), Ok(Span(Duration::from_nanos(u64::MAX))));
        for text in ["9999999999s", "-9999999999s", "+9999999999h", "9223372036.854775808s"] {
            let error = text.parse::<Offset>().expect_err("292 years are the most");
            assert_eq!(error, SpanError::TooFar { input: text.to_owned() });
            assert!(error.to_string().contains("at most 9223372036.854775807s"), "{error}");
        }
        let long = "18446744074s".parse::<Span>().expect_err("584 years are the most").to_string();
        assert!(long.contains("`18446744074s`") && long.contains("18446744073.709551615s"));
        assert_eq!("-1d".parse::<Offset>(), Err(SpanError::NotASpan { input: "-1d".to_owned() }));
        assert!("--1s".parse::<Offset>().is_err());
    }

    #[test]
    fn log_times_have_three_decimals_or_six_or_nine_where_they_count() {
        for (nanos, text) in [
            (0, "0.000s"),
            (1, "0.000000001s"),
            (120_000, "0.000120s"),
            (1_000_100, "0.001000100s"),
            (12_000_000_000, "12.000s"),
            (1_234_000_000, "1.234s"),
        ] {
            assert_eq!(Seconds(Duration::from_nanos(nanos)).to_string(), text);
            assert_eq!(Seconds(Instant::from_nanos(nanos)).to_string(), text);
        }
        assert_eq!(Seconds(Offset::from_nanos(-1)).to_string(), "-0.000000001s");
    }

    proptest! {
        #[test]
        fn every_span_parses_back(nanos: u64, seconds in 0_u64..18_000_000_000, below in 0_u32..1_000_000_000) {
            for span in [Span(Duration::from_nanos(nanos)), Span(Duration::new(seconds, below))] {
                prop_assert_eq!(span.to_string().parse(), Ok(span));
            }
        }

        #[test]
        fn every_round_span_parses_back(count in 0_u64..2_000, zeros in 0_u32..12) {
            let span = Span(Duration::from_nanos(count * 10_u64.pow(zeros)));
            prop_assert_eq!(span.to_string().parse(), Ok(span));
        }

        #[test]
        fn every_offset_parses_back(nanos: i64) {
            for offset in [nanos, i64::MIN, i64::MAX, nanos / 1_000_000_000].map(Offset) {
                prop_assert_eq!(offset.to_string().parse(), Ok(offset));
            }
        }
    }
}
