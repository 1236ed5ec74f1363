//! The one number that a run descends from, and ranges of them.

use crate::one_line::one_line;
use std::fmt;
use std::iter::FusedIterator;
use std::num::NonZeroU64;
use std::str::FromStr;

/// The seed of one run: everything random in it descends from this number.
///
/// It prints in hexadecimal and is read from decimal, from `0x` hexadecimal, or from a git commit hash of exactly 40
/// hexadecimal digits, so that a build can be its own seed. A hash is 20 bytes; its seed is the exclusive or of bytes
/// 0 to 7, 8 to 15 and 16 to 19, each group read as one big-endian number.
///
/// ```
/// use retrip_sim::seed::Seed;
///
/// assert_eq!(Seed::new(4).to_string(), "0x4");
/// assert_eq!("0xff".parse(), Ok(Seed::new(255)));
/// assert_eq!("18446744073709551615".parse(), Ok(Seed::new(u64::MAX)));
/// // The last group has four bytes only.
/// assert_eq!("0000000000000001000000000000000200000004".parse(), Ok(Seed::new(7)));
/// assert!("seven".parse::<Seed>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seed(u64);

impl Seed {
    /// The seed with this value.
    #[must_use]
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The value.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {self}")
    }
}

impl FromStr for Seed {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, SeedError> {
        if text.len() == COMMIT_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self(folded(text)));
        }
        number(text).map(Self)
    }
}

/// Consecutive seeds; never empty.
///
/// Read from `A..B` with A below B, the end excluded; from `A..=B`, the end included, which alone can name the largest
/// seed; or from `N`, which means `0..N`; each bound in decimal or `0x` hexadecimal. Printed with the end excluded where
/// that can be told.
///
/// ```
/// use retrip_sim::seed::{Seed, SeedRange};
///
/// let range: SeedRange = "0x10..18".parse().expect("both bounds are numbers, in order");
/// assert_eq!(range.iter().collect::<Vec<_>>(), [Seed::new(16), Seed::new(17)]);
/// assert_eq!("3".parse::<SeedRange>().expect("a count").to_string(), "0..3");
/// assert!("4..4".parse::<SeedRange>().is_err());
/// let top: SeedRange = "0xfffffffffffffffe..=0xffffffffffffffff".parse().expect("these are two");
/// assert_eq!((top.len(), top.last()), (2, Seed::new(u64::MAX)));
/// assert_eq!(top.to_string(), "18446744073709551614..=18446744073709551615");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SeedRange {
    first: u64,
    last: u64,
}

#[expect(clippy::len_without_is_empty, reason = "a range of seeds is never empty")]
impl SeedRange {
    /// The seeds from `start` up to, not including, `end`.
    ///
    /// # Errors
    /// [`SeedError::NoSeeds`] where `start` is not below `end`.
    pub const fn new(start: u64, end: u64) -> Result<Self, SeedError> {
        if start < end {
            Ok(Self { first: start, last: end - 1 })
        } else {
            Err(SeedError::NoSeeds { start, end })
        }
    }

    /// The seeds from `first` to `last`, both included.
    ///
    /// # Errors
    /// [`SeedError::NoSeedsThrough`] where `first` is above `last`.
    pub const fn through(first: u64, last: u64) -> Result<Self, SeedError> {
        if first <= last {
            Ok(Self { first, last })
        } else {
            Err(SeedError::NoSeedsThrough { first, last })
        }
    }

    /// The range of `seed` alone.
    #[must_use]
    pub const fn one(seed: Seed) -> Self {
        Self { first: seed.0, last: seed.0 }
    }

    /// The first seed.
    #[must_use]
    pub const fn first(self) -> Seed {
        Seed(self.first)
    }

    /// The last seed.
    #[must_use]
    pub const fn last(self) -> Seed {
        Seed(self.last)
    }

    /// How many seeds there are: from one to 2^64.
    #[must_use]
    pub const fn len(self) -> u128 {
        (self.last - self.first) as u128 + 1
    }

    /// The first `count` seeds, all of them where there are no more, and those that are left.
    #[must_use]
    pub fn split(self, count: NonZeroU64) -> (Self, Option<Self>) {
        let last = self.first.saturating_add(count.get() - 1).min(self.last);
        let left = last.checked_add(1).and_then(|first| Self::through(first, self.last).ok());
        (Self { last, ..self }, left)
    }

    /// The seeds in ascending order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Seed> + FusedIterator + Clone + use<> {
        (self.first..=self.last).map(Seed)
    }
}

impl fmt::Display for SeedRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last.checked_add(1) {
            Some(end) => write!(f, "{}..{end}", self.first),
            None => write!(f, "{}..={}", self.first, self.last),
        }
    }
}

impl FromStr for SeedRange {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, SeedError> {
        if let Some((first, last)) = text.split_once("..=") {
            return Self::through(number(first)?, number(last)?);
        }
        match text.split_once("..") {
            Some((start, end)) => Self::new(number(start)?, number(end)?),
            None => Self::new(0, number(text)?),
        }
    }
}

