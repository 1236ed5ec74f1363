//! POS: a random priority for each pending step, drawn anew when a step that races with it is taken.

use super::Strategy;
use super::priorities::Priorities;
use crate::engine::threads::access::{Access, Touched};
use crate::engine::threads::ledger::Ledger;
use crate::engine::threads::thread::ThreadId;
use crate::stream::Generator;

/// Partial order sampling, after Yuan, Yang and Gu, "Partial Order Aware Concurrency Sampling" (CAV 2018).
///
/// The pending step of highest priority is taken; then all pending steps that race with it get new priorities, so that
/// each race is decided by a fresh draw and orders that no race tells apart are not sampled twice as often. Where ours
/// differs: of the steps that race with the one taken at most [`MOST_RACES`] are drawn anew, in turn, because a step must
/// not cost more the more threads there are; a thread that yields falls behind all others.
pub(in super::super) struct Pos {
    generator: Generator,
    /// By thread.
    pending: Vec<Pending>,
    /// Those of the steps of ready threads.
    ready: Priorities,
    /// The ready threads by what their steps touch, in no order.
    touching: Ledger<Vec<ThreadId>>,
}

/// Steps that are drawn anew for one that was taken.
const MOST_RACES: usize = 8;

#[derive(Clone, Copy)]
struct Pending {
    access: Access,
    priority: u64,
    is_ready: bool,
    /// While ready: the place among those that touch the same.
    place: usize,
}

const BEGINNING: Pending = Pending {
    access: Access { touched: Touched::Nothing, reads_only: true },
    priority: 0,
    is_ready: false,
    place: 0,
};

impl Pos {
    pub(in super::super) fn new(generator: Generator) -> Self {
        let (pending, ready, touching) = (Vec::new(), Priorities::default(), Ledger::default());
        Self { generator, pending, ready, touching }
    }

    fn of(&mut self, thread: ThreadId) -> &mut Pending {
        if self.pending.len() <= thread.index() {
            self.pending.resize(thread.index() + 1, BEGINNING);
        }
        &mut self.pending[thread.index()]
    }

    /// Puts a ready thread with those that touch the same.
    fn enlist(&mut self, thread: ThreadId) {
        let touched = self.of(thread).access.touched;
        if let Some(threads) = self.touching.entry(touched) {
            self.pending[thread.index()].place = threads.len();
            threads.push(thread);
        }
    }

    /// Takes a ready thread from those that touch the same.
    fn delist(&mut self, thread: ThreadId) {
        let Pending { access, place, .. } = *self.of(thread);
        if let Some(threads) = self.touching.entry(access.touched) {
            threads.swap_remove(place);
            if let Some(moved) = threads.get(place) {
                self.pending[moved.index()].place = place;
            }
        }
    }

    fn set_priority(&mut self, thread: ThreadId, priority: u64) {
        let pending = self.of(thread);
        pending.priority = priority;
        if pending.is_ready {
            self.ready.set(thread, Some(priority));
        }
    }

    fn draw(&mut self, thread: ThreadId) {
        // Above zero, which is left to those who yield.
        let priority = self.generator.next_u64() | 1;
        self.set_priority(thread, priority);
    }

    /// New priorities for what races with the step that `taker` now takes.
    fn taken(&mut self, taker: ThreadId) {
        let Pending { access, place, .. } = *self.of(taker);
        let Some(threads) = self.touching.entry(access.touched) else { return };
        let others = threads[place + 1..].iter().chain(&threads[..place]).take(MOST_RACES);
        let (mut racing, mut count) = ([taker; MOST_RACES], 0);
        for &thread in others {
            if access.races_with(self.pending[thread.index()].access) {
                racing[count] = thread;
                count += 1;
            }
        }
        let racing = &mut racing[..count];
        // Those that began after the taker first: an order that does not depend on how the list came about.
        racing.sort_unstable_by_key(|thread| thread.0.wrapping_sub(taker.0));
        for thread in racing {
            self.draw(*thread);
        }
    }
}

impl Strategy for Pos {
    fn next(&mut self, ready: &[ThreadId], _running: Option<ThreadId>) -> ThreadId {
        let next = self.ready.highest().unwrap_or(ready[0]);
        self.taken(next);
        next
    }

    fn waiter(&mut self, count: usize) -> usize {
        self.generator.index(count)
    }

    fn readied(&mut self, thread: ThreadId) {
        self.of(thread).is_ready = true;
        self.enlist(thread);
        self.draw(thread);
    }

    fn blocked(&mut self, thread: ThreadId) {
        self.delist(thread);
        self.of(thread).is_ready = false;
        self.ready.set(thread, None);
    }

    fn yielded(&mut self, thread: ThreadId) {
        self.set_priority(thread, 0);
    }

    fn reaches(&mut self, thread: ThreadId, access: Access) {
        if self.of(thread).is_ready {
            self.delist(thread);
            self.of(thread).access = access;
            self.enlist(thread);
        } else {
            self.of(thread).access = access;
        }
        self.draw(thread);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::threads::kernel::Operation;
    use crate::seed::Seed;
    use crate::stream::Streams;

    fn pos(seed: u64) -> Pos {
        Pos::new(Streams::of(Seed::new(seed)).generator("test"))
    }

    fn store(object: u64) -> Access {
        Access::of(Operation::Store, object, 0)
    }

    #[test]
    fn a_race_is_decided_anew_and_what_does_not_race_keeps_its_place() {
        let ready = [ThreadId(0), ThreadId(1), ThreadId(2)];
        let (mut kept, mut moved) = (0, 0);
        for seed in 0..200 {
            let mut pos = pos(seed);
            ready.iter().for_each(|&thread| pos.readied(thread));
            // Two race; the third has an object of its own.
            for (thread, object) in ready.into_iter().zip([7, 7, 8]) {
                pos.reaches(thread, store(object));
            }
            let before: Vec<u64> = pos.pending.iter().map(|pending| pending.priority).collect();
            let first = pos.next(&ready, None);
            for thread in ready.into_iter().filter(|&thread| thread != first) {
                let same = pos.pending[thread.index()].priority == before[thread.index()];
                let races = thread != ThreadId(2) && first != ThreadId(2);
                assert_eq!(same, !races, "seed {seed}");
                kept += u32::from(same);
                moved += u32::from(!same);
            }
        }
        assert!(kept > 100 && moved > 100, "{kept} {moved}");
    }

    #[test]
    fn whoever_yields_comes_last_until_its_next_step() {
        let mut pos = pos(1);
        let ready = [ThreadId(0), ThreadId(1)];
        ready.iter().for_each(|&thread| pos.readied(thread));
        pos.yielded(ThreadId(1));
        assert!((0..20).all(|_| pos.next(&ready, None) == ThreadId(0)));
    }

    #[test]
    fn a_thread_that_left_is_in_no_list() {
        let mut pos = pos(1);
        pos.readied(ThreadId(0));
        pos.reaches(ThreadId(0), store(7));
        pos.blocked(ThreadId(0));
        assert_eq!(pos.ready.highest(), None);
        assert_eq!(pos.touching.entry(store(7).touched), Some(&mut Vec::new()));
    }
}
