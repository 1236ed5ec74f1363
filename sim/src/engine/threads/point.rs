//! Scheduling points: the running thread is about to do something that others can see, so somebody else may go first.

use super::access::Access;
use super::coroutine;
use super::kernel::{Kernel, Mode, Operation, Switch};
use super::sight::Onlookers;
use super::source::Source;
use super::strategy::Strategy;
use super::thread::{ThreadId, Waiting};
use super::unmet::WhyUnmet;
use super::weather::Disturbance;
use crate::engine::Failure;
use crate::log::{Folded, Name};
use crate::plan::{Deviation, Turn};

/// In the fair phase the clock moves to the next timer after this many steps for each ready thread.
const FAIR_TURNS: u64 = 64;
/// Points that the destructors of a thread may pass while its run is torn down.
const MOST_LATE_POINTS: u64 = 1_000_000;
/// The fair phase lasts this many times the bound.
const FAIR_BOUND: u64 = 10;

impl Kernel {
    /// The running thread is about to do `operation` on `object`: somebody else may run first.
    ///
    /// What happens at nearly every point of a drawn run is one piece of code, without a call: a step is some hundred
    /// instructions, and each call in between would be twenty more.
    #[inline(always)]
    pub(super) fn point(&mut self, operation: Operation, object: u64) -> Switch {
        let me = self.current;
        let thread = &self.threads[me.index()];
        let is_unusual = thread.unwinding || std::thread::panicking();
        if self.mode != Mode::Running || is_unusual {
            return self.unusual_point(operation, object);
        }
        self.running_point(operation, object)
    }

    /// A point of a thread that does not unwind, in a run that goes on as its source decides.
    #[inline(always)]
    fn running_point(&mut self, operation: Operation, object: u64) -> Switch {
        let me = self.current;
        let point = self.step(operation, object);
        if self.steps >= self.bound {
            self.mode = Mode::Fair;
            return Switch::Stay;
        }
        if self.onlookers.is_some() {
            return self.watched_point(me, point, operation, object);
        }
        self.decide(me, point, operation, object)
    }

    /// A point that somebody looks on at.
    #[inline(never)]
    fn watched_point(
        &mut self,
        me: ThreadId,
        point: u64,
        operation: Operation,
        object: u64,
    ) -> Switch {
        let passes_over = |onlookers: &mut Box<Onlookers>| onlookers.reaches(me, operation, object);
        let switch = if self.onlookers.as_mut().is_some_and(passes_over) {
            Switch::Stay
        } else {
            self.decide(me, point, operation, object)
        };
        // Whoever hands over says so itself.
        if switch == Switch::Stay
            && let Some(onlookers) = &mut self.onlookers
        {
            onlookers.takes(me, self.now);
        }
        switch
    }

    /// Who runs on from a point.
    #[inline(always)]
    fn decide(&mut self, me: ThreadId, point: u64, operation: Operation, object: u64) -> Switch {
        let Source::Drawn(drawn) = &mut self.source else {
            return self.decided_point(me, point, operation, object);
        };
        if drawn.weather.breaks()
            && let Some(disturbance) = drawn.weather.disturb()
        {
            let stalls = matches!(disturbance, Disturbance::Stall(_));
            if stalls {
                drawn.strategy.reaches(me, Access::of(operation, object, me.0));
            }
            // Once time has moved somebody else may be ready, and go first. Who goes on after a stall is decided where it gives way, and
            // this point is over: what were decided here would be written for a point that is gone.
            if let Some(switch) = self.disturbed(me, point, disturbance)
                && stalls
            {
                return switch;
            }
        }
        let Source::Drawn(drawn) = &mut self.source else { return Switch::Stay };
        let next = drawn.strategy.at_point(&self.ready, me, operation, object);
        if next == me {
            return Switch::Stay;
        }
        if self.recorder.is_some() {
            self.record(me, point, |kernel| Turn::To(kernel.name(next)));
        }
        self.hand_over(next)
    }

    /// A point in a run that is fair or ends, or of a thread that may still unwind.
    #[cold]
    fn unusual_point(&mut self, operation: Operation, object: u64) -> Switch {
        match self.mode {
            Mode::Unwinding => self.late_point(),
            Mode::Fair => self.fair_point(operation, object),
            Mode::Stopping => self.leave_for_good(),
            Mode::Running => {
                if self.still_unwinding() {
                    self.touches_everything();
                    return Switch::Stay;
                }
                self.running_point(operation, object)
            }
        }
    }

