//! How the end of a call is told: to the gate, to the window of a closed breaker, or as a decision.

use super::lockless::Reads;
use super::{CircuitBreaker, moment_at};
use crate::breaker::machine::Settled;
use crate::breaker::ticket::TrialNumber;
use crate::breaker::{BreakerConfig, Ended, Outcome, Ticket, Verdict, plants};
use crate::door::{Mutex, Platform, Rules};
use std::time::Duration;

impl<P: Platform> CircuitBreaker<P> {
    /// Tells the end of the call that `ticket` admitted.
    #[inline]
    pub(in crate::breaker) fn settle(&self, ticket: Ticket, verdict: Verdict, ended: Ended) {
        let Verdict { outcome, retry_after } = verdict;
        if outcome != Outcome::Success || !self.lockless.succeed(&ticket, &self.platform) {
            let (call, admitted_at, trial) = ticket.into_words();
            self.settle_elsewhere(call, admitted_at, trial, outcome, retry_after, ended);
        }
    }

    /// Takes the words of a ticket and the parts of a verdict, which are handed over in registers: what is handed over in memory
    /// is written before each success too, and a counter waits for that.
    #[inline(never)]
    fn settle_elsewhere(
        &self,
        call: u64,
        admitted_at: u64,
        trial: Option<TrialNumber>,
        outcome: Outcome,
        retry_after: Option<Duration>,
        ended: Ended,
    ) {
        let ticket = Ticket::of_words(call, admitted_at, trial);
        if self.lockless.settle(&self.platform, &ticket, outcome) {
            return;
        }
        let verdict = Verdict { outcome, retry_after };
        if self.lockless.is_on() {
            self.settle_under_the_lock(&ticket, verdict, ended);
        } else {
            self.operate(|machine, now, rules, journal| {
                machine.complete(ticket, verdict, ended, now, rules, journal);
            });
        }
    }

    /// Takes the lock for no longer than it takes to count a result. Calls go on passing the gate meanwhile, which is closed
    /// for a decision only.
    fn settle_under_the_lock(&self, ticket: &Ticket, verdict: Verdict, ended: Ended) {
        let platform = &self.platform;
        let stale = self.row_before_the_lock(ticket, verdict.outcome);
        let mut inner = self.inner.lock();
        if let Some(row) = stale {
            *inner.machine.failures_in_a_row() = row;
        }
        self.lockless.catch_up(&mut inner.machine);
        // Read under the lock, so that results are in the order of their readings.
        let is_read = self.lockless.reads() != Reads::Never || verdict.outcome == Outcome::Failure;
        let now = is_read.then(|| platform.now());
        let settled = inner.machine.settle(ticket, verdict.outcome, now, platform);
        if settled == Settled::Counted {
            self.lockless.turn(&inner.machine, platform);
            // What a listener's panic has left behind is told with the next result that takes the lock.
            let delivery = inner.pending.claim(self);
            drop(inner);
            self.deliver(delivery);
            return;
        }
        if platform.broken_by(plants::WINDOW_OPENS_AFTER_ITS_LOCK) {
            drop(inner);
            inner = self.inner.lock();
        }
        let now = || moment_at(platform, now.unwrap_or_else(|| platform.now()));
        let ((), delivery) =
            self.decide_in(&mut inner, now, |machine, now, rules, journal| match settled {
                Settled::Opens(cause) => {
                    machine.open(cause, now, verdict.retry_after, now, rules, journal);
                }
                Settled::Counted | Settled::Decision => {
                    machine.complete(ticket.again(), verdict, ended, now, rules, journal);
                }
            });
        drop(inner);
        self.deliver(delivery);
    }

    /// What is written down of a row before there is the lock to do it: planted bugs.
    fn row_before_the_lock(&self, ticket: &Ticket, outcome: Outcome) -> Option<u64> {
        match outcome {
            Outcome::Success if self.platform.broken_by(plants::GATE_SUCCESS_STORED) => {
                self.lockless.end_row(ticket.generation());
                None
            }
            Outcome::Failure if self.platform.broken_by(plants::GATE_FAILURE_STORED) => {
                Some(*self.inner.lock().machine.failures_in_a_row())
            }
            _ => None,
        }
    }

    /// The permit of `ticket` was dropped without a result.
    #[cold]
    pub(in crate::breaker) fn abandon(&self, ticket: Ticket) {
        if ticket.trial().is_none() && self.platform.broken_by(plants::DROPPED_PERMIT_UNCOUNTED) {
            return;
        }
        let BreakerConfig { cancelled, panicked, .. } = &*self.config;
        if self.platform.panicking() {
            let as_cancelled = self.platform.broken_by(plants::PANIC_COUNTS_AS_CANCELLED);
            let outcome = if as_cancelled { cancelled.outcome() } else { panicked.outcome() };
            self.settle(ticket, outcome.into(), Ended::Panicked);
        } else {
            let is_ignored = self.platform.broken_by(plants::CANCELLED_IS_IGNORED);
            let outcome = if is_ignored { Outcome::Ignored } else { cancelled.outcome() };
            self.settle(ticket, outcome.into(), Ended::Cancelled);
        }
    }
}
