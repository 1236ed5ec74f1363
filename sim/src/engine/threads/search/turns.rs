//! What a search decides in the run that it goes through.

use super::{Choice, Search, Situation};
use crate::engine::threads::access::Touched;
use crate::engine::threads::kernel::{Kernel, Operation, Switch};
use crate::engine::threads::object::Slot;
use crate::engine::threads::source::Source;
use crate::engine::threads::thread::ThreadId;
use crate::plan::Turn;

impl Kernel {
    /// The search that this run belongs to.
    fn search(&mut self) -> Option<&mut Search> {
        match &mut self.source {
            Source::Searched(search) => Some(search),
            Source::Drawn(_) | Source::Written(_) => None,
        }
    }

    /// Tells a search that the present step changes what is `touched`, of which its scheduling point says nothing. Whoever
    /// touches in one step what another step's point names must say so.
    #[cold]
    pub(in crate::engine::threads) fn touches(&mut self, touched: Touched) {
        if let Some(search) = self.search() {
            search.touch(touched);
        }
    }

    /// Tells a search that the order of the present step and any other one may matter.
    #[cold]
    pub(in crate::engine::threads) fn touches_everything(&mut self) {
        if let Some(search) = self.search() {
            search.touch_everything();
        }
    }

    /// Tells a search that the next step of the running thread takes the lock at `slot`, or begins to wait for it.
    #[inline]
    pub(in crate::engine::threads) fn wants(&mut self, slot: Slot) {
        if matches!(self.source, Source::Searched(_)) {
            self.me().wants = Some(slot);
        }
    }

    /// The ready threads, in a search that leaves equal orders out without those whose next step is to wait for a lock that is held:
    /// who began to wait before whom nobody can tell. Where all would only wait they are let, and it is a deadlock.
    fn ready_for_more(&self) -> Vec<ThreadId> {
        if !matches!(&self.source, Source::Searched(search) if search.limits.reduces()) {
            return self.ready.clone();
        }
        let would_wait = |thread: &ThreadId| {
            let wants = self.threads[thread.index()].wants;
            wants.is_some_and(|slot| self.objects.look(slot).owner.is_some())
        };
        let more = self.ready.iter().copied().filter(|thread| !would_wait(thread));
        let more: Vec<ThreadId> = more.collect();
        if more.is_empty() { self.ready.clone() } else { more }
    }

    /// Who goes on from a scheduling point of `me`.
    #[cold]
    pub(in crate::engine::threads) fn searched_point(
        &mut self,
        me: ThreadId,
        point: u64,
        operation: Operation,
        object: u64,
    ) -> Switch {
        if let Some(search) = self.search() {
            search.reaches(me, operation, object);
        }
        match self.searched(me, point, Some(me)) {
            None => Switch::Leave(None),
            Some(next) if next == me => Switch::Stay,
            Some(next) => {
                self.record(me, point, |kernel| Turn::To(kernel.name(next)));
                self.hand_over(next)
            }
        }
    }

    /// Who goes on after a step of `me`, which could itself where it is `running`; none where the run ends here.
    pub(in crate::engine::threads) fn searched(
        &mut self,
        me: ThreadId,
        point: u64,
        running: Option<ThreadId>,
    ) -> Option<ThreadId> {
        let default = running.unwrap_or_else(|| self.longest_waiting());
        loop {
            let (has_timer, events) = (self.next_timer().is_some(), self.log.events().len());
            let ready = &self.ready_for_more();
            let Source::Searched(search) = &mut self.source else { return Some(default) };
            match search.decide(&Situation { ready, running, default, has_timer, events }) {
                Some(Choice::Thread(next)) => {
                    self.threads[next.index()].wants = None;
                    return Some(next);
                }
                Some(Choice::Time) => self.move_time_early(me, point),
                None => {
                    self.stop();
                    return None;
                }
            }
        }
    }

    /// Moves the clock although somebody could go on.
    fn move_time_early(&mut self, me: ThreadId, point: u64) {
        let before = self.ready.len();
        if self.move_to_next_timer() {
            self.record(me, point, |_| Turn::Time);
        }
        let Source::Searched(search) = &mut self.source else { return };
        // Whoever is ready now would have been woken otherwise by what its wait looks at.
        for thread in &self.ready[before..] {
            search.here.step.merge(&search.here.pending[thread.index()]);
        }
    }
}
