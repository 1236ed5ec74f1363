//! What the machine answers to a call that wants to be made: a ticket, or a refusal.

use super::{Generation, State};
use crate::door::Instant;
use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

/// The right to one call, given by [`Machine::admit`](super::Machine::admit) and taken back by
/// [`Machine::complete`](super::Machine::complete).
#[derive(PartialEq, Eq, Hash)]
#[must_use = "a ticket that does not come back stays in flight for ever"]
pub struct Ticket {
    /// The generation, where the shell counts the call, and whether the clock was read for it. Whole words are handed over in
    /// registers; smaller fields are written one by one, and to read them together then takes as long as the call.
    call: u64,
    /// In nanoseconds, where the clock was read.
    admitted_at: u64,
    /// Which trial of a half-open breaker it is, if it is one.
    trial: Option<TrialNumber>,
}

/// Bits of the stripe.
const STRIPE: u32 = 8;
/// The bit that says that the clock was read.
const READ: u64 = 1;

impl Ticket {
    /// The right to a call of a closed breaker.
    #[inline]
    pub(super) const fn to_pass(
        generation: Generation,
        admitted_at: Option<Instant>,
        stripe: StripeNumber,
    ) -> Self {
        let call = generation.as_u64() << (STRIPE + 1) | (stripe.0 as u64) << 1;
        match admitted_at {
            None => Self { call, admitted_at: 0, trial: None },
            Some(at) => Self { call: call | READ, admitted_at: at.as_nanos(), trial: None },
        }
    }

    /// The right to a call that a machine admitted.
    pub(super) const fn decided(
        generation: Generation,
        admitted_at: Instant,
        trial: Option<TrialNumber>,
    ) -> Self {
        let ticket = Self::to_pass(generation, Some(admitted_at), StripeNumber(0));
        Self { trial, ..ticket }
    }

    /// The same ticket, for whoever takes it out of a permit that forgets it.
    #[inline]
    pub(super) const fn again(&self) -> Self {
        let Self { call, admitted_at, trial } = *self;
        Self { call, admitted_at, trial }
    }

    /// Its words, for whoever hands them over in registers.
    #[inline]
    pub(super) const fn into_words(self) -> (u64, u64, Option<TrialNumber>) {
        (self.call, self.admitted_at, self.trial)
    }

    /// The ticket of these [words](Self::into_words).
    pub(super) const fn of_words(call: u64, admitted_at: u64, trial: Option<TrialNumber>) -> Self {
        Self { call, admitted_at, trial }
    }

    pub(super) const fn trial(&self) -> Option<TrialNumber> {
        self.trial
    }

    #[inline]
    pub(super) const fn stripe(&self) -> StripeNumber {
        StripeNumber((self.call >> 1) as u8)
    }

    /// The generation that admitted the call.
    #[must_use]
    #[inline]
    pub const fn generation(&self) -> Generation {
        Generation::from_u64(self.call >> (STRIPE + 1))
    }

    /// When the call was admitted; `None` where no clock was read for it.
    #[must_use]
    pub const fn admitted_at(&self) -> Option<Instant> {
        match self.call & READ {
            0 => None,
            _ => Some(Instant::from_nanos(self.admitted_at)),
        }
    }

    /// Whether the call is a trial of a half-open breaker.
    #[must_use]
    pub const fn is_trial(&self) -> bool {
        self.trial.is_some()
    }
}

/// Which of the counters that are kept apart a call is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct StripeNumber(pub(super) u8);

/// Tells the trials of a breaker apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TrialNumber(NonZeroU64);

impl TrialNumber {
    pub(super) const FIRST: Self = Self(NonZeroU64::MIN);

    pub(super) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("generation", &self.generation())
            .field("admitted_at", &self.admitted_at())
            .field("is_trial", &self.is_trial())
            .finish()
    }
}

/// Why a call was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The state that refused.
    pub state: State,
    /// As in [`Rejected::retry_after`](super::Rejected::retry_after).
    pub retry_after: Option<Duration>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_three_words_and_is_what_it_was_made_of() {
        assert_eq!(size_of::<Ticket>(), 24);
        let last = Generation::from_u64(u64::MAX);
        for generation in [Generation::FIRST, Generation::FIRST.next(), last] {
            for stripe in [0, 1, u8::MAX].map(StripeNumber) {
                for at in [None, Some(Instant::ORIGIN), Some(Instant::MAX)] {
                    let ticket = Ticket::to_pass(generation, at, stripe);
                    assert_eq!((ticket.generation(), ticket.stripe()), (generation, stripe));
                    assert_eq!((ticket.admitted_at(), ticket.is_trial()), (at, false));
                }
            }
        }
        let trial = Ticket::decided(last, Instant::MAX, Some(TrialNumber::FIRST));
        assert_eq!((trial.generation(), trial.trial()), (last, Some(TrialNumber::FIRST)));
    }
}
