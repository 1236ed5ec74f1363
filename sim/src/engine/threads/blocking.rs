//! Giving way: a thread that waits, stalls, yields or ends, and who runs after it.

use super::access::Access;
use super::kernel::{Kernel, Mode, Operation, Switch};
use super::source::{Drawn, Source};
use super::strategy::Strategy;
use super::thread::{Deadline, Role, ThreadId, Waiting, Wake};
use super::unmet::WhyUnmet;
use crate::plan::Turn;
use std::time::Duration;

impl Kernel {
    /// The running thread cannot go on before somebody wakes it or `deadline` comes.
    pub(super) fn block(&mut self, waiting: Waiting, deadline: Option<Deadline>) -> Switch {
        match self.mode {
            Mode::Unwinding => return Switch::Never,
            Mode::Stopping => return Switch::Leave(None),
            Mode::Running | Mode::Fair => {}
        }
        let me = self.current;
        let point = self.step(Operation::Block, u64::from(me.0));
        self.unready(me);
        if let Some(onlookers) = &mut self.onlookers
            && matches!(waiting, Waiting::Mutex(_) | Waiting::Join(_))
        {
            onlookers.takes_back();
        }
        let thread = self.me();
        thread.waiting = waiting;
        thread.wake = Wake::Notified;
        thread.timer += 1;
        thread.deadline = deadline;
        if deadline.is_some() {
            self.set_timer(me);
        }
        if let Source::Searched(search) = &mut self.source {
            search.blocks(me, deadline.is_some());
        }
        self.give_way(me, point)
    }

    /// Whether what the running thread does at the scheduling point that it has just passed comes out wrong for no reason.
    pub(super) fn is_spurious(&mut self) -> bool {
        if self.mode != Mode::Running || self.me().unwinding {
            return false;
        }
        let (me, point) = (self.current, self.me().points);
        let spurious = match &mut self.source {
            Source::Drawn(drawn) => drawn.caprice.strikes(),
            Source::Written(written) => written.is_spurious(me, point),
            Source::Searched(_) => false,
        };
        if spurious {
            self.record(me, point, |_| Turn::Spurious);
        }
        spurious
    }

    /// The running thread waits and is woken at once, for no reason; others may run first.
    pub(super) fn block_in_vain(&mut self) -> Switch {
        match self.mode {
            Mode::Unwinding => return Switch::Never,
            Mode::Stopping => return Switch::Leave(None),
            Mode::Running | Mode::Fair => {}
        }
        let me = self.current;
        let point = self.step(Operation::Block, u64::from(me.0));
        self.me().wake = Wake::Notified;
        self.grow_younger(me);
        self.give_way(me, point)
    }

    /// The running thread stands still for `duration`; not at all once the run has turned fair, in which nothing bad happens
    /// to anybody any more.
    pub(super) fn stall(&mut self, duration: Duration) -> Switch {
        if self.mode == Mode::Fair {
            return Switch::Stay;
        }
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let deadline = Deadline::Engine(self.now.saturating_add(nanos));
        self.block(Waiting::Stall, Some(deadline))
    }

    /// The running thread asks that others run first.
    pub(super) fn yield_now(&mut self) -> Switch {
        if !matches!(self.mode, Mode::Running) {
            return self.point(Operation::Yield, 0);
        }
        let me = self.current;
        if self.still_unwinding() {
            return Switch::Stay;
        }
        let point = self.step(Operation::Yield, 0);
        if self.steps >= self.bound {
            self.mode = Mode::Fair;
            return Switch::Stay;
        }
        if self.ready.len() == 1 {
            // Nobody else can run: what the thread waits for can only come with time.
            self.move_to_next_timer();
        }
        match &mut self.source {
            Source::Drawn(Drawn { strategy, .. }) => {
                strategy.reaches(me, Access::of(Operation::Yield, 0, me.0));
                strategy.yielded(me);
            }
            Source::Searched(search) => search.yields(me),
            Source::Written(_) => {}
        }
        self.grow_younger(me);
        self.give_way(me, point)
    }

