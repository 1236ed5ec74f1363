//! PCT: random priorities, and a few points at which the running thread falls behind all others.

use super::Strategy;
use super::priorities::Priorities;
use crate::engine::threads::thread::ThreadId;
use crate::stream::Generator;

/// Probabilistic concurrency testing, after Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with
/// Probabilistic Guarantees of Finding Bugs" (ASPLOS 2010).
///
/// A bug of depth d among n threads and k steps is found with probability at least `1 / (n * k^(d-1))`. Where ours
/// differs: threads arrive while the run goes on, so each draws its priority when it is first seen; a thread that
/// yields falls behind all others, so that a loop around a yield lets the others in.
pub(in super::super) struct Pct {
    generator: Generator,
    /// By thread; larger runs first. None for threads that were never ready.
    priorities: Vec<Option<u64>>,
    /// Of the threads that are ready.
    ready: Priorities,
    /// Scheduling points at which the running thread falls behind, last first.
    changes: Vec<u64>,
    points: u64,
    /// Below every priority given so far.
    lowest: u64,
}

/// Priorities drawn at arrival lie above this; those of threads that fell behind lie below, each lower than the last.
const ARRIVAL: u64 = 1 << 32;

impl Pct {
    /// `depth` is the paper's d (at least 1), `steps` its k: the length of a run, from a pilot.
    pub(in super::super) fn new(mut generator: Generator, depth: u32, steps: u64) -> Self {
        let mut changes: Vec<u64> =
            (1..depth).map(|_| generator.within(1..=steps.max(1))).collect();
        changes.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            generator,
            priorities: Vec::new(),
            ready: Priorities::default(),
            changes,
            points: 0,
            lowest: ARRIVAL,
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

    fn fall_behind(&mut self, thread: ThreadId) {
        // Whoever was never seen has drawn its first priority all the same: what the others draw does not depend on it.
        self.priority(thread);
        self.lowest = self.lowest.saturating_sub(1);
        self.priorities[thread.index()] = Some(self.lowest);
        if self.ready.takes_part(thread) {
            self.ready.set(thread, Some(self.lowest));
        }
    }
}

impl Strategy for Pct {
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId {
        self.points += 1;
        if self.changes.last().is_some_and(|&change| change <= self.points) {
            self.changes.pop();
            if let Some(running) = running {
                self.fall_behind(running);
            }
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
        self.fall_behind(thread);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use crate::stream::Streams;

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
    fn each_change_point_moves_the_running_thread_behind_all_others() {
        let threads = [ThreadId(0), ThreadId(1)];
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
}
