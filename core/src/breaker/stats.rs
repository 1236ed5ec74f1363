//! What a breaker has counted, as one consistent reading.

use super::{Control, Generation, Outcome, State, WindowCounts};
use crate::door::Instant;
use std::fmt;
use std::time::Duration;

/// What a breaker has counted since it was built. A reset changes the state and the rows, never the totals.
///
/// In each reading `attempts = success + failure + ignored + rejected + in_flight`. Where only rejections are
/// [counted](super::Counting), the others are 0.
///
/// A reading is of one moment: what was over before it began is in it, nothing is that began after it, and of what a thread
/// did while it was made, all up to some point. To read them takes the breaker's lock; where calls end meanwhile, they wait for it
/// too, for as long as it takes to read the counts again.
///
/// Successes take no lock. Where one overlaps with a failure, two readings may differ in which of the two came first. Where it overlaps with a
/// command by hand or another change, it counts as one of before, and may be in
/// [`consecutive_successes`](Stats::consecutive_successes) of after it, or be missing there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Stats {
    /// The effective state: half-open as soon as the open interval is over, even before a call came.
    pub state: State,
    /// Who decides: the results, or somebody by hand.
    pub control: Control,
    /// The state that the last change led to, in which the breaker is [since](Stats::since) then; closed when it was
    /// built. Open where `state` is half-open for no other reason than that the open interval is over: the change waits
    /// for a call.
    pub entered: State,
    /// When the last change of state was; for a breaker that never changed, when it was built.
    pub since: Instant,
    /// The current generation.
    pub generation: Generation,
    /// Calls that succeeded, late ones included.
    pub success: u64,
    /// Calls that failed, late ones included.
    pub failure: u64,
    /// Calls whose outcome was ignored, late ones included.
    pub ignored: u64,
    /// Calls that were refused.
    pub rejected: u64,
    /// Refused calls that got a fallback's value instead.
    pub fallback: u64,
    /// Results that came too late to count: in another generation than the one that admitted the call, or from a trial
    /// that was silent for longer than its lease.
    pub stale: u64,
    /// Trials that were silent for longer than their lease. Those that have not ended since are in flight.
    pub reclaimed: u64,
    /// Calls admitted and not yet ended, in any generation.
    pub in_flight: u64,
    /// Successes in a row up to now: results that counted, since the last failure that counted or the last reset.
    pub consecutive_successes: u64,
    /// Failures in a row up to now: results that counted, since the last success that counted or the last reset.
    pub consecutive_failures: u64,
    /// Changes of state.
    pub transitions: u64,
    /// When the last call succeeded, of those that were [timed](super::Timing).
    pub last_success: Option<Instant>,
    /// When the last call failed.
    pub last_failure: Option<Instant>,
    /// When the state last changed; `None` for a breaker that never did.
    pub last_change: Option<Instant>,
    /// How long the last calls took, of those that were [timed](super::Timing).
    pub latencies: Latencies,
    /// How long until a call may pass: zero once the open interval is over; `None` when closed or forced open.
    pub retry_after: Option<Duration>,
    /// How long the oldest trial of this half-open period has been in flight, within its lease: a trial that hangs is seen
    /// here.
    pub oldest_trial_age: Option<Duration>,
    /// Openings in a row, without closing in between.
    pub openings: u32,
    /// What is in the window now; `None` for a breaker without one.
    pub window: Option<WindowCounts>,
}

impl Stats {
    /// The same without calls that passed: where they are not counted, those are there whose end was a decision.
    pub(super) fn without_calls(self) -> Self {
        let (success, failure, ignored, in_flight) = (0, 0, 0, 0);
        Self { success, failure, ignored, in_flight, consecutive_successes: 0, ..self }
    }

    /// Calls that ended, whatever their outcome.
    #[must_use]
    pub const fn completed(&self) -> u64 {
        self.success + self.failure + self.ignored
    }

    /// Calls that were tried: completed, rejected and in flight.
    #[must_use]
    pub const fn attempts(&self) -> u64 {
        self.completed() + self.rejected + self.in_flight
    }

    /// The share of failures among the calls that succeeded or failed.
    #[must_use]
    pub const fn failure_rate(&self) -> FailureRate {
        FailureRate { failures: self.failure, total: self.success + self.failure }
    }
}

/// An exact share: `failures` of `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FailureRate {
    /// Calls that failed.
    pub failures: u64,
    /// Calls that failed or succeeded.
    pub total: u64,
}

impl fmt::Display for FailureRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.failures, self.total)
    }
}

/// How long the last calls took, from admission to end: at most the last [`Latencies::KEPT`] that succeeded or failed.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Latencies {
    /// Grows up to as many as are kept.
    nanos: Vec<u64>,
    /// Where the next one goes once there are so many: the oldest is there.
    next: usize,
}

