//! The trials of one half-open period: those in flight, and how many have succeeded and failed.

use super::ticket::TrialNumber;
use crate::door::Instant;
use std::time::Duration;

#[derive(Clone, Debug)]
pub(super) struct Trials {
    /// Those in flight, the oldest first.
    in_flight: Vec<Trial>,
    /// The number of the next one.
    next: TrialNumber,
    succeeded: u32,
    failed: u32,
}

#[derive(Clone, Copy, Debug)]
struct Trial {
    number: TrialNumber,
    began: Instant,
}

impl Trials {
    /// None yet.
    pub(super) const NONE: Self =
        Self { in_flight: Vec::new(), next: TrialNumber::FIRST, succeeded: 0, failed: 0 };

    pub(super) fn begin(&mut self, began: Instant) -> TrialNumber {
        let number = self.next;
        self.next = number.next();
        self.in_flight.push(Trial { number, began });
        number
    }

    /// The trial has ended. False where it is none of those in flight: it was silent for too long.
    pub(super) fn end(&mut self, number: TrialNumber) -> bool {
        let place = self.in_flight.iter().position(|trial| trial.number == number);
        place.map(|place| self.in_flight.remove(place)).is_some()
    }

    pub(super) fn is_in_flight(&self, number: TrialNumber) -> bool {
        self.in_flight.iter().any(|trial| trial.number == number)
    }

    /// Takes back the permit of a trial that has been silent for `lease` at `now`, and says when it began.
    pub(super) fn reclaim(&mut self, now: Instant, lease: Duration) -> Option<Instant> {
        let is_silent = |trial: &Trial| now.saturating_duration_since(trial.began) >= lease;
        let place = self.in_flight.iter().position(is_silent)?;
        Some(self.in_flight.remove(place).began)
    }

    pub(super) const fn succeed(&mut self) {
        self.succeeded = self.succeeded.saturating_add(1);
    }

    pub(super) const fn fail(&mut self) {
        self.failed = self.failed.saturating_add(1);
    }

    pub(super) const fn succeeded(&self) -> u32 {
        self.succeeded
    }

    pub(super) const fn failed(&self) -> u32 {
        self.failed
    }

    /// Trials in flight and succeeded.
    pub(super) fn begun(&self) -> u32 {
        let in_flight = u32::try_from(self.in_flight.len()).unwrap_or(u32::MAX);
        in_flight.saturating_add(self.succeeded)
    }

    /// How long the oldest trial has been in flight at `now`, of those that have not been silent for `lease`.
    pub(super) fn oldest_age(&self, now: Instant, lease: Option<Duration>) -> Option<Duration> {
        let ages = self.in_flight.iter().map(|trial| now.saturating_duration_since(trial.began));
        ages.filter(|age| lease.is_none_or(|lease| *age < lease)).max()
    }

    /// Takes note of a clock that went back: what began after `now` begins at `now`.
    pub(super) fn observe(&mut self, now: Instant) {
        for trial in &mut self.in_flight {
            trial.began = trial.began.min(now);
        }
    }

    /// Those in flight are no longer anybody's concern: their results will be too late.
    pub(super) fn abandon(&mut self) {
        self.in_flight.clear();
    }

    /// A new half-open period begins.
    pub(super) const fn forget_results(&mut self) {
        self.succeeded = 0;
        self.failed = 0;
    }
}
