//! What time alone changes.

use super::past::Past;
use super::{Machine, Phase};
use crate::breaker::interval::OpenInterval;
use crate::breaker::{BreakerConfig, Cause, Event, EventKind, Moment, State, plants};
use crate::door::{Instant, Rules};
use std::time::Duration;

impl Machine {
    /// The effective state at `now`: an open breaker whose interval is over is half-open, and a half-open one that has not
    /// closed in time is open again, even before anybody called.
    #[must_use]
    pub fn state(&self, now: Moment, rules: &impl Rules) -> State {
        match (self.phase, self.overdue(now, rules)) {
            (phase, _) if phase.ends_by_itself() && self.past().interval.is_over(now, rules) => {
                State::HalfOpen
            }
            (_, Some(overdue)) if overdue < self.next_interval(None, rules) => State::Open,
            (phase, _) => phase.state(),
        }
    }

    /// Makes what time alone has changed an event: an open interval or a half-open period is over, or a trial was silent for
    /// longer than its lease.
    pub fn refresh(&mut self, now: Moment, rules: &impl Rules, journal: &mut impl Extend<Event>) {
        self.expire(now, rules, journal);
        let ends = self.phase.ends_by_itself()
            || self.phase == Phase::ForcedOpen && rules.broken_by(plants::FORCED_OPEN_ENDS);
        if ends && self.past().interval.is_over(now, rules) {
            let trusting = rules.broken_by(plants::CLOSES_WITHOUT_TRIALS);
            let next = if trusting { Phase::Closed } else { Phase::HalfOpen };
            self.enter(next, Cause::IntervalOver, now, rules, journal);
        }
    }

    /// What time alone has changed at `now`, but for the end of an open interval.
    pub(super) fn expire(
        &mut self,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        self.observe(now, rules);
        if let Some(overdue) = self.overdue(now, rules) {
            let nanos = u64::try_from(overdue.as_nanos()).expect("it is a difference of instants");
            let began = Instant::from_nanos(now.mono.as_nanos() - nanos);
            let began = Moment { mono: began, ..now };
            self.open(Cause::NotClosedInTime, began, None, now, rules, journal);
        }
        let (Some(lease), Some(_)) = (self.config.trial_lease, &self.past) else { return };
        if rules.broken_by(plants::LEASE_NEVER_ENDS) {
            return;
        }
        let early = u64::from(rules.broken_by(plants::LEASE_EARLY_BY_ONE_NANOSECOND));
        let lease = lease.saturating_sub(Duration::from_nanos(early));
        while let Some(admitted_at) = self.past_mut().trials.reclaim(now.mono, lease) {
            self.past_mut().totals.reclaimed += 1;
            self.record(now, EventKind::TrialReclaimed { admitted_at }, journal);
        }
    }

    /// How much longer than it may the half-open period has taken; `None` where it may go on.
    fn overdue(&self, now: Moment, rules: &impl Rules) -> Option<Duration> {
        let longest = self.config.half_open_for.filter(|_| self.phase == Phase::HalfOpen)?;
        if rules.broken_by(plants::HALF_OPEN_FOR_EVER) {
            return None;
        }
        let overdue = now.mono.saturating_duration_since(self.entered).checked_sub(longest);
        let late = rules.broken_by(plants::HALF_OPEN_LATE_BY_ONE_NANOSECOND);
        overdue.filter(|overdue| !(late && overdue.is_zero()))
    }

    /// How long the next opening lasts, where a failure asks for so much.
    pub(super) fn next_interval(&self, asked: Option<Duration>, rules: &impl Rules) -> Duration {
        let heard = !self.config.retry_after_max.is_zero();
        let most = match rules.broken_by(plants::ASKED_WITHOUT_LIMIT) {
            true if heard => Duration::MAX,
            _ => self.config.retry_after_max,
        };
        let asked = asked.unwrap_or_default().min(most);
        if !asked.is_zero() {
            return asked;
        }
        let BreakerConfig { open_for, backoff, jitter, .. } = *self.config;
        let Past { openings, seed, .. } = *self.past();
        let length = backoff.interval(open_for, openings.saturating_add(1));
        let shortened = OpenInterval::shortened(length, jitter, seed ^ self.generation.as_u64());
        if rules.broken_by(plants::JITTER_LENGTHENS) {
            return length.saturating_add(length.saturating_sub(shortened));
        }
        shortened
    }

    /// How long until the next admission may succeed, as far as the clock tells; `None` when forced open.
    pub(super) fn retry_after(&self, now: Moment, rules: &impl Rules) -> Option<Duration> {
        match self.phase {
            Phase::ForcedOpen => None,
            Phase::Open | Phase::Isolated if rules.broken_by(plants::RETRY_AFTER_ALL_OF_IT) => {
                Some(self.past().interval.length())
            }
            Phase::Open | Phase::Isolated => Some(self.past().interval.left(now, rules)),
            Phase::HalfOpen => Some(self.overdue(now, rules).map_or(Duration::ZERO, |overdue| {
                self.next_interval(None, rules).saturating_sub(overdue)
            })),
            Phase::Closed | Phase::Disabled | Phase::MetricsOnly => Some(Duration::ZERO),
        }
    }

    /// Takes note of a clock that went back: what began after `now` begins at `now`.
    pub(super) fn observe(&mut self, now: Moment, rules: &impl Rules) {
        self.has_begun = true;
        self.entered = self.entered.min(now.mono);
        let Some(past) = &mut self.past else { return };
        if self.phase.ends_by_itself() {
            past.interval.observe(now, rules);
        }
        past.trials.observe(now.mono);
    }
}
