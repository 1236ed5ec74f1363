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
    pub(super) is_trial: bool,
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
        self.is_trial
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
