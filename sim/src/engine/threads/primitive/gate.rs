//! A place where threads wait until one who knows why lets them go on: what channels, barriers and the like are made of.
//!
//! Whoever uses a gate keeps its own state. Between a scheduling point and the next nobody else runs, so that a look at that
//! state and the wait that follows are one step, and no wake-up falls between.

use crate::engine::threads::kernel::{Kernel, Operation};
use crate::engine::threads::object::{Key, Slot};
use crate::engine::threads::platform::Sim;
use crate::engine::threads::tether;
use crate::engine::threads::thread::{Deadline, Reason, ThreadId, Waiting, Wake};
use retrip_core::door::{Instant, WaitOutcome};
use std::panic::Location;
use std::time::Duration;

/// A place to wait at, of a simulated run.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(super) run: u64,
    /// By whose clock waits end.
    node: u32,
    pub(super) key: Key,
    pub(super) slot: Slot,
}

impl Gate {
    /// A gate at which nobody waits.
    pub(crate) fn new(Sim { run, node }: Sim) -> Self {
        let (key, slot) = tether::with(run, |kernel| (kernel.new_key(), kernel.objects.insert()));
        Self { run, node, key, slot }
    }

    /// A scheduling point: somebody else may run before the thread goes on.
    ///
    /// # Panics
    /// In another run than the gate's, or outside of one.
    #[inline]
    pub(crate) fn point(&self, operation: Operation) {
        tether::point(self.run, operation, self.key.0);
    }

    /// Whether what the thread does at the point that it has just passed comes out wrong for no reason.
    pub(crate) fn is_spurious(&self) -> bool {
        tether::with(self.run, Kernel::is_spurious)
    }

    /// A scheduling point in a destructor, and then `leave`: also where the run is torn down meanwhile, or is over.
    pub(crate) fn point_and_leave(&self, operation: Operation, leave: impl FnOnce()) {
        let switch = tether::try_with(self.run, |kernel| kernel.point(operation, self.key.0));
        let _leave = Leave(Some(leave));
        if let Some(switch) = switch {
            tether::obey(switch);
        }
    }

    /// Waits in the line `at` until somebody wakes the thread or `deadline` comes; no scheduling point before.
    pub(crate) fn wait(
        &self,
        reason: Reason,
        deadline: Option<Instant>,
        at: &'static Location<'static>,
    ) -> WaitOutcome {
        tether::obey(tether::with(self.run, |kernel| {
            let me = kernel.current;
            kernel.me().waits_at = Some(at);
            kernel.objects.get(self.slot).waiters.push(me);
            let deadline = deadline.map(|at| Deadline::Local { node: self.node, at });
            kernel.block(Waiting::At(self.slot, reason), deadline)
        }));
        match tether::with(self.run, |kernel| kernel.me().wake) {
            Wake::Notified => WaitOutcome::Woken,
            Wake::TimedOut => WaitOutcome::TimedOut,
        }
    }

    /// Whether its run still executes here. A waker of a run that is over would panic.
    pub(crate) fn is_live(&self) -> bool {
        tether::try_with(self.run, |_| ()).is_some()
    }

    /// When a wait of `limit` that begins now is over. No scheduling point.
    pub(crate) fn deadline(&self, limit: Duration) -> Instant {
        tether::with(self.run, |kernel| kernel.mono(self.node)).saturating_add(limit)
    }

    /// Wakes one of those who wait; which one is a choice of the schedule. Nothing happens once the run is over.
    pub(crate) fn wake_one(&self) {
        tether::try_with(self.run, |kernel| kernel.wake_one(self.slot));
    }

    /// Wakes all who wait.
    pub(crate) fn wake_all(&self) {
        tether::try_with(self.run, |kernel| kernel.wake_all(self.slot));
    }

    /// Wakes the one who has waited longest: for those who are served in the order in which they came.
    pub(crate) fn wake_first(&self) {
        tether::try_with(self.run, |kernel| {
            let waiters = &mut kernel.objects.get(self.slot).waiters;
            if !waiters.is_empty() {
                let first: ThreadId = waiters.remove(0);
                kernel.wake(first, Wake::Notified);
            }
        });
    }

    /// Makes the running thread the one that the others wait for. False where somebody is already.
    pub(crate) fn take(&self) -> bool {
        tether::with(self.run, |kernel| kernel.take_lock(self.slot))
    }

    /// Undoes [`take`](Self::take) and wakes all who wait.
    pub(crate) fn open(&self) {
        tether::try_with(self.run, |kernel| kernel.objects.get(self.slot).owner = None);
        self.wake_all();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        tether::try_with(self.run, |kernel| kernel.objects.remove(self.slot));
    }
}

/// Does something when it is dropped.
struct Leave<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for Leave<F> {
    fn drop(&mut self) {
        if let Some(leave) = self.0.take() {
            leave();
        }
    }
}
