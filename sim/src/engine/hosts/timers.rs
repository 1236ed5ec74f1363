//! Timers of the simulator's, set for the alarms of a run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::task::Poll;

/// Sets a timer for a moment of the simulator's time, in nanoseconds since the run began; ready where that has come already, and
/// nothing was set.
pub(in crate::engine) type SetTimer = Box<dyn FnMut(u64) -> Poll<()> + Send>;

/// Those that are set.
pub(super) struct Timers {
    set: SetTimer,
    /// When they go off. A simulator takes none back.
    times: BinaryHeap<Reverse<u64>>,
}

impl Timers {
    /// None yet; they are set by `set`.
    pub(super) fn new(set: SetTimer) -> Self {
        Self { set, times: BinaryHeap::new() }
    }

    /// One more goes off at `at`, unless that is past.
    pub(super) fn set(&mut self, at: u64) -> Poll<()> {
        let set = (self.set)(at);
        if set.is_pending() {
            self.times.push(Reverse(at));
        }
        set
    }

    /// One of them goes off, which is the first; says when that was to be.
    pub(super) fn go_off(&mut self) -> u64 {
        self.times.pop().map_or(0, |Reverse(at)| at)
    }
}
