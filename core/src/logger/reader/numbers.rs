//! The sequence numbers of a log, and which of them are missing.

use super::item::{Gap, Told};
use std::ops::RangeInclusive;

/// So many loggers of one file are told apart; of more, those that were heard last.
const MOST: usize = 16;

/// Follows the numbers of a log from record to record.
///
/// A logger counts from one, and a file that was put aside continues in the next one: what a file begins with says nothing about what was
/// before it. Several loggers may write to one file, at the same time or one after the other, and no line says which one it is of. A number
/// goes on with the logger whose last one is right before it, or with the one that comes closest from below; so what is missing is missing
/// whichever of them it is of. Where it is below all of them another logger begins; its own numbers begin in this file, so that those from
/// one on are missing where it begins later.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// The last number of each logger, of the one first that was heard last.
    lasts: Vec<u64>,
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
        Self { lasts: vec![next.saturating_sub(1)], began: Began::Before }
    }

    /// The next number comes from a file that continues this one.
    pub(super) fn next_file(&mut self) {
        self.began = Began::Before;
    }

    /// The numbers that are missing before `seq`, which belongs to a line that has `announced` the loss of some, or of none.
    pub(super) fn missing_before(
        &mut self,
        seq: u64,
        announced: Option<&RangeInclusive<u64>>,
    ) -> Option<RangeInclusive<u64>> {
        let began = std::mem::take(&mut self.began);
        let is_first = self.lasts.is_empty();
        let begins = announced.map_or(seq, |seqs| *seqs.start().min(&seq));
        let last = self.before(begins, seq).map(|place| self.lasts.remove(place));
        self.lasts.insert(0, seq);
        self.lasts.truncate(MOST);
        let first = match last {
            Some(last) => last + 1,
            None if is_first || began == Began::Before => return None,
            None => 1,
        };
        (first < seq).then(|| first..=seq - 1)
    }

    /// The place of the logger that goes on with the numbers from `begins` to `seq`.
    fn before(&self, begins: u64, seq: u64) -> Option<usize> {
        let places = || self.lasts.iter().enumerate();
        let next = places().find(|(_, last)| last.checked_add(1) == Some(begins));
        let closest =
            || places().filter(|(_, last)| **last < seq).min_by_key(|(_, last)| seq - **last);
        next.or_else(closest).map(|(place, _)| place)
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
        seqs.iter().filter_map(|&seq| numbers.missing_before(seq, None)).collect()
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
    fn of_loggers_that_share_a_file_each_goes_on_with_its_own() {
        for whole in [&[1, 1, 2, 2, 3, 3][..], &[1, 2, 3, 1, 4, 2, 5, 3, 4, 5], &[7, 1, 8, 2, 3, 9]]
        {
            assert_eq!(missing(&mut Numbers::default(), whole), [], "{whole:?}");
        }
        assert_eq!(missing(&mut Numbers::default(), &[1, 2, 3, 1, 5, 2]), [4..=4]);
        assert_eq!(missing(&mut Numbers::default(), &[90, 91, 1, 2, 4, 92, 95]), [3..=3, 93..=94]);
        assert_eq!(missing(&mut Numbers::default(), &[9, 1, 7]), [2..=6], "of the closer one");
    }

    #[test]
    fn an_announcement_goes_on_with_the_logger_that_has_lost() {
        let mut numbers = Numbers::default();
        assert_eq!(missing(&mut numbers, &[9, 1, 10, 2]), []);
        // Those from 3 on, although the other logger is closer to 12.
        assert_eq!(numbers.missing_before(12, Some(&(3..=12))), Some(3..=11));
        assert_eq!(missing(&mut numbers, &[11, 13]), []);
        let of_no_use = RangeInclusive::new(30, 20);
        assert_eq!(numbers.missing_before(20, Some(&of_no_use)), Some(14..=19));
    }

    #[test]
    fn the_loggers_that_were_heard_last_are_told_apart() {
        let mut numbers = Numbers::default();
        let many: Vec<u64> = (0..MOST as u64 + 1).map(|logger| 1_000 - 10 * logger).collect();
        assert_eq!(missing(&mut numbers, &many).len(), MOST, "each but the first one begins late");
        assert_eq!(missing(&mut numbers, &[991]), []);
        assert_eq!(missing(&mut numbers, &[1_001]), [992..=1_000], "the first one is forgotten");
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
