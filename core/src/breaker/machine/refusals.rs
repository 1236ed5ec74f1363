//! How many calls were refused since the generation began, and which of them are told of.

use super::Machine;
use super::past::Past;
use crate::breaker::{Event, EventKind, Moment, State, Sum, plants};
use crate::door::Rules;
use std::num::NonZeroU64;

#[derive(Clone, Copy, Debug)]
pub(super) struct Refusals {
    /// After how many a listener hears of them again; none where nobody does.
    every: Option<NonZeroU64>,
    /// Calls that were ever refused by whoever counts in the machine's place.
    elsewhere: u64,
    /// Calls that had been refused when the generation began.
    before: u64,
    /// Calls of the generation that had been refused when that was told last.
    told: u64,
}

impl Refusals {
    /// None yet, and nobody is told.
    pub(super) const NONE: Self = Self { every: None, elsewhere: 0, before: 0, told: 0 };
}

impl Machine {
    /// From now on it tells of the first call that it refuses in each generation, of every so many after it, and of all of
    /// them together when the generation ends. What was refused before, of which somebody else has counted so much, is told of no more.
    pub(in crate::breaker) fn tell_refusals(&mut self, every: NonZeroU64, elsewhere: u64) {
        let Past { refusals, totals, .. } = self.past_mut();
        if refusals.every.is_none() {
            refusals.elsewhere = elsewhere;
            refusals.before = totals.rejected + elsewhere;
        }
        refusals.every = Some(every);
    }

    /// Takes over how many calls somebody else has ever refused.
    pub(in crate::breaker) fn refused_elsewhere(&mut self, total: u64) {
        self.past_mut().refusals.elsewhere = total;
    }

    /// Whether it is the next refusal that is to be told of.
    pub(in crate::breaker) fn awaits_first_refusal(&self) -> bool {
        self.past().refusals.every.is_some() && self.refused() == 0
    }

    /// Tells how many calls were refused so far, where that is due.
    pub(in crate::breaker) fn sum_up(
        &mut self,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        let Refusals { every: Some(every), told, .. } = self.past().refusals else { return };
        let (state, count) = (self.phase.state(), self.refused());
        let is_due = told == 0 || count / every > told / every;
        let is_due = is_due || rules.broken_by(plants::EVERY_REJECTION_TOLD);
        if count > 0 && is_due && state != State::Closed {
            self.past_mut().refusals.told = count;
            let sum = Sum::SoFar { retry_after: self.retry_after(now, rules) };
            self.record(now, EventKind::Rejections { state, count, sum }, journal);
        }
    }

    /// The generation ends: tells how many calls were refused in it, where there were any.
    pub(super) fn sum_up_all(
        &mut self,
        now: Moment,
        rules: &impl Rules,
        journal: &mut impl Extend<Event>,
    ) {
        let (state, count) = (self.phase.state(), self.refused());
        let is_heard = self.past().refusals.every.is_some();
        let is_told = is_heard && !rules.broken_by(plants::SUMMARY_FORGOTTEN);
        if count > 0 && is_told {
            self.record(now, EventKind::Rejections { state, count, sum: Sum::InAll }, journal);
        }
        let refusals = &mut self.past_mut().refusals;
        refusals.before += count;
        refusals.told = 0;
    }

    /// Calls that were refused since the generation began.
    fn refused(&self) -> u64 {
        let Past { refusals, totals, .. } = self.past();
        (totals.rejected + refusals.elsewhere).saturating_sub(refusals.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaker::BreakerConfig;
    use crate::door::{Instant, Sound};

    #[test]
    fn where_nothing_was_refused_nothing_is_told() {
        let now = Moment::at(Instant::ORIGIN);
        let mut machine = Machine::new(BreakerConfig::default(), now).expect("valid");
        machine.tell_refusals(NonZeroU64::MIN, 0);
        machine.force_open(now, &Sound, &mut Vec::new());
        let mut journal = Vec::new();
        // Whoever was refused looks when a new generation has begun.
        machine.sum_up(now, &Sound, &mut journal);
        machine.reset(now, &Sound, &mut journal);
        let told =
            journal.iter().filter(|event| matches!(event.kind, EventKind::Rejections { .. }));
        assert_eq!(told.count(), 0, "{journal:?}");
    }

    #[test]
    fn a_late_refusal_is_told_of_with_the_generation_that_it_came_in_and_not_before() {
        let now = Moment::at(Instant::ORIGIN);
        let mut machine = Machine::new(BreakerConfig::default(), now).expect("valid");
        machine.tell_refusals(NonZeroU64::MIN, 0);
        let mut journal = Vec::new();
        // Whoever counts elsewhere was late: nothing is refused while closed.
        machine.refused_elsewhere(2);
        machine.sum_up(now, &Sound, &mut journal);
        assert_eq!(journal, []);
        machine.force_open(now, &Sound, &mut journal);
        let sum = Sum::InAll;
        let late = EventKind::Rejections { state: State::Closed, count: 2, sum };
        assert_eq!(journal.first().map(|event| &event.kind), Some(&late));
    }
}
