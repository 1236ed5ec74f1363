//! What the end of a call decides.

use super::{Machine, Phase};
use crate::breaker::{
    Cause, Counted, Ended, Event, EventKind, Generation, Moment, Outcome, Ticket, Verdict, plants,
};
use crate::door::{Instant, Rules};
use std::time::Duration;

/// What became of a result that is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::breaker) enum Settled {
    /// It is counted, and that is all.
    Counted,
    /// It is counted, and the breaker has to open.
    Opens(Cause),
    /// Nothing has changed: it is to be told as a [completion](Machine::complete).
    Decision,
}

/// What a trial counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trial {
    Succeeded,
    Failed,
    /// It succeeded, too slowly to count as one that did.
    Slow,
}

impl Machine {
    /// A success or a failure, ended at `now` where the clock was read for it. What it counts as is that of
    /// [`complete`](Self::complete); where it changes no more than counts, that is done at once.
    #[inline]
    pub(in crate::breaker) fn settle(
        &mut self,
        ticket: &Ticket,
        outcome: Outcome,
        now: Option<Instant>,
        rules: &impl Rules,
    ) -> Settled {
        let is_current = ticket.generation() == self.generation
            || rules.broken_by(plants::WINDOW_KNOWS_NO_GENERATION);
        let is_ordinary = matches!(self.phase, Phase::Closed | Phase::Disabled)
            && is_current
            && ticket.trial().is_none();
        let failed = match outcome {
            Outcome::Success => false,
            Outcome::Failure => true,
            Outcome::Ignored => return Settled::Decision,
        };
        if !is_ordinary {
            return Settled::Decision;
        }
        if let Some(now) = now {
            self.entered = self.entered.min(now);
        }
        let took =
            ticket.admitted_at().zip(now).map(|(began, now)| now.saturating_duration_since(began));
        let took = took.filter(|_| !rules.broken_by(plants::WINDOW_TAKES_CALLS_FOR_FAST));
        self.tally.completed(outcome, took.and_then(|took| latency(took, outcome, rules)), now);
        if self.phase == Phase::Disabled {
            return Settled::Counted;
        }
        if !rules.broken_by(plants::WINDOW_FORGETS_THE_ROW) {
            self.count_in_row(failed, rules);
        }
        let now = now.unwrap_or(Instant::ORIGIN);
        match self.trips(failed, took.unwrap_or_default(), now, rules) {
            Some(Cause::Threshold) if self.is_let_off(rules) => Settled::Counted,
            Some(cause) => Settled::Opens(cause),
            None => Settled::Counted,
        }
    }

    /// Whether the failure that makes the threshold is taken for one of before: a planted bug.
    fn is_let_off(&self, rules: &impl Rules) -> bool {
        rules.broken_by(plants::GATE_THRESHOLD_OFF_BY_ONE)
            && self.config.failure_threshold.map(u64::from) == Some(self.consecutive_failures)
    }

    /// Failures in a row, and what makes them so many: for a planted bug, which counts them by what they were.
    pub(in crate::breaker) const fn failures_in_a_row(&mut self) -> &mut u64 {
        &mut self.consecutive_failures
    }

    /// The call that `ticket` admitted has ended. A result of another generation, or of a trial that was silent for longer
    /// than its lease, changes statistics only.
    ///
    /// A ticket is for the machine that gave it: with another one's the counts are wrong.
    pub fn complete(
        &mut self,
        ticket: Ticket,
        verdict: impl Into<Verdict>,
        ended: Ended,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        if ended == Ended::Panicked && rules.broken_by(plants::PERMIT_LEAKED_BY_PANIC) {
            return;
        }
        self.expire(now, rules, journal);
        let verdict = verdict.into();
        let Verdict { outcome, retry_after: asked } = verdict;
        let (admitted_in, admitted_at) = (ticket.generation(), ticket.admitted_at());
        let counted = if self.is_current(&ticket, rules) { Counted::Yes } else { Counted::Stale };
        // A clock that went back counts as no time at all.
        let took = admitted_at.map(|began| now.timed_by(rules).saturating_duration_since(began));
        let latency = took.and_then(|took| latency(took, outcome, rules));
        self.tally.completed(outcome, latency, Some(now.mono));
        let kind =
            EventKind::Completed { admitted_in, admitted_at, outcome, asked, counted, ended };
        self.record(now, kind, journal);
        match counted {
            Counted::Yes => {
                self.count(&ticket, verdict, took.unwrap_or_default(), now, rules, journal);
            }
            Counted::Stale => self.past_mut().totals.stale += 1,
        }
    }

    /// Whether the generation that admitted the call lasts, and a trial is one of those that it waits for.
    fn is_current(&self, ticket: &Ticket, rules: &impl Rules) -> bool {
        if rules.broken_by(plants::UNFENCED_LATE_RESULT) {
            return true;
        }
        let waits_for = |trial| {
            rules.broken_by(plants::RECLAIMED_TRIAL_COUNTS)
                || self.past().trials.is_in_flight(trial)
        };
        let last_bits = |generation: Generation| generation.as_u64() as u8;
        let is_alike = rules.broken_by(plants::GENERATION_IN_EIGHT_BITS)
            && last_bits(ticket.generation()) == last_bits(self.generation);
        (ticket.generation() == self.generation || is_alike) && ticket.trial().is_none_or(waits_for)
    }

