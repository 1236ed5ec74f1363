//! Which blocked thread waits for which moment of engine time.

use super::thread::ThreadId;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A thread's wait: it counts only while the thread's number is still the same.
pub(super) type Wait = (ThreadId, u32);

/// Deadlines in engine nanoseconds; those of one instant in the order in which they were set.
#[derive(Debug, Default)]
pub(super) struct Timers {
    heap: BinaryHeap<Reverse<(u64, u64, Wait)>>,
    set: u64,
}

impl Timers {
    pub(super) fn set(&mut self, deadline: u64, wait: Wait) {
        self.set += 1;
        self.heap.push(Reverse((deadline, self.set, wait)));
    }

    /// The earliest deadline for which `counts` says that somebody still waits; the others are forgotten.
    pub(super) fn earliest(&mut self, mut counts: impl FnMut(Wait) -> bool) -> Option<u64> {
        while let Some(&Reverse((deadline, _, wait))) = self.heap.peek() {
            if counts(wait) {
                return Some(deadline);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes the next timer due at `now`.
    pub(super) fn pop_due(&mut self, now: u64) -> Option<Wait> {
        let &Reverse((deadline, _, wait)) = self.heap.peek()?;
        if deadline > now {
            return None;
        }
        self.heap.pop();
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_of_one_instant_come_in_the_order_they_were_set() {
        let mut timers = Timers::default();
        timers.set(5, (ThreadId(2), 0));
        timers.set(5, (ThreadId(1), 0));
        timers.set(3, (ThreadId(7), 0));
        assert_eq!(timers.earliest(|_| true), Some(3));
        let due: Vec<Wait> = std::iter::from_fn(|| timers.pop_due(5)).collect();
        assert_eq!(due, [(ThreadId(7), 0), (ThreadId(2), 0), (ThreadId(1), 0)]);
    }

    #[test]
    fn a_timer_nobody_waits_for_is_forgotten() {
        let mut timers = Timers::default();
        timers.set(3, (ThreadId(1), 0));
        timers.set(9, (ThreadId(2), 0));
        assert_eq!(timers.earliest(|wait| wait != (ThreadId(1), 0)), Some(9));
    }
}
