//! What the machine answers to a call that wants to be made: a ticket, or a refusal.

use super::{Generation, State};
use crate::door::Instant;
use std::num::NonZeroU64;
use std::time::Duration;

/// The right to one call, given by [`Machine::admit`](super::Machine::admit) and taken back by
/// [`Machine::complete`](super::Machine::complete).
#[derive(Debug, PartialEq, Eq, Hash)]
#[must_use = "a ticket that does not come back stays in flight for ever"]
pub struct Ticket {
    pub(super) generation: Generation,
    /// Nothing where no clock was read for the call.
    pub(super) admitted_at: Option<Instant>,
    /// Which trial of a half-open breaker it is, if it is one.
    pub(super) trial: Option<TrialNumber>,
    /// Where the shell counts it.
    pub(super) stripe: StripeNumber,
}

impl Ticket {
    /// The right to a call of a closed breaker.
    #[inline]
    pub(super) const fn to_pass(
        generation: Generation,
        admitted_at: Option<Instant>,
        stripe: StripeNumber,
    ) -> Self {
        Self { generation, admitted_at, trial: None, stripe }
    }

    /// The same ticket, for whoever takes it out of a permit that forgets it.
    #[inline]
    pub(super) const fn again(&self) -> Self {
        let Self { generation, admitted_at, trial, stripe } = *self;
        Self { generation, admitted_at, trial, stripe }
    }

    /// The generation that admitted the call.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// When the call was admitted; `None` where no clock was read for it.
    #[must_use]
    pub const fn admitted_at(&self) -> Option<Instant> {
        self.admitted_at
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

/// Why a call was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The state that refused.
    pub state: State,
    /// As in [`Rejected::retry_after`](super::Rejected::retry_after).
    pub retry_after: Option<Duration>,
}
