//! What the machine answers to a call that wants to be made: a ticket, or a refusal.

use super::{Generation, State};
use crate::door::Instant;
use std::time::Duration;

/// The right to one call, given by [`Machine::admit`](super::Machine::admit) and taken back by
/// [`Machine::complete`](super::Machine::complete).
#[derive(Debug, PartialEq, Eq, Hash)]
#[must_use = "a ticket that does not come back stays in flight for ever"]
pub struct Ticket {
    pub(super) generation: Generation,
    pub(super) admitted_at: Instant,
    /// Which trial of a half-open breaker it is, if it is one.
    pub(super) trial: Option<TrialNumber>,
}

impl Ticket {
    /// The generation that admitted the call.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// When the call was admitted.
    #[must_use]
    pub const fn admitted_at(&self) -> Instant {
        self.admitted_at
    }

    /// Whether the call is a trial of a half-open breaker.
    #[must_use]
    pub const fn is_trial(&self) -> bool {
        self.trial.is_some()
    }
}

/// Tells the trials of a breaker apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TrialNumber(pub(super) u64);

/// Why a call was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The state that refused.
    pub state: State,
    /// As in [`Rejected::retry_after`](super::Rejected::retry_after).
    pub retry_after: Option<Duration>,
}
