//! What is done to a breaker by hand. Each command begins a new generation, so that no result of a call before it counts.

use super::{Machine, Phase};
use crate::breaker::interval::OpenInterval;
use crate::breaker::{Cause, Event, Moment, plants};
use crate::door::Rules;
use std::time::Duration;

impl Machine {
    /// Closes the breaker, whatever was done to it by hand, and forgets the results in a row. Totals stay.
    pub fn reset(&mut self, now: Moment, rules: &impl Rules, journal: &mut impl Extend<Event>) {
        self.observe(now, rules);
        if !rules.broken_by(plants::RESET_KEEPS_THE_ROWS) {
            self.forget_rows();
        }
        self.enter(Phase::Closed, Cause::Reset, now, rules, journal);
    }

    /// Opens the breaker until somebody lifts that, whatever its timer and late results say.
    pub fn force_open(
        &mut self,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        self.observe(now, rules);
        self.enter(Phase::ForcedOpen, Cause::Forced, now, rules, journal);
    }

    /// Opens the breaker for `time`, whatever late results say; then it admits trials. Nothing of it counts as an opening:
    /// the next interval is no longer for it. No time at all is a nanosecond.
    pub fn isolate_for(
        &mut self,
        time: Duration,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        self.observe(now, rules);
        let past = self.past_mut();
        past.interval = OpenInterval::new(now, time.max(Duration::from_nanos(1)));
        if rules.broken_by(plants::ISOLATION_GROWS_THE_INTERVAL) {
            past.openings = past.openings.saturating_add(1);
        }
        self.enter(Phase::Isolated, Cause::Isolated, now, rules, journal);
    }

    /// Lets every call pass until somebody lifts that. Results are counted in the totals, and nowhere else.
    pub fn disable(&mut self, now: Moment, rules: &impl Rules, journal: &mut impl Extend<Event>) {
        self.observe(now, rules);
        self.enter(Phase::Disabled, Cause::Disabled, now, rules, journal);
    }

    /// Lets every call pass until somebody lifts that, and keeps looking at the results without ever opening.
    pub fn only_measure(
        &mut self,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        self.observe(now, rules);
        self.enter(Phase::MetricsOnly, Cause::MetricsOnly, now, rules, journal);
    }

    /// Ends what was done by hand: a breaker that was open by hand admits trials, because nobody knows how the service is;
    /// one that was closed by hand is closed, and has seen nothing yet. Where nothing was done by hand, nothing happens.
    pub fn lift(&mut self, now: Moment, rules: &impl Rules, journal: &mut impl Extend<Event>) {
        self.refresh(now, rules, journal);
        match self.phase {
            Phase::Closed | Phase::Open | Phase::HalfOpen => {}
            Phase::ForcedOpen | Phase::Isolated => {
                let trusting = rules.broken_by(plants::LIFTING_CLOSES);
                let next = if trusting { Phase::Closed } else { Phase::HalfOpen };
                self.enter(next, Cause::Lifted, now, rules, journal);
            }
            Phase::Disabled | Phase::MetricsOnly => {
                self.forget_rows();
                self.enter(Phase::Closed, Cause::Lifted, now, rules, journal);
            }
        }
    }

    const fn forget_rows(&mut self) {
        self.consecutive_successes = 0;
        self.consecutive_failures = 0;
    }
}
