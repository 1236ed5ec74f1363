//! PCT: random priorities, and a few points at which the running thread falls behind all others.

use super::Strategy;
use super::priorities::Priorities;
use crate::engine::threads::thread::ThreadId;
use crate::stream::Generator;

/// Probabilistic concurrency testing, after Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with
/// Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010).
///
/// A bug of depth d among n threads and k steps is found with probability at least `1 / (n * k^(d-1))`. Where ours
/// differs: threads arrive while the run goes on, so each draws its priority when it is first seen; points are counted only
/// where there is a choice, which are never more than k; a thread that yields falls behind all others, so that a loop around a
/// yield lets the others in.
pub(in super::super) struct Pct {
    generator: Generator,
    /// By thread; larger runs first. None for threads that were never ready.
    priorities: Vec<Option<u64>>,
    /// Of the threads that are ready.
    ready: Priorities,
    /// Scheduling points at which the running thread falls behind, last first, and the priority that it then has.
    changes: Vec<(u64, u64)>,
    points: u64,
    /// Below every priority given so far.
    lowest: u64,
}

/// Priorities drawn at arrival lie above this; those of the change points lie below, in the order in which these were drawn and
/// not in that of the run, and those of threads that yielded below them, each lower than the last.
const ARRIVAL: u64 = 1 << 32;

impl Pct {
    /// `depth` is the paper's d (at least 1), `steps` its k: the length of a run, from a pilot.
    pub(in super::super) fn new(mut generator: Generator, depth: u32, steps: u64) -> Self {
        let change = |nth| (generator.within(1..=steps.max(1)), ARRIVAL - u64::from(nth));
        let mut changes: Vec<(u64, u64)> = (1..depth).map(change).collect();
        changes.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            generator,
            priorities: Vec::new(),
            ready: Priorities::default(),
            changes,
            points: 0,
            lowest: ARRIVAL - u64::from(depth),
        }
    }

    fn priority(&mut self, thread: ThreadId) -> u64 {
        if self.priorities.len() <= thread.index() {
            self.priorities.resize(thread.index() + 1, None);
        }
        let generator = &mut self.generator;
        *self.priorities[thread.index()]
            .get_or_insert_with(|| ARRIVAL + generator.within(0..=u64::from(u32::MAX)))
    }

    fn fall_to(&mut self, priority: u64, thread: ThreadId) {
        // Whoever was never seen has drawn its first priority all the same: what the others draw does not depend on it.
        self.priority(thread);
        self.priorities[thread.index()] = Some(priority);
        if self.ready.takes_part(thread) {
            self.ready.set(thread, Some(priority));
        }
    }
}

impl Strategy for Pct {
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId {
        self.points += 1;
        if let Some((_, priority)) = self.changes.pop_if(|&mut (point, _)| point <= self.points)
            && let Some(running) = running
        {
            self.fall_to(priority, running);
        }
        self.ready.highest().unwrap_or(ready[0])
    }

    fn waiter(&mut self, count: usize) -> usize {
        self.generator.index(count)
    }

    fn readied(&mut self, thread: ThreadId) {
        let priority = self.priority(thread);
        self.ready.set(thread, Some(priority));
    }

    fn blocked(&mut self, thread: ThreadId) {
        self.ready.set(thread, None);
    }

    fn yielded(&mut self, thread: ThreadId) {
        self.lowest = self.lowest.saturating_sub(1);
        self.fall_to(self.lowest, thread);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use crate::stream::Streams;
    use std::collections::BTreeSet;

    fn pct(seed: u64, depth: u32) -> Pct {
        Pct::new(Streams::of(Seed::new(seed)).generator("test"), depth, 10)
    }

    #[test]
    fn without_change_points_one_thread_runs_to_its_end() {
        let threads = [ThreadId(0), ThreadId(1), ThreadId(2)];
        let mut pct = pct(1, 1);
        threads.iter().for_each(|&thread| pct.readied(thread));
        let first = pct.next(&threads, None);
        assert!((0..50).all(|_| pct.next(&threads, Some(first)) == first));
        pct.blocked(first);
        assert_ne!(pct.next(&threads, None), first);
    }

    #[test]
    fn each_change_point_moves_the_running_thread_behind_all_that_have_not_fallen() {
        let threads = [ThreadId(0), ThreadId(1), ThreadId(2)];
        let mut switches = 0;
        for seed in 0..20 {
            let mut pct = pct(seed, 3);
            threads.iter().for_each(|&thread| pct.readied(thread));
            let mut running = pct.next(&threads, None);
            for _ in 0..20 {
                let next = pct.next(&threads, Some(running));
                switches += u32::from(next != running);
                running = next;
            }
        }
        // Two change points a run; one may coincide with the first decision, where nobody runs yet.
        assert!((30..=40).contains(&switches), "{switches}");
    }

    #[test]
    fn who_falls_behind_first_may_stay_above_who_falls_later_or_not() {
        let threads = [ThreadId(0), ThreadId(1)];
        let mut last = BTreeSet::new();
        for seed in 0..40 {
            let mut pct = pct(seed, 3);
            threads.iter().for_each(|&thread| pct.readied(thread));
            let first = pct.next(&threads, None);
            let mut order = vec![first];
            for _ in 0..20 {
                let running = order[order.len() - 1];
                let next = pct.next(&threads, Some(running));
                if next != running {
                    order.push(next);
                }
            }
            last.insert(order.len());
        }
        // Both fall: the one that fell first goes on, or the one that falls next stays in front of it.
        assert!(last.is_superset(&BTreeSet::from([2, 3])), "{last:?}");
    }
}