impl Latencies {
    /// How many are kept.
    pub const KEPT: usize = 100;

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.nanos.len()
    }

    /// Whether no call has succeeded or failed yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.nanos.is_empty()
    }

    /// In nanoseconds, the oldest call's first.
    pub fn nanos(&self) -> impl Iterator<Item = u64> {
        let (newer, older) = self.nanos.split_at(self.next);
        older.iter().chain(newer).copied()
    }

    /// The sum in nanoseconds. With [`Latencies::len`] it is the exact mean.
    #[must_use]
    pub fn sum_nanos(&self) -> u128 {
        self.nanos().map(u128::from).sum()
    }

    pub(super) fn push(&mut self, nanos: u64) {
        if self.nanos.len() < Self::KEPT {
            self.nanos.push(nanos);
            return;
        }
        self.nanos[self.next] = nanos;
        self.next = if self.next + 1 == Self::KEPT { 0 } else { self.next + 1 };
    }
}

impl fmt::Debug for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.nanos()).finish()
    }
}

/// What the machine counts: the part of [`Stats`] that decides nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) success: u64,
    pub(super) failure: u64,
    pub(super) ignored: u64,
    pub(super) in_flight: u64,
    pub(super) last_failure: Kept,
    timed: Option<Box<Timed>>,
}

/// What is known of calls that were timed, from the first one on.
#[derive(Clone, Debug, Default)]
struct Timed {
    last_success: Kept,
    latencies: Latencies,
}

/// An instant or none, in one word: in nanoseconds and one more. The last instant of all is told as the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept(u64);

impl Kept {
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn of(instant: Option<Instant>) -> Self {
        match instant {
            Some(instant) => Self(instant.as_nanos().saturating_add(1)),
            None => Self::NONE,
        }
    }

    pub(super) fn instant(self) -> Option<Instant> {
        self.0.checked_sub(1).map(Instant::from_nanos)
    }
}

/// What somebody else has counted of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) admitted: u64,
    pub(super) success: u64,
    pub(super) ignored: u64,
    pub(super) rejected: u64,
    pub(super) fallback: u64,
}

impl Counts {
    /// Calls that began and have not ended, round: calls that begin here may end elsewhere, and the other way.
    const fn in_flight(&self) -> u64 {
        self.admitted.wrapping_sub(self.success + self.ignored)
    }

    /// Adds them to what the machine has counted.
    pub(super) const fn add_to(self, stats: &mut Stats) {
        stats.success += self.success;
        stats.ignored += self.ignored;
        stats.rejected += self.rejected;
        stats.fallback += self.fallback;
        stats.in_flight = stats.in_flight.wrapping_add(self.in_flight());
    }
}

impl Tally {
    /// Takes over what somebody else has counted.
    pub(super) const fn add(&mut self, counts: Counts) {
        self.success += counts.success;
        self.ignored += counts.ignored;
        self.in_flight = self.in_flight.wrapping_add(counts.in_flight());
    }

    /// Forgets everything but the calls in flight.
    pub(super) fn clear(&mut self) {
        *self = Self { in_flight: self.in_flight, ..Self::default() };
    }

    /// How long the last timed calls took, and when one succeeded.
    pub(super) fn timed(&self) -> (Latencies, Option<Instant>) {
        let timed = self.timed.as_deref().cloned().unwrap_or_default();
        (timed.latencies, timed.last_success.instant())
    }

    /// Counts the beginning of a call.
    pub(super) const fn begin(&mut self) {
        self.in_flight = self.in_flight.wrapping_add(1);
    }

    /// Counts the end of a call at `now` that took `latency` nanoseconds, where those are known.
    #[inline]
    pub(super) fn completed(
        &mut self,
        outcome: Outcome,
        latency: Option<u64>,
        now: Option<Instant>,
    ) {
        // The beginning may have been counted elsewhere, and is added by whoever reads both.
        self.in_flight = self.in_flight.wrapping_sub(1);
        match outcome {
            Outcome::Success => self.success += 1,
            Outcome::Failure => {
                self.failure += 1;
                if now.is_some() {
                    self.last_failure = Kept::of(now);
                }
            }
            Outcome::Ignored => {
                self.ignored += 1;
                return;
            }
        }
        let Some(latency) = latency else { return };
        let timed = self.timed.get_or_insert_default();
        timed.latencies.push(latency);
        if outcome == Outcome::Success {
            timed.last_success = Kept::of(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_hundred_latencies_are_kept_oldest_first() {
        let mut latencies = Latencies::default();
        assert!(latencies.is_empty());
        for nanos in 1..=3 {
            latencies.push(nanos);
        }
        assert_eq!(latencies.nanos().collect::<Vec<_>>(), [1, 2, 3]);
        for nanos in 4..=102 {
            latencies.push(nanos);
        }
        assert_eq!(latencies.len(), 100);
        assert!(latencies.nanos().eq(3..=102));
        assert_eq!(latencies.sum_nanos(), (3..=102).sum());
    }

    #[test]
    fn an_ignored_call_has_no_latency_and_moves_no_time() {
        let mut tally = Tally { in_flight: 1, ..Tally::default() };
        tally.completed(Outcome::Ignored, Some(5), Some(Instant::from_nanos(5)));
        assert_eq!((tally.ignored, tally.in_flight), (1, 0));
        assert_eq!(tally.last_failure.instant(), None);
        assert_eq!(tally.timed(), (Latencies::default(), None));
    }
}
