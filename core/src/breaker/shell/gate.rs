//! What a call has to know where it need not take the lock, in one word.

use crate::breaker::{Generation, plants};
use crate::door::{Atomic, Instant, Plant, Platform, Rules};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::time::Duration;

/// The gate of a breaker. It is written under the breaker's lock, but for the failures in a row, which calls count.
///
/// While somebody holds the lock to decide, the gate is [`Way::Locked`]: a call that comes then waits for the lock.
pub(super) struct Gate<P: Platform> {
    word: P::AtomicU64,
    /// When the open interval began, and when it is over: written before the word that lets calls read them.
    began: P::AtomicU64,
    until: P::AtomicU64,
}

/// A generation, what a call does in it, and the failures in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(u64);

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It takes the lock.
    Locked,
    /// It passes, and its result is counted here.
    Passes,
    /// It is rejected until the interval is over.
    Rejected,
    /// It is rejected.
    RejectedForGood,
    /// It passes, whatever its result.
    PassesFreely,
}

/// Bits of the failures in a row.
const FAILURES: u32 = 21;
/// Bits of the way.
const WAY: u32 = 3;

impl Word {
    /// The most failures in a row that a word can tell.
    pub(super) const MOST_FAILURES: u64 = (1 << FAILURES) - 1;

    pub(super) const fn new(generation: Generation, way: Way, failures: u64) -> Self {
        Self(generation.as_u64() << (FAILURES + WAY) | (way as u64) << FAILURES | failures)
    }

    pub(super) const fn generation(self) -> Generation {
        Generation::from_u64(self.0 >> (FAILURES + WAY))
    }

    pub(super) const fn way(self) -> Way {
        match (self.0 >> FAILURES) & ((1 << WAY) - 1) {
            0 => Way::Locked,
            1 => Way::Passes,
            2 => Way::Rejected,
            3 => Way::RejectedForGood,
            _ => Way::PassesFreely,
        }
    }

    pub(super) const fn failures(self) -> u64 {
        self.0 & Self::MOST_FAILURES
    }

    const fn with_failures(self, failures: u64) -> Self {
        Self(self.0 & !Self::MOST_FAILURES | failures)
    }

    /// Whether a call of `generation` that ends now is counted here.
    pub(super) fn counts(self, generation: Generation, rules: &impl Rules) -> bool {
        let is_current =
            self.generation() == generation || rules.broken_by(plants::GATE_KNOWS_NO_GENERATION);
        self.way() == Way::Passes && is_current
    }
}

impl<P: Platform> Gate<P> {
    /// Whether a call of `generation` that ends now ends whatever its result.
    pub(super) fn is_free(&self, generation: Generation) -> bool {
        self.word() == Word::new(generation, Way::PassesFreely, 0)
    }

    /// A gate behind which every call takes the lock: the first one lets it open.
    pub(super) fn new(platform: &P) -> Self {
        let word = Word::new(Generation::FIRST, Way::Locked, 0);
        let (began, until) = (platform.atomic_u64(0), platform.atomic_u64(0));
        Self { word: platform.atomic_u64(word.0), began, until }
    }

    #[inline]
    pub(super) fn word(&self) -> Word {
        Word(self.word.load(Acquire))
    }

    /// Sends every call to the lock, which the caller holds, and returns what was there.
    pub(super) fn close(&self, rules: &P) -> Word {
        if rules.broken_by(plants::GATE_STAYS_OPEN) {
            return self.word();
        }
        Word(self.word.swap(Word::new(Generation::FIRST, Way::Locked, 0).0, AcqRel))
    }

    /// Lets calls go another way. The caller holds the lock, and the gate is closed.
    pub(super) fn open(&self, word: Word, interval: Option<(Instant, Instant)>, rules: &P) {
        let too_early = rules.broken_by(plants::GATE_OPENS_BEFORE_ITS_INTERVAL);
        if too_early {
            self.word.store(word.0, Release);
        }
        if let Some((began, until)) = interval {
            self.began.store(began.as_nanos(), Relaxed);
            // Whoever reads it has seen that the gate is closed, and will not take the word of before for what is there.
            self.until.store(until.as_nanos(), Release);
        }
        if !too_early {
            self.word.store(word.0, Release);
        }
    }

