//! A barrier with std's shape, which can be used again and again.

use crate::engine::threads::{Gate, Operation, Reason, Sim};
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// As [`std::sync::Barrier`], of the run it is made in. The last one to come is the leader: who that is, is the schedule's.
pub struct Barrier {
    gate: Gate,
    of: u32,
    /// Only simulated threads of one run write it, one at a time.
    arrived: AtomicU32,
}

/// As [`std::sync::BarrierWaitResult`], which only std can make.
pub struct BarrierWaitResult(Rank);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    Leader,
    Other,
}

impl Barrier {
    /// A barrier for `n` threads. One for none lets everybody pass, as with std.
    ///
    /// # Panics
    /// Outside of a run; for 2^32 threads or more.
    #[must_use]
    #[track_caller]
    pub fn new(n: usize) -> Self {
        let of = u32::try_from(n).expect("a run has fewer than 2^32 threads");
        Self { gate: Gate::new(Sim::here()), of, arrived: AtomicU32::new(0) }
    }

    /// Waits until all have come. Those who come after that wait for each other in turn.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let at = Location::caller();
        self.gate.point(Operation::Arrive);
        let arrived = self.arrived.load(Relaxed) + 1;
        if arrived >= self.of {
            self.arrived.store(0, Relaxed);
            self.gate.wake_all();
            return BarrierWaitResult(Rank::Leader);
        }
        self.arrived.store(arrived, Relaxed);
        self.gate.wait(Reason::Barrier(self.of), None, at);
        BarrierWaitResult(Rank::Other)
    }
}

impl BarrierWaitResult {
    /// Whether this thread came last. It is true for one of those who waited for each other.
    #[must_use]
    pub fn is_leader(&self) -> bool {
        self.0 == Rank::Leader
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier").finish_non_exhaustive()
    }
}

impl fmt::Debug for BarrierWaitResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BarrierWaitResult").field("is_leader", &self.is_leader()).finish()
    }
}
