//! The one number that a run descends from, and ranges of them.

use std::fmt;
use std::iter::FusedIterator;
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

/// Consecutive seeds, the end excluded; never empty.
///
/// Read from `A..B` with A below B, or from `N`, which means `0..N`; each bound in decimal or `0x` hexadecimal.
///
/// ```
/// use retrip_sim::seed::{Seed, SeedRange};
///
/// let range: SeedRange = "0x10..18".parse().expect("both bounds are numbers, in order");
/// assert_eq!(range.iter().collect::<Vec<_>>(), [Seed::new(16), Seed::new(17)]);
/// assert_eq!("3".parse::<SeedRange>().expect("a count").to_string(), "0..3");
/// assert!("4..4".parse::<SeedRange>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SeedRange {
    start: u64,
    end: u64,
}

#[expect(clippy::len_without_is_empty, reason = "a range of seeds is never empty")]
impl SeedRange {
    /// The seeds from `start` up to, not including, `end`.
    ///
    /// # Errors
    /// [`SeedError::NoSeeds`] where `start` is not below `end`.
    pub const fn new(start: u64, end: u64) -> Result<Self, SeedError> {
        if start < end { Ok(Self { start, end }) } else { Err(SeedError::NoSeeds { start, end }) }
    }

    /// The first seed.
    #[must_use]
    pub const fn first(self) -> Seed {
        Seed(self.start)
    }

    /// The first seed after the range.
    #[must_use]
    pub const fn end(self) -> Seed {
        Seed(self.end)
    }

    /// How many seeds there are; at least one.
    #[must_use]
    pub const fn len(self) -> u64 {
        self.end - self.start
    }

    /// The seeds in ascending order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Seed> + FusedIterator + Clone + use<> {
        (self.start..self.end).map(Seed)
    }
}

impl fmt::Display for SeedRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl FromStr for SeedRange {
    type Err = SeedError;

    fn from_str(text: &str) -> Result<Self, SeedError> {
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
        "`{input}` is no seed: write a decimal number (4), a hexadecimal one (0x4) or a commit hash of 40 digits"
    )]
    NotANumber {
        /// What was read.
        input: String,
    },
    /// A number that 64 bits cannot hold.
    #[error("`{input}` is too large for a seed: the largest is 0xffffffffffffffff")]
    TooLarge {
        /// What was read.
        input: String,
    },
    /// A range whose start is not below its end.
    #[error("`{start}..{end}` holds no seed: the start must be below the end, as in 0..100")]
    NoSeeds {
        /// The first seed that was asked for.
        start: u64,
        /// The first seed after the range.
        end: u64,
    },
}

/// The hexadecimal digits of a git commit hash (SHA-1).
const COMMIT_DIGITS: usize = 40;

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
        for text in ["", "0x", "+4", "-4", "4 ", "0xg", "1_000", "0X4"] {
            let error = text.parse::<Seed>().unwrap_err();
            assert_eq!(error, SeedError::NotANumber { input: text.to_owned() });
            assert!(error.to_string().contains(&format!("`{text}`")), "{error}");
        }
        let error = "18446744073709551616".parse::<Seed>().unwrap_err();
        assert!(matches!(error, SeedError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_range_is_half_open_and_never_empty() {
        let range: SeedRange = "7..10".parse().unwrap();
        assert_eq!((range.len(), range.first(), range.end()), (3, Seed(7), Seed(10)));
        assert_eq!(range.iter().next_back(), Some(Seed(9)));
        for text in ["0", "5..5", "6..5"] {
            let error = text.parse::<SeedRange>().unwrap_err();
            assert!(matches!(error, SeedError::NoSeeds { .. }), "{text}: {error}");
        }
        assert!("1..".parse::<SeedRange>().is_err());
        assert!("..1".parse::<SeedRange>().is_err());
        assert!(format!("0..{}", "a".repeat(40)).parse::<SeedRange>().is_err());
    }

    proptest! {
        #[test]
        fn what_prints_parses_back(value: u64) {
            prop_assert_eq!(Seed(value).to_string().parse(), Ok(Seed(value)));
            prop_assert_eq!(value.to_string().parse(), Ok(Seed(value)));
        }
    }
}