    /// A point of what runs while the run is torn down: destructors pass. Code that has caught its end meets it again, and
    /// what does not come to an end is left where it is.
    fn late_point(&mut self) -> Switch {
        self.late_points += 1;
        let drops = self.only_drops || std::thread::panicking();
        let goes_on = coroutine::on_coroutine() && !drops;
        if goes_on || self.late_points > MOST_LATE_POINTS { Switch::Never } else { Switch::Stay }
    }

    /// Lets `disturbance` happen at a point of the running thread; `None` where there is no moment to move to.
    #[cold]
    fn disturbed(&mut self, me: ThreadId, point: u64, disturbance: Disturbance) -> Option<Switch> {
        match disturbance {
            Disturbance::Time => self.move_to_next_timer().then(|| {
                self.record(me, point, |_| Turn::Time);
                Switch::Stay
            }),
            Disturbance::Stall(duration) => {
                self.record(me, point, |_| Turn::Stall(duration));
                Some(self.stall(duration))
            }
        }
    }

    pub(super) fn name(&self, thread: ThreadId) -> Name {
        self.threads[thread.index()].name.clone()
    }

    /// Counts and folds one step of the running thread and returns its number among that thread's points.
    #[inline(always)]
    pub(super) fn step(&mut self, operation: Operation, object: u64) -> u64 {
        self.steps += 1;
        let me = self.current;
        let thread = &mut self.threads[me.index()];
        thread.points += 1;
        let point = thread.points;
        fold_step(&mut self.schedule, me, operation, object);
        point
    }

    #[cold]
    pub(super) fn record(&mut self, me: ThreadId, point: u64, turn: impl FnOnce(&Self) -> Turn) {
        if self.recorder.is_none() {
            return;
        }
        let deviation = Deviation { thread: self.name(me), point, turn: turn(self) };
        if let Some(recorder) = &mut self.recorder {
            recorder.push(deviation);
        }
    }

    /// A point of a run whose schedule is not drawn.
    #[cold]
    fn decided_point(
        &mut self,
        me: ThreadId,
        point: u64,
        operation: Operation,
        object: u64,
    ) -> Switch {
        match &self.source {
            Source::Searched(_) => self.searched_point(me, point, operation, object),
            Source::Drawn(_) | Source::Written(_) => self.written_point(me, point),
        }
    }

    /// The default rule is to stay; the plan may deviate from it. The clock may move before something else happens.
    fn written_point(&mut self, me: ThreadId, point: u64) -> Switch {
        loop {
            let Source::Written(written) = &mut self.source else { return Switch::Stay };
            let Some((place, turn)) = written.turn(me, point) else { return Switch::Stay };
            let switch = match turn {
                Turn::To(name) => match self.ready_by_name(&name) {
                    Ok(next) if next != me => {
                        self.record(me, point, |kernel| Turn::To(kernel.name(next)));
                        return self.hand_over(next);
                    }
                    Ok(_) => Err(WhyUnmet::Running),
                    Err(why) => Err(why),
                },
                Turn::Time if self.move_time_as_planned(me, point) => continue,
                Turn::Time => Err(WhyUnmet::NoTimer),
                Turn::Stall(duration) => {
                    self.disturbed(me, point, Disturbance::Stall(duration)).ok_or(WhyUnmet::NoTimer)
                }
                Turn::Wakes(_) => Err(WhyUnmet::NoWaiter),
                Turn::Spurious => Err(WhyUnmet::NeverFails),
            };
            match switch {
                Ok(switch) => return switch,
                Err(why) => self.skip(place, why),
            }
        }
    }

    /// Moves the clock to the next timer, because the plan says so. False where nobody waits for a moment.
    pub(super) fn move_time_as_planned(&mut self, me: ThreadId, point: u64) -> bool {
        self.disturbed(me, point, Disturbance::Time).is_some()
    }

    /// Keeps that the turn at this place in the plan could not be taken.
    pub(super) fn skip(&mut self, place: usize, why: WhyUnmet) {
        if let Source::Written(written) = &mut self.source {
            written.skip(place, why);
        }
    }

