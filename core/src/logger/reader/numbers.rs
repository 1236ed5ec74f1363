//! The sequence numbers of a log, and which of them are missing.

use super::item::{Gap, Told};
use std::ops::RangeInclusive;

/// Follows the numbers of a log from record to record.
///
/// A logger counts from one, and a file that was put aside continues in the next one: what a file begins with says nothing about what was
/// before it. Within a file a number that is not above the one before it begins another logger, after a restart; its own numbers
/// begin in this file, so that those from one on are missing where it begins later.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers {
    last: Option<u64>,
    began: Began,
}

/// Where the number before was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Began {
    /// In this file, or nowhere.
    #[default]
    Here,
    /// In the file before this one.
    Before,
}

impl Numbers {
    /// Those that go on with `next`.
    pub(super) fn expecting(next: u64) -> Self {
        Self { last: Some(next.saturating_sub(1)), began: Began::Before }
    }

    /// The next number comes from a file that continues this one.
    pub(super) fn next_file(&mut self) {
        self.began = Began::Before;
    }

    /// The numbers that are missing before `seq`.
    pub(super) fn missing_before(&mut self, seq: u64) -> Option<RangeInclusive<u64>> {
        let began = std::mem::take(&mut self.began);
        let last = self.last.replace(seq)?;
        let first = match seq > last {
            true => last + 1,
            false if began == Began::Here => 1,
            false => return None,
        };
        (first < seq).then(|| first..=seq - 1)
    }
}

/// The parts of `missing` that are `announced`, and those that are not, in ascending order.
pub(super) fn gaps(
    missing: RangeInclusive<u64>,
    announced: Option<&RangeInclusive<u64>>,
) -> impl Iterator<Item = Gap> {
    let (first, last) = missing.into_inner();
    let nothing = (last.saturating_add(1), last);
    let (from, to) = announced
        .map(|seqs| (*seqs.start().max(&first), *seqs.end().min(&last)))
        .filter(|(from, to)| from <= to)
        .unwrap_or(nothing);
    [
        (first, from.saturating_sub(1), Told::Nowhere),
        (from, to, Told::Announced),
        (to.saturating_add(1).max(first), last, Told::Nowhere),
    ]
    .into_iter()
    .filter(|(first, last, _)| first <= last)
    .map(|(first, last, told)| Gap { seqs: first..=last, told })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(numbers: &mut Numbers, seqs: &[u64]) -> Vec<RangeInclusive<u64>> {
        seqs.iter().filter_map(|&seq| numbers.missing_before(seq)).collect()
    }

    #[test]
    fn numbers_are_missing_between_two_and_not_before_the_first() {
        assert_eq!(missing(&mut Numbers::default(), &[7, 8, 11, 12]), [9..=10]);
        assert_eq!(missing(&mut Numbers::expecting(1), &[3, 4]), [1..=2]);
        assert_eq!(missing(&mut Numbers::expecting(1), &[1, 2]), []);
        assert_eq!(missing(&mut Numbers::expecting(u64::MAX), &[u64::MAX, 1]), []);
        assert_eq!(missing(&mut Numbers::expecting(0), &[0]), []);
    }

    #[test]
    fn a_logger_that_begins_anew_counts_from_one() {
        assert_eq!(missing(&mut Numbers::default(), &[7, 1, 2]), []);
        assert_eq!(missing(&mut Numbers::default(), &[7, 3, 4]), [1..=2]);
        assert_eq!(missing(&mut Numbers::default(), &[2, 2]), [1..=1]);
        assert_eq!(missing(&mut Numbers::default(), &[1, 1]), []);
    }

    #[test]
    fn a_file_goes_on_with_the_numbers_of_the_one_before_or_with_any_lower_one() {
        let mut numbers = Numbers::default();
        assert_eq!(missing(&mut numbers, &[7, 8]), []);
        numbers.next_file();
        assert_eq!(missing(&mut numbers, &[10]), [9..=9]);
        numbers.next_file();
        assert_eq!(missing(&mut numbers, &[5, 7, 3]), [6..=6, 1..=2]);
    }

    #[test]
    fn what_is_announced_is_told_apart_from_what_is_not() {
        let of = |missing, announced: Option<RangeInclusive<u64>>| {
            let gaps = gaps(missing, announced.as_ref());
            gaps.map(|gap| (gap.seqs, gap.told == Told::Announced)).collect::<Vec<_>>()
        };
        assert_eq!(of(2..=6, None), [(2..=6, false)]);
        assert_eq!(of(2..=6, Some(2..=6)), [(2..=6, true)]);
        assert_eq!(of(2..=6, Some(3..=4)), [(2..=2, false), (3..=4, true), (5..=6, false)]);
        assert_eq!(of(2..=6, Some(1..=4)), [(2..=4, true), (5..=6, false)]);
        assert_eq!(of(2..=6, Some(5..=9)), [(2..=4, false), (5..=6, true)]);
        assert_eq!(of(2..=6, Some(7..=9)), [(2..=6, false)]);
        assert_eq!(of(2..=6, Some(RangeInclusive::new(4, 3))), [(2..=6, false)]);
    }
}