    /// The running thread has ended.
    pub(super) fn finish(&mut self) {
        let me = self.current;
        self.me().unwinding = false;
        if !matches!(self.mode, Mode::Running | Mode::Fair) {
            self.me().waiting = Waiting::Finished;
            self.next = None;
            return;
        }
        let point = self.step(Operation::End, 0);
        if let Source::Searched(search) = &mut self.source {
            search.finishes(me);
        }
        self.unready(me);
        self.me().waiting = Waiting::Finished;
        for joiner in std::mem::take(&mut self.me().joiners) {
            self.wake(joiner, Wake::Notified);
        }
        if self.me().role == Role::Actor {
            self.actors -= 1;
            if self.actors == 0 {
                // Daemons end with the run.
                self.next = None;
                return;
            }
        }
        self.next = match self.give_way(me, point) {
            Switch::Leave(next) => next,
            Switch::Stay | Switch::Never => None,
        };
    }

    /// Decides who runs after `me`, which does not insist.
    #[inline]
    pub(super) fn give_way(&mut self, me: ThreadId, point: u64) -> Switch {
        while self.ready.is_empty() {
            if !self.move_to_next_timer() {
                return Switch::Leave(None);
            }
        }
        // Nearly always nothing has to be compared with the default rule.
        if self.mode == Mode::Running
            && self.recorder.is_none()
            && let Source::Drawn(drawn) = &mut self.source
        {
            let next = match self.ready[..] {
                [only] => only,
                ref ready => drawn.strategy.next(ready, None),
            };
            return self.switch_to_or_stay(me, next);
        }
        self.give_way_by_the_rule(me, point)
    }

    /// As [`give_way`](Kernel::give_way), where somebody is ready and the default rule counts.
    #[inline(never)]
    fn give_way_by_the_rule(&mut self, me: ThreadId, point: u64) -> Switch {
        let default = (self.mode == Mode::Fair
            || self.recorder.is_some()
            || matches!(self.source, Source::Written(_)))
        .then(|| self.longest_waiting());
        let next = match (&mut self.source, default) {
            (_, Some(default)) if self.mode == Mode::Fair => default,
            (Source::Drawn(drawn), _) if self.ready.len() > 1 => {
                drawn.strategy.next(&self.ready, None)
            }
            (Source::Drawn(_), _) => self.ready[0],
            (Source::Searched(_), _) => match self.searched(me, point, None) {
                Some(next) => next,
                None => return Switch::Leave(None),
            },
            (Source::Written(_), default) => {
                self.written_successor(me, point).or(default).unwrap_or(self.ready[0])
            }
        };
        if self.mode == Mode::Running && default.is_some_and(|default| default != next) {
            self.record(me, point, |kernel| Turn::To(kernel.name(next)));
        }
        self.switch_to_or_stay(me, next)
    }

    #[inline]
    fn switch_to_or_stay(&mut self, me: ThreadId, next: ThreadId) -> Switch {
        if next == me && !self.threads[me.index()].is_finished() {
            return Switch::Stay;
        }
        self.hand_over(next)
    }

    fn written_successor(&mut self, me: ThreadId, point: u64) -> Option<ThreadId> {
        loop {
            let Source::Written(written) = &mut self.source else { return None };
            let (place, turn) = written.turn(me, point)?;
            let next = match turn {
                Turn::Time if self.move_time_as_planned(me, point) => continue,
                Turn::Time => Err(WhyUnmet::NoTimer),
                Turn::To(name) => self.ready_by_name(&name),
                Turn::Stall(_) | Turn::Wakes(_) | Turn::Spurious => Err(WhyUnmet::GivesWay),
            };
            match next {
                Ok(next) => return Some(next),
                Err(why) => self.skip(place, why),
            }
        }
    }
}
