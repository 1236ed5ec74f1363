//! A range of sequence numbers, as a flag has it.

use std::ops::RangeInclusive;
use std::str::FromStr;

/// Sequence numbers from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seqs(pub(super) RangeInclusive<u64>);

/// A text that is no range of sequence numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SeqsError {
    #[error(
        "`{input}` names no sequence numbers: write a range without its end (10..20) or with it (10..=20), or one number (10)"
    )]
    NoRange { input: String },
    #[error("`{input}` holds no number: write a first one that is below the end, such as 10..20")]
    Empty { input: String },
}

impl FromStr for Seqs {
    type Err = SeqsError;

    fn from_str(text: &str) -> Result<Self, SeqsError> {
        let number = |digits: &str| {
            digits.parse::<u64>().map_err(|_| SeqsError::NoRange { input: text.to_owned() })
        };
        let empty = || SeqsError::Empty { input: text.to_owned() };
        let (first, last) = match text.split_once("..") {
            None => (number(text)?, number(text)?),
            Some((first, end)) => match end.strip_prefix('=') {
                Some(last) => (number(first)?, number(last)?),
                None => (number(first)?, number(end)?.checked_sub(1).ok_or_else(empty)?),
            },
        };
        if first <= last { Ok(Self(first..=last)) } else { Err(empty()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_an_end_or_ends_before_it() {
        for (text, range) in
            [("10..20", 10..=19), ("10..=20", 10..=20), ("7", 7..=7), ("0..1", 0..=0)]
        {
            assert_eq!(text.parse(), Ok(Seqs(range)));
        }
        for text in ["7..7", "0..0", "7..=6"] {
            assert_eq!(text.parse::<Seqs>(), Err(SeqsError::Empty { input: text.to_owned() }));
        }
        for text in ["", "..", "1..", "..5", "a..b", "-1", "1..2..3", "1..==2"] {
            assert_eq!(text.parse::<Seqs>(), Err(SeqsError::NoRange { input: text.to_owned() }));
        }
    }
}
