//! The trials of one half-open period: those in flight, and how many have succeeded.

use crate::door::Instant;
use std::time::Duration;

#[derive(Clone, Debug, Default)]
pub(super) struct Trials {
    /// When each trial in flight was admitted, in no particular order.
    in_flight: Vec<Instant>,
    succeeded: u32,
}

impl Trials {
    pub(super) fn begin(&mut self, at: Instant) {
        self.in_flight.push(at);
    }

    /// A trial that was admitted at `admitted_at` has ended. Trials of the same instant are alike: any of them may go.
    pub(super) fn end(&mut self, admitted_at: Instant) {
        if let Some(at) = self.in_flight.iter().position(|began| *began == admitted_at) {
            self.in_flight.swap_remove(at);
        }
    }

    pub(super) fn succeed(&mut self) {
        self.succeeded = self.succeeded.saturating_add(1);
    }

    pub(super) const fn succeeded(&self) -> u32 {
        self.succeeded
    }

    /// Trials in flight and succeeded.
    pub(super) fn begun(&self) -> u32 {
        let in_flight = u32::try_from(self.in_flight.len()).unwrap_or(u32::MAX);
        in_flight.saturating_add(self.succeeded)
    }

    /// How long the oldest trial has been in flight at `now`.
    pub(super) fn oldest_age(&self, now: Instant) -> Option<Duration> {
        self.in_flight.iter().map(|began| now.saturating_duration_since(*began)).max()
    }

    /// Those in flight are no longer anybody's concern: their results will be stale.
    pub(super) fn abandon(&mut self) {
        self.in_flight.clear();
    }

    /// A new half-open period begins.
    pub(super) const fn forget_successes(&mut self) {
        self.succeeded = 0;
    }
}