/// Why a text names no seed, or a range holds none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// Neither a number nor a commit hash.
    #[error(
        "`{input}` is no seed: write a decimal number (4), a hexadecimal one (0x4) or a commit hash of 40 digits",
        input = one_line(input)
    )]
    NotANumber {
        /// What was read.
        input: String,
    },
    /// A number below zero.
    #[error("`{input}` is no seed: seeds are from 0 to {}", u64::MAX, input = one_line(input))]
    Negative {
        /// What was read.
        input: String,
    },
    /// A number that 64 bits cannot hold.
    #[error(
        "`{input}` is too large for a seed: the largest is 0xffffffffffffffff",
        input = one_line(input)
    )]
    TooLarge {
        /// What was read.
        input: String,
    },
    /// A range whose start is not below its end.
    #[error(
        "`{start}..{end}` holds no seed: the end is left out, so the start must be below it, as in 0..100"
    )]
    NoSeeds {
        /// The first seed that was asked for.
        start: u64,
        /// The first seed after the range.
        end: u64,
    },
    /// A range whose first seed is above its last.
    #[error("`{first}..={last}` holds no seed: the first must not be above the last, as in 0..=99")]
    NoSeedsThrough {
        /// The first seed that was asked for.
        first: u64,
        /// The last one.
        last: u64,
    },
}

/// The hexadecimal digits of a git commit hash (SHA-1).
pub(crate) const COMMIT_DIGITS: usize = 40;

/// The exclusive or of the three groups of 16, 16 and 8 digits.
fn folded(hash: &str) -> u64 {
    [&hash[..16], &hash[16..32], &hash[32..]]
        .into_iter()
        .map(|group| u64::from_str_radix(group, 16).expect("every digit was checked"))
        .fold(0, |seed, group| seed ^ group)
}

/// A decimal or `0x` hexadecimal number of 64 bits, without sign.
fn number(text: &str) -> Result<u64, SeedError> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(hexadecimal) => (hexadecimal, 16),
        None => (text, 10),
    };
    // The standard parser would also take a leading plus sign.
    let whole = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    if text.strip_prefix('-').is_some_and(|digits| !digits.is_empty() && whole(digits)) {
        return Err(SeedError::Negative { input: text.to_owned() });
    }
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(SeedError::NotANumber { input: text.to_owned() });
    }
    u64::from_str_radix(digits, radix).map_err(|_| SeedError::TooLarge { input: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_commit_hash_names_the_same_seed_for_ever() {
        let seed: Seed = "0123456789abcdef0fedcba98765432100000001".parse().unwrap();
        assert_eq!(seed.value(), 0x0123_4567_89ab_cdef ^ 0x0fed_cba9_8765_4321 ^ 1);
    }

    #[test]
    fn forty_decimal_digits_are_a_commit_hash() {
        let text = "1".repeat(40);
        let seed: Seed = text.parse().unwrap();
        assert_eq!(seed.value(), 0x1111_1111);
    }

    #[test]
    fn what_is_no_seed_is_named_with_what_would_be_right() {
        for text in ["", "0x", "+4", "-", "-0x4", "4 ", "0xg", "1_000", "0X4"] {
            let error = text.parse::<Seed>().unwrap_err();
            assert_eq!(error, SeedError::NotANumber { input: text.to_owned() });
            assert!(error.to_string().contains(&format!("`{text}`")), "{error}");
        }
        let error = "-4".parse::<Seed>().unwrap_err();
        assert_eq!(error.to_string(), "`-4` is no seed: seeds are from 0 to 18446744073709551615");
        let error = "18446744073709551616".parse::<Seed>().unwrap_err();
        assert!(matches!(error, SeedError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_range_is_never_empty_and_its_end_is_excluded_or_included() {
        let range: SeedRange = "7..10".parse().unwrap();
        assert_eq!((range.len(), range.first(), range.last()), (3, Seed(7), Seed(9)));
        assert_eq!("7..=9".parse(), Ok(range));
        assert_eq!("7..=7".parse(), Ok(SeedRange::one(Seed(7))));
        let error = "7..=6".parse::<SeedRange>().unwrap_err();
        assert_eq!(error, SeedError::NoSeedsThrough { first: 7, last: 6 });
        assert_eq!(range.iter().next_back(), Some(Seed(9)));
        for text in ["0", "5..5", "6..5"] {
            let error = text.parse::<SeedRange>().unwrap_err();
            assert!(matches!(error, SeedError::NoSeeds { .. }), "{text}: {error}");
        }
        assert!("1..".parse::<SeedRange>().is_err());
        assert!("..1".parse::<SeedRange>().is_err());
        assert!(format!("0..{}", "a".repeat(40)).parse::<SeedRange>().is_err());
    }

    #[test]
    fn a_range_reaches_the_largest_seed() {
        let all: SeedRange = "0..=18446744073709551615".parse().unwrap();
        assert_eq!(all.len(), 1 << 64);
        assert_eq!(all.to_string().parse(), Ok(all));
        assert_eq!(all.iter().next_back(), Some(Seed(u64::MAX)));
        let top = SeedRange::one(Seed(u64::MAX));
        assert_eq!(top.iter().collect::<Vec<_>>(), [Seed(u64::MAX)]);
    }

    #[test]
    fn a_range_is_split_without_loss_up_to_the_largest_seed() {
        let two = NonZeroU64::new(2).unwrap();
        let mut left = SeedRange::through(u64::MAX - 4, u64::MAX).ok();
        let mut parts = Vec::new();
        while let Some(range) = left {
            let (part, rest) = range.split(two);
            parts.push((u64::MAX - part.first().value(), u64::MAX - part.last().value()));
            left = rest;
        }
        assert_eq!(parts, [(4, 3), (2, 1), (0, 0)]);
    }

    proptest! {
        #[test]
        fn what_prints_parses_back(value: u64) {
            prop_assert_eq!(Seed(value).to_string().parse(), Ok(Seed(value)));
            prop_assert_eq!(value.to_string().parse(), Ok(Seed(value)));
        }
    }
}
