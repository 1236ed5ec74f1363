//! POS: a random priority for each pending step, drawn anew when a step that races with it is taken.

use super::Strategy;
use crate::engine::threads::access::{Access, Touched};
use crate::engine::threads::thread::ThreadId;
use crate::stream::Generator;
use std::collections::{BTreeMap, BTreeSet};

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
    /// The ready threads by the priority of their steps, lowest first.
    ready: BTreeSet<(u64, ThreadId)>,
    /// The ready threads by what their steps touch.
    touching: BTreeMap<Touched, BTreeSet<ThreadId>>,
}

/// Steps that are drawn anew for one that was taken.
const MOST_RACES: usize = 8;

#[derive(Clone, Copy)]
struct Pending {
    access: Access,
    priority: u64,
    is_ready: bool,
}

const BEGINNING: Pending = Pending {
    access: Access { touched: Touched::Nothing, reads_only: true },
    priority: 0,
    is_ready: false,
};

impl Pos {
    pub(in super::super) fn new(generator: Generator) -> Self {
        Self { generator, pending: Vec::new(), ready: BTreeSet::new(), touching: BTreeMap::new() }
    }

    fn of(&mut self, thread: ThreadId) -> &mut Pending {
        if self.pending.len() <= thread.index() {
            self.pending.resize(thread.index() + 1, BEGINNING);
        }
        &mut self.pending[thread.index()]
    }

    /// Takes `thread` out of all lists, lets `change` happen and puts it back in where it is ready.
    fn change(&mut self, thread: ThreadId, change: impl FnOnce(&mut Pending)) {
        let before = *self.of(thread);
        if before.is_ready {
            self.ready.remove(&(before.priority, thread));
            if let Some(threads) = self.touching.get_mut(&before.access.touched) {
                threads.remove(&thread);
                if threads.is_empty() {
                    self.touching.remove(&before.access.touched);
                }
            }
        }
        change(self.of(thread));
        let Pending { access, priority, is_ready } = *self.of(thread);
        if is_ready {
            self.ready.insert((priority, thread));
            if access.touched != Touched::Nothing {
                self.touching.entry(access.touched).or_default().insert(thread);
            }
        }
    }

    fn draw(&mut self, thread: ThreadId) {
        // Above zero, which is left to those who yield.
        let priority = self.generator.next_u64() | 1;
        self.change(thread, |pending| pending.priority = priority);
    }

    /// New priorities for what races with the step that `taker` now takes.
    fn taken(&mut self, taker: ThreadId) {
        let access = self.of(taker).access;
        let Some(threads) = self.touching.get(&access.touched) else { return };
        // From the taker on, in a circle: over time everybody is drawn anew as often.
        let after = threads.range(ThreadId(taker.0.saturating_add(1))..);
        let circle = after.chain(threads.range(..taker));
        let races = |thread: &&ThreadId| {
            let pending = &self.pending[thread.index()];
            pending.is_ready && access.races_with(pending.access)
        };
        let racing: Vec<ThreadId> = circle.take(MOST_RACES).filter(races).copied().collect();
        for thread in racing {
            self.draw(thread);
        }
    }
}

impl Strategy for Pos {
    fn next(&mut self, ready: &[ThreadId], _running: Option<ThreadId>) -> ThreadId {
        let next = self.ready.last().map_or(ready[0], |&(_, thread)| thread);
        self.taken(next);
        next
    }

    fn waiter(&mut self, count: usize) -> usize {
        self.generator.index(count)
    }

    fn readied(&mut self, thread: ThreadId) {
        let priority = self.generator.next_u64() | 1;
        self.change(thread, |pending| (pending.is_ready, pending.priority) = (true, priority));
    }

    fn blocked(&mut self, thread: ThreadId) {
        self.change(thread, |pending| pending.is_ready = false);
    }

    fn yielded(&mut self, thread: ThreadId) {
        self.change(thread, |pending| pending.priority = 0);
    }

    fn reaches(&mut self, thread: ThreadId, access: Access) {
        self.change(thread, |pending| pending.access = access);
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
        assert!(pos.ready.is_empty() && pos.touching.is_empty());
    }
}