    /// The thread called `name`, if it can go on.
    pub(super) fn ready_by_name(&self, name: &str) -> Result<ThreadId, WhyUnmet> {
        // Whether it ever begins is known at the end.
        let thread = self.named(name).ok_or(WhyUnmet::NotBegun)?;
        match self.threads[thread.index()].waiting {
            Waiting::Nothing => Ok(thread),
            Waiting::Finished => Err(WhyUnmet::HasEnded),
            _ => Err(WhyUnmet::Waits),
        }
    }

    /// Everybody in turn, and time moves now and then: under this schedule every loop that waits for somebody ends.
    #[cold]
    fn fair_point(&mut self, operation: Operation, object: u64) -> Switch {
        if self.still_unwinding() {
            return Switch::Stay;
        }
        self.step(operation, object);
        if self.steps >= self.bound.saturating_mul(1 + FAIR_BOUND) {
            let running = |thread: &&ThreadId| !self.threads[thread.index()].is_finished();
            let mut ids: Vec<ThreadId> = self.ready.iter().filter(running).copied().collect();
            ids.sort_unstable();
            let name = |thread: ThreadId| self.threads[thread.index()].name.clone();
            let running = ids.into_iter().map(name).collect();
            self.fail(Failure::Livelock { steps: self.steps, running });
            return self.leave_for_good();
        }
        if self.steps.is_multiple_of(FAIR_TURNS * self.ready.len() as u64) {
            self.move_to_next_timer();
        }
        self.grow_younger(self.current);
        let next = self.longest_waiting();
        self.switch_to(next)
    }

    /// Ends the run at the first scheduling point after it was stopped.
    #[cold]
    fn leave_for_good(&mut self) -> Switch {
        if self.still_unwinding() {
            return Switch::Stay;
        }
        Switch::Leave(None)
    }

    fn switch_to(&mut self, next: ThreadId) -> Switch {
        if next == self.current {
            return Switch::Stay;
        }
        self.hand_over(next)
    }

    /// Whether the running thread unwinds. The hook notes where a panic begins, but `resume_unwind` calls none: a panic that
    /// nobody has been left in the middle of is the running thread's own.
    pub(super) fn still_unwinding(&mut self) -> bool {
        let panics = std::thread::panicking();
        let nobody = || !self.marked && !self.threads.iter().any(|thread| thread.unwinding);
        let own = panics && (self.threads[self.current.index()].unwinding || nobody());
        self.me().unwinding = own;
        own
    }
}

/// Folds one step in. Where thread and object have small numbers, as nearly always, all three make one word; otherwise
/// two, of which the first says so. An object is its creator in the upper half and a number in the lower.
#[inline]
fn fold_step(schedule: &mut Folded, me: ThreadId, operation: Operation, object: u64) {
    const SMALL: u64 = 1 << 16;
    const LONG: u64 = 1 << 7;
    let (creator, nth) = (object >> 32, object & u64::from(u32::MAX));
    let first = u64::from(me.0) << 8 | operation as u64;
    if u64::from(me.0) | creator | nth < SMALL {
        schedule.fold(first | creator << 24 | nth << 40);
    } else {
        schedule.fold(first | LONG);
        schedule.fold(object);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_steps_fold_alike_however_large_their_numbers_are() {
        let numbers = [0, 1, 255, 256, u32::from(u16::MAX), 1 << 16, 1 << 24, u32::MAX];
        let mut digests = BTreeSet::new();
        let mut steps = 0;
        for me in numbers {
            for operation in [Operation::Load, Operation::End] {
                for creator in numbers {
                    for nth in numbers {
                        let object = u64::from(creator) << 32 | u64::from(nth);
                        let mut digest = Folded::default();
                        fold_step(&mut digest, ThreadId(me), operation, object);
                        digests.insert(digest.digest().value());
                        steps += 1;
                    }
                }
            }
        }
        assert_eq!(digests.len(), steps);
    }

    #[test]
    fn one_step_of_large_numbers_is_not_two_of_small_ones() {
        let (large, me) = (ThreadId(70_000), ThreadId(70_000 & 0xffff));
        let second = 9 << 8 | Operation::Store as u64;
        let (mut one, mut two) = (Folded::default(), Folded::default());
        fold_step(&mut one, large, Operation::Load, second);
        // The same two words, but for what the first one says of itself.
        fold_step(&mut two, me, Operation::Load, 1 << 32);
        fold_step(&mut two, ThreadId(9), Operation::Store, 0);
        assert_ne!(one.digest(), two.digest());
    }
}
