//! Everybody in turn.

use super::Strategy;
use crate::engine::threads::thread::ThreadId;
use std::collections::BTreeSet;

/// Each ready thread in the order of its number, for as many points as the quantum: the round robin of time-sharing systems
/// (Kleinrock, "Analysis of a Time-Shared Processor", 1964). Shuttle's gives each thread one step; here the quantum is drawn.
/// It finds what fails in the most regular of all orders, in which random ones rarely keep step.
pub(in super::super) struct RoundRobin {
    ready: BTreeSet<ThreadId>,
    quantum: u32,
    /// Points that the running thread still has.
    left: u32,
    last: ThreadId,
}

impl RoundRobin {
    /// Each thread has `quantum` points, at least one.
    pub(in super::super) fn new(quantum: u32) -> Self {
        let quantum = quantum.max(1);
        Self { ready: BTreeSet::new(), quantum, left: quantum, last: ThreadId::ROOT }
    }
}

impl Strategy for RoundRobin {
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId {
        if let Some(running) = running {
            self.left = self.left.saturating_sub(1);
            self.last = running;
            if self.left > 0 {
                return running;
            }
        }
        self.left = self.quantum;
        let after = ThreadId(self.last.0.saturating_add(1));
        let next = self.ready.range(after..).next().or_else(|| self.ready.first());
        self.last = next.copied().unwrap_or(ready[0]);
        self.last
    }

    /// Whoever has waited longest.
    fn waiter(&mut self, _count: usize) -> usize {
        0
    }

    fn readied(&mut self, thread: ThreadId) {
        self.ready.insert(thread);
    }

    fn blocked(&mut self, thread: ThreadId) {
        self.ready.remove(&thread);
        self.last = thread;
    }

    fn yielded(&mut self, thread: ThreadId) {
        self.last = thread;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(robin: &mut RoundRobin, ready: &[ThreadId], count: usize) -> Vec<u32> {
        let mut running = None;
        let mut next = || {
            let next = robin.next(ready, running);
            running = Some(next);
            next.0
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn each_has_its_quantum_in_the_order_of_numbers() {
        let ready = [ThreadId(3), ThreadId(1), ThreadId(2)];
        for (quantum, expected) in [(1, [1, 2, 3, 1, 2, 3, 1, 2]), (2, [1, 1, 2, 2, 3, 3, 1, 1])] {
            let mut robin = RoundRobin::new(quantum);
            ready.iter().for_each(|&thread| robin.readied(thread));
            assert_eq!(turns(&mut robin, &ready, 8), expected);
        }
    }

    #[test]
    fn whoever_blocks_or_yields_gives_its_turn_to_the_next() {
        let mut robin = RoundRobin::new(4);
        let ready = [ThreadId(0), ThreadId(1), ThreadId(2)];
        ready.iter().for_each(|&thread| robin.readied(thread));
        robin.blocked(ThreadId(0));
        assert_eq!(robin.next(&ready[1..], None), ThreadId(1));
        robin.yielded(ThreadId(1));
        assert_eq!(robin.next(&ready[1..], None), ThreadId(2));
    }
}
