//! What a call has to know where it need not take the lock, in one word.

use crate::breaker::{Generation, plants};
use crate::door::{Atomic, Instant, Platform, Rules};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};
use std::time::Duration;

/// The gate of a breaker. It is written under the breaker's lock.
///
/// While somebody holds the lock to decide, the gate is [`Way::Locked`]: a call that comes then waits for the lock.
pub(super) struct Gate<P: Platform> {
    word: P::AtomicU64,
    /// When the open interval began, and for how many nanoseconds it lasts: written before the word that lets calls read them.
    ///
    /// A generation has one length, and a clock that goes back begins its interval anew. The end is no third thing to be
    /// kept: it would change with the beginning, and nobody could tell from the word which of both were read together.
    began: P::AtomicU64,
    length: P::AtomicU64,
}

/// A generation, and what a call does in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(u64);

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It takes the lock.
    Locked,
    /// It is rejected until the interval is over.
    Rejected,
    /// It is rejected.
    RejectedForGood,
    /// It passes, whatever its result.
    PassesFreely,
    /// It passes, and where it does not fail it is counted here.
    Passes,
    /// It passes, after failures in a row: where it succeeds, it ends them.
    PassesAfterFailures,
}

/// Bits of the way.
const WAY: u32 = 3;

impl Word {
    pub(super) const fn new(generation: Generation, way: Way) -> Self {
        Self(generation.as_u64() << WAY | way as u64)
    }

    pub(super) const fn generation(self) -> Generation {
        Generation::from_u64(self.0 >> WAY)
    }

    pub(super) const fn way(self) -> Way {
        match self.0 & ((1 << WAY) - 1) {
            0 => Way::Locked,
            1 => Way::Rejected,
            2 => Way::RejectedForGood,
            3 => Way::PassesFreely,
            4 => Way::Passes,
            _ => Way::PassesAfterFailures,
        }
    }

    /// Whether calls of a closed breaker pass.
    pub(super) const fn passes(self) -> bool {
        matches!(self.way(), Way::Passes | Way::PassesAfterFailures)
    }

    /// Whether a call of `generation` that ends now is one of a closed breaker.
    pub(super) fn counts(self, generation: Generation) -> bool {
        self.passes() && self.generation() == generation
    }
}

impl<P: Platform> Gate<P> {
    /// A gate behind which every call takes the lock: the first one lets it open.
    pub(super) fn new(platform: &P) -> Self {
        let word = Word::new(Generation::FIRST, Way::Locked);
        let (began, length) = (platform.atomic_u64(0), platform.atomic_u64(0));
        Self { word: platform.atomic_u64(word.0), began, length }
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
        Word(self.word.swap(Word::new(Generation::FIRST, Way::Locked).0, AcqRel))
    }

    /// Lets calls go another way. The caller holds the lock, and the gate is closed.
    pub(super) fn open(&self, word: Word, interval: Option<(Instant, u64)>, rules: &P) {
        let too_early = rules.broken_by(plants::GATE_OPENS_BEFORE_ITS_INTERVAL);
        if too_early {
            self.word.store(word.0, Release);
        }
        if let Some((began, length)) = interval {
            // Whoever reads one of them has seen that the gate is closed, and will not take the word of before for what is there.
            self.began.store(began.as_nanos(), Release);
            self.length.store(length, Release);
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
        let began = Instant::from_nanos(self.began.load(Acquire));
        let length = self.length.load(Acquire);
        let read_together = self.word() == word;
        let believes = rules.broken_by(plants::GATE_BELIEVES_ITS_CLOCK);
        if !read_together || now < began && !believes {
            return None;
        }
        let passed = now.saturating_duration_since(began);
        let is_late = rules.broken_by(plants::GATE_LATE_BY_ONE_NANOSECOND);
        Duration::from_nanos(length).checked_sub(passed).filter(|left| is_late || !left.is_zero())
    }

    /// Calls go the way of `word`, as others may that look meanwhile. The caller holds the lock.
    pub(super) fn turn(&self, word: Word) {
        if self.word() != word {
            self.word.store(word.0, Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::System;

    #[test]
    fn a_word_is_what_it_was_made_of() {
        use Way::{Locked, Passes, PassesAfterFailures, PassesFreely, Rejected, RejectedForGood};
        let last = Generation::from_u64(u64::MAX >> WAY);
        for generation in [Generation::FIRST, Generation::FIRST.next(), last] {
            for way in
                [Locked, Passes, PassesAfterFailures, Rejected, RejectedForGood, PassesFreely]
            {
                let word = Word::new(generation, way);
                assert_eq!((word.generation(), word.way()), (generation, way));
                let passes = [Passes, PassesAfterFailures].contains(&way);
                assert_eq!((word.passes(), word.counts(generation)), (passes, passes));
                assert!(!word.counts(generation.next()));
            }
        }
    }

    #[test]
    fn a_gate_that_is_closed_sends_everybody_to_the_lock() {
        let gate = Gate::new(&System);
        assert_eq!(gate.word().way(), Way::Locked, "before the first decision");
        let word = Word::new(Generation::FIRST, Way::Passes);
        gate.open(word, None, &System);
        assert_eq!((gate.close(&System), gate.word().way()), (word, Way::Locked));
        gate.turn(word);
        assert_eq!(gate.word(), word);
    }

    #[test]
    fn what_is_left_is_told_within_the_interval_only() {
        let gate = Gate::new(&System);
        let at = Instant::from_nanos;
        let word = Word::new(Generation::FIRST, Way::Rejected);
        gate.open(word, Some((at(5), 4)), &System);
        let left = |nanos| gate.left(word, at(nanos), &System).map(|left| left.as_nanos());
        assert_eq!([4, 5, 8, 9].map(left), [None, Some(4), Some(1), None]);
        let other = Word::new(Generation::FIRST.next(), Way::Rejected);
        assert_eq!(gate.left(other, at(6), &System), None);
    }
}