    /// Lets a result of the current generation decide.
    fn count(
        &mut self,
        ticket: &Ticket,
        verdict: Verdict,
        took: Duration,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        if let Some(trial) = ticket.trial() {
            self.past_mut().trials.end(trial);
        }
        let failed = match verdict.outcome {
            Outcome::Ignored => return self.ignore(now, rules),
            Outcome::Success => false,
            Outcome::Failure => true,
        };
        if self.phase == Phase::Disabled && !rules.broken_by(plants::DISABLED_OPENS) {
            return;
        }
        self.count_in_row(failed, rules);
        match self.phase {
            Phase::Closed | Phase::MetricsOnly | Phase::Disabled => {
                let cause = self.trips(failed, took, now.mono, rules);
                let decides = match self.phase {
                    Phase::MetricsOnly => rules.broken_by(plants::METRICS_ONLY_OPENS),
                    _ => true,
                };
                if let Some(cause) = cause.filter(|_| decides) {
                    self.open(cause, now, verdict.retry_after, now, rules, journal);
                }
            }
            Phase::HalfOpen => {
                let judged = self.judged(failed, took, rules);
                self.judge_trial(judged, verdict, now, rules, journal);
            }
            Phase::Open | Phase::ForcedOpen | Phase::Isolated => {}
        }
    }

    /// What says nothing about the service changes nothing, but for planted bugs.
    fn ignore(&mut self, now: Moment, rules: &impl Rules) {
        if rules.broken_by(plants::IGNORED_ENDS_THE_ROW) {
            self.consecutive_failures = 0;
        }
        if let Some(results) = &mut self.results
            && rules.broken_by(plants::IGNORED_IN_THE_WINDOW)
        {
            results.record(false, Duration::ZERO, now.mono, rules);
        }
    }

    #[inline]
    fn count_in_row(&mut self, failed: bool, rules: &impl Rules) {
        if failed {
            self.consecutive_failures += 1;
            self.consecutive_successes = 0;
        } else {
            self.consecutive_successes += 1;
            if !rules.broken_by(plants::FAILURES_NEED_NO_ROW) {
                self.consecutive_failures = 0;
            }
        }
    }

    /// Why a closed breaker has to open after this result, if it has to.
    #[inline]
    fn trips(
        &mut self,
        failed: bool,
        took: Duration,
        now: Instant,
        rules: &impl Rules,
    ) -> Option<Cause> {
        let in_a_row = failed && self.too_many_failures(rules);
        let by_window = self.results.as_mut().and_then(|results| {
            let before = results.trips(rules);
            let is_fast = failed && rules.broken_by(plants::SLOW_FAILURE_IS_FAST);
            let took = if is_fast { Duration::ZERO } else { took };
            results.record(failed, took, now, rules);
            if rules.broken_by(plants::CURRENT_RESULT_NOT_IN_WINDOW) {
                before
            } else {
                results.trips(rules)
            }
        });
        if in_a_row { Some(Cause::Threshold) } else { by_window }
    }

    /// What a trial that has ended counts as. Where slow calls open the breaker, a slow service has not recovered.
    fn judged(&self, failed: bool, took: Duration, rules: &impl Rules) -> Trial {
        let is_slow = || self.results.as_ref().is_some_and(|window| window.is_slow(took, rules));
        match failed {
            true => Trial::Failed,
            false if is_slow() && !rules.broken_by(plants::SLOW_TRIAL_SUCCEEDS) => Trial::Slow,
            false => Trial::Succeeded,
        }
    }

    fn judge_trial(
        &mut self,
        trial: Trial,
        verdict: Verdict,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        let cause = match trial {
            Trial::Succeeded => {
                self.past_mut().trials.succeed();
                if self.enough_successes(rules) {
                    self.enter(Phase::Closed, Cause::TrialsSucceeded, now, rules, journal);
                }
                return;
            }
            Trial::Slow if rules.broken_by(plants::SLOW_TRIAL_DECIDES_NOTHING) => return,
            Trial::Slow => Cause::TrialSlow,
            Trial::Failed => Cause::TrialFailed,
        };
        self.past_mut().trials.fail();
        if self.too_many_failed_trials(rules) {
            self.open(cause, now, verdict.retry_after, now, rules, journal);
        }
    }

    fn too_many_failures(&self, rules: &impl Rules) -> bool {
        let Some(threshold) = self.config.failure_threshold.map(u64::from) else { return false };
        if rules.broken_by(plants::THRESHOLD_OFF_BY_ONE) {
            return self.consecutive_failures > threshold;
        }
        self.consecutive_failures >= threshold
    }

    fn too_many_failed_trials(&self, rules: &impl Rules) -> bool {
        if rules.broken_by(plants::TOLERATES_ONE_FAILURE_MORE) {
            return self.past().trials.failed() > self.config.tolerated_failures.saturating_add(1);
        }
        self.past().trials.failed() > self.config.tolerated_failures
    }

    fn enough_successes(&self, rules: &impl Rules) -> bool {
        if rules.broken_by(plants::SUCCESS_THRESHOLD_OFF_BY_ONE) {
            return self.past().trials.succeeded() > self.config.success_threshold;
        }
        self.past().trials.succeeded() >= self.config.success_threshold
    }
}

/// What is kept of how long a call took, in nanoseconds.
fn latency(took: Duration, outcome: Outcome, rules: &impl Rules) -> Option<u64> {
    if outcome == Outcome::Failure && rules.broken_by(plants::FAILURE_HAS_NO_LATENCY) {
        return None;
    }
    let unit = if rules.broken_by(plants::LATENCY_IN_MICROSECONDS) { 1000 } else { 1 };
    Some(u64::try_from(took.as_nanos() / unit).unwrap_or(u64::MAX))
}