    /// How much of the interval is left at `now`, where the interval of `word` has begun and is not over.
    ///
    /// It is read as a seqlock is: the word, what belongs to it, and the word again.
    #[inline]
    pub(super) fn left(&self, word: Word, now: Instant, rules: &P) -> Option<Duration> {
        let began = self.began.load(Relaxed);
        let until = self.until.load(Acquire);
        let read_together = self.word() == word;
        let believes = rules.broken_by(plants::GATE_BELIEVES_ITS_CLOCK);
        let is_within =
            (began..until).contains(&now.as_nanos()) || believes && now.as_nanos() < until;
        (read_together && is_within).then(|| Duration::from_nanos(until - now.as_nanos()))
    }

    /// Whether calls pass in this generation, and none has failed in a row.
    #[inline]
    pub(super) fn has_no_failures(&self, generation: Generation) -> bool {
        self.word() == Word::new(generation, Way::Passes, 0)
    }

    /// A call of `generation` succeeded: ends the failures in a row. False where that is for the lock to decide.
    pub(super) fn succeed(&self, generation: Generation, rules: &P) -> bool {
        let mut word = self.word();
        while word.counts(generation, rules) {
            if word.failures() == 0 {
                return true;
            }
            match self.replace(word, word.with_failures(0), plants::GATE_SUCCESS_STORED, rules) {
                Ok(()) => return true,
                Err(found) => word = found,
            }
        }
        false
    }

    /// A call of `generation` failed: counts it, where it is not the one that makes `threshold`. False where that is for the
    /// lock to decide.
    pub(super) fn fail(&self, generation: Generation, threshold: u64, rules: &P) -> bool {
        let late = u64::from(rules.broken_by(plants::GATE_THRESHOLD_OFF_BY_ONE));
        let mut word = self.word();
        while word.counts(generation, rules) && word.failures() + 1 < threshold + late {
            let new = word.with_failures(word.failures() + 1);
            match self.replace(word, new, plants::GATE_FAILURE_STORED, rules) {
                Ok(()) => return true,
                Err(found) => word = found,
            }
        }
        false
    }

    /// Puts `new` where `word` is, or says what is there; by a mere store where `careless` is planted.
    fn replace(&self, word: Word, new: Word, careless: Plant, rules: &P) -> Result<(), Word> {
        if rules.broken_by(careless) {
            self.word.store(new.0, Release);
            return Ok(());
        }
        self.word.compare_exchange(word.0, new.0, AcqRel, Acquire).map(|_| ()).map_err(Word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::System;

    #[test]
    fn a_word_is_what_it_was_made_of() {
        let last = Generation::from_u64(u64::MAX);
        for generation in [Generation::FIRST, Generation::FIRST.next(), last] {
            let ways = [Way::Locked, Way::Passes, Way::Rejected, Way::RejectedForGood];
            for way in ways.into_iter().chain([Way::PassesFreely]) {
                for failures in [0, 1, Word::MOST_FAILURES] {
                    let word = Word::new(generation, way, failures);
                    assert_eq!(word.generation(), generation);
                    assert_eq!((word.way(), word.failures()), (way, failures));
                }
            }
        }
        assert_eq!(last.next(), Generation::FIRST);
    }

    #[test]
    fn results_of_another_generation_are_for_the_lock() {
        let gate = Gate::new(&System);
        let (now, next) = (Generation::FIRST, Generation::FIRST.next());
        assert!(!gate.succeed(now, &System) && !gate.fail(now, 5, &System), "the gate is closed");
        gate.open(Word::new(now, Way::Passes, 0), None, &System);
        assert!(!gate.succeed(next, &System) && !gate.fail(next, 5, &System));
        assert!(gate.fail(now, 3, &System) && gate.fail(now, 3, &System));
        assert_eq!(gate.word().failures(), 2);
        assert!(!gate.fail(now, 3, &System), "the third one opens");
        assert!(gate.succeed(now, &System));
        assert_eq!(gate.word().failures(), 0);
        assert_eq!(gate.close(&System), Word::new(now, Way::Passes, 0));
        assert!(!gate.succeed(now, &System));
    }

    #[test]
    fn what_is_left_is_told_within_the_interval_only() {
        let gate = Gate::new(&System);
        let at = Instant::from_nanos;
        let word = Word::new(Generation::FIRST, Way::Rejected, 0);
        gate.open(word, Some((at(5), at(9))), &System);
        let left = |nanos| gate.left(word, at(nanos), &System).map(|left| left.as_nanos());
        assert_eq!([4, 5, 8, 9].map(left), [None, Some(4), Some(1), None]);
        let other = Word::new(Generation::FIRST.next(), Way::Rejected, 0);
        assert_eq!(gate.left(other, at(6), &System), None);
    }
}
