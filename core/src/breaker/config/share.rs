//! A share of a whole, as an exact integer.

use std::fmt;
use std::str::FromStr;

/// A share of a whole in parts per million, from nothing to all: `50%`.
///
/// Shares are compared by multiplying, never by dividing: no rounding decides whether a breaker trips.
///
/// ```
/// use retrip_core::breaker::Share;
///
/// let half = Share::percent(50);
/// assert!(half.is_reached_by(2, 4));
/// assert!(!half.is_reached_by(499_999, 1_000_000));
/// assert_eq!(half.to_string(), "50%");
/// assert_eq!(Share::per_million(5000).to_string(), "0.5%");
/// // What prints also parses.
/// assert_eq!("0.5%".parse(), Ok(Share::per_million(5000)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// All.
    pub const ALL: Self = Self(WHOLE);

    /// `percent` of a hundred.
    ///
    /// # Panics
    /// `percent` is above 100.
    #[must_use]
    pub const fn percent(percent: u32) -> Self {
        assert!(percent <= 100, "a share is at most 100%");
        Self(percent * (WHOLE / 100))
    }

    /// `parts` of a million.
    ///
    /// # Panics
    /// `parts` is above a million.
    #[must_use]
    pub const fn per_million(parts: u32) -> Self {
        assert!(parts <= WHOLE, "a share is at most 1,000,000 parts of a million");
        Self(parts)
    }

    /// Parts of a million.
    #[must_use]
    pub const fn as_per_million(self) -> u32 {
        self.0
    }

    /// Whether `part` of `whole` is at least this share. Of nothing, no share is reached.
    #[must_use]
    pub const fn is_reached_by(self, part: u64, whole: u64) -> bool {
        whole > 0 && part as u128 * WHOLE as u128 >= self.0 as u128 * whole as u128
    }

    /// This share of `amount`, rounded down.
    pub(crate) const fn of(self, amount: u64) -> u64 {
        // A share is at most the whole, so that the result fits where `amount` does.
        (amount as u128 * self.0 as u128 / WHOLE as u128) as u64
    }

    /// The least part of `whole` that reaches this share.
    pub(super) const fn least_of(self, whole: u32) -> u32 {
        // A share is at most the whole, so that the result fits where `whole` does.
        (whole as u64 * self.0 as u64).div_ceil(WHOLE as u64) as u32
    }
}

const WHOLE: u32 = 1_000_000;

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (percent, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            return f.pad(&format!("{percent}%"));
        }
        let decimals = format!("{rest:04}");
        f.pad(&format!("{percent}.{}%", decimals.trim_end_matches('0')))
    }
}

/// A text that is no [`Share`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a share is 0% to 100%, with at most four decimals")]
pub struct ShareError;

impl FromStr for Share {
    type Err = ShareError;

    /// Reads a percentage: digits, at most four decimals after a point, and the sign.
    fn from_str(text: &str) -> Result<Self, ShareError> {
        let number = text.strip_suffix('%').ok_or(ShareError)?;
        let (percent, decimals) = match number.split_once('.') {
            Some((percent, decimals)) if !decimals.is_empty() => (percent, decimals),
            Some(_) => return Err(ShareError),
            None => (number, ""),
        };
        let digits =
            [percent, decimals].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
        if percent.is_empty() || !digits || decimals.len() > 4 {
            return Err(ShareError);
        }
        let parts = format!("{percent}{decimals:0<4}").parse().map_err(|_| ShareError)?;
        if parts > WHOLE { Err(ShareError) } else { Ok(Self(parts)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_reached_at_exactly_its_part() {
        assert!(Share::percent(50).is_reached_by(1, 2));
        assert!(!Share::percent(51).is_reached_by(1, 2));
        assert!(Share::per_million(333_333).is_reached_by(1, 3));
        assert!(!Share::per_million(333_334).is_reached_by(1, 3));
        assert!(!Share::NONE.is_reached_by(0, 0));
        assert!(Share::ALL.is_reached_by(u64::MAX, u64::MAX));
        assert!(!Share::ALL.is_reached_by(u64::MAX - 1, u64::MAX));
    }

    #[test]
    fn a_share_of_an_amount_is_rounded_down() {
        assert_eq!(Share::percent(50).of(3), 1);
        assert_eq!(Share::ALL.of(u64::MAX), u64::MAX);
        assert_eq!(Share::NONE.of(u64::MAX), 0);
    }

    #[test]
    fn a_share_reads_as_percent() {
        let texts = [0, 1, 12_500, 999_999, 1_000_000].map(|n| Share::per_million(n).to_string());
        assert_eq!(texts, ["0%", "0.0001%", "1.25%", "99.9999%", "100%"]);
    }

    #[test]
    fn what_reads_as_percent_is_read_as_it() {
        for parts in (0..=WHOLE).step_by(7).chain([1, 999_999, WHOLE]) {
            let share = Share::per_million(parts);
            assert_eq!(share.to_string().parse(), Ok(share));
        }
        assert_eq!("050.50%".parse(), Ok(Share::per_million(505_000)));
        let refused = [
            "",
            "%",
            "50",
            "100.0001%",
            "101%",
            "-1%",
            "+1%",
            "1.00000%",
            ".5%",
            "5.%",
            "1 %",
            "1,5%",
            "4294967296%",
            "99999999999999999999%",
            "½%",
        ];
        for text in refused {
            assert_eq!(text.parse::<Share>(), Err(ShareError), "{text}");
        }
    }
}
