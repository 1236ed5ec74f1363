//! A condition variable whose timeouts race with notifications in virtual time.

use super::mutex::{SimGuard, SimMutex};
use crate::engine::threads::access::Touched;
use crate::engine::threads::kernel::{Kernel, Operation};
use crate::engine::threads::object::{Key, Slot};
use crate::engine::threads::platform::Sim;
use crate::engine::threads::tether;
use crate::engine::threads::thread::{Deadline, Waiting, Wake};
use retrip_core::door::{Condvar, Guard, Instant, Plant, WaitOutcome};
use std::panic::Location;

/// The wait unlocks first and begins to listen later: a notification in between is lost. A bug of the condition variable
/// itself, so that a promise about whoever uses one can show that it would have found it.
pub const LOST_NOTIFICATION: Plant = Plant::named("lost_notification");

/// A condition variable of a simulated run.
#[derive(Debug)]
pub struct SimCondvar {
    run: u64,
    /// By whose clock waits end.
    node: u32,
    key: Key,
    slot: Slot,
}

impl SimCondvar {
    pub(in crate::engine::threads) fn new(Sim { run, node }: Sim) -> Self {
        let (key, slot) = tether::with(run, |kernel| (kernel.new_key(), kernel.objects.insert()));
        Self { run, node, key, slot }
    }

    /// Unlocks and begins to wait in one step, so that no notification falls between; locks again after.
    #[track_caller]
    pub(crate) fn wait_on<'a, T: ?Sized>(
        &self,
        guard: SimGuard<'a, T>,
        deadline: Option<Instant>,
    ) -> (SimGuard<'a, T>, WaitOutcome) {
        let at = Location::caller();
        tether::point(self.run, Operation::Wait, self.key.0);
        let (late, spurious) = tether::with(self.run, |kernel| {
            (kernel.planted(LOST_NOTIFICATION), kernel.is_spurious())
        });
        if !late && !spurious {
            self.listen();
        }
        let mutex: &'a SimMutex<T> = guard.release();
        tether::with(self.run, |kernel| kernel.touches(Touched::Object(mutex.key())));
        if spurious {
            tether::obey(tether::with(self.run, Kernel::block_in_vain));
            return (mutex.relock(at), WaitOutcome::Woken);
        }
        if late {
            tether::point(self.run, Operation::Wait, self.key.0);
            self.listen();
        }
        let deadline = deadline.map(|at| Deadline::Local { node: self.node, at });
        tether::block(self.run, Waiting::Condvar(self.slot), deadline, Some(at));
        let outcome = match tether::with(self.run, |kernel| kernel.me().wake) {
            Wake::Notified => WaitOutcome::Woken,
            Wake::TimedOut => WaitOutcome::TimedOut,
        };
        (mutex.relock(at), outcome)
    }

    /// From now on a notification finds the running thread.
    fn listen(&self) {
        tether::with(self.run, |kernel| {
            let me = kernel.current;
            kernel.objects.get(self.slot).waiters.push(me);
        });
    }
}

impl Condvar<Sim> for SimCondvar {
    #[track_caller]
    fn wait<'a, T: Send + 'static>(&self, guard: Guard<'a, Sim, T>) -> Guard<'a, Sim, T> {
        self.wait_on::<T>(guard, None).0
    }

    #[track_caller]
    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, Sim, T>,
        deadline: Instant,
    ) -> (Guard<'a, Sim, T>, WaitOutcome) {
        self.wait_on::<T>(guard, Some(deadline))
    }

    fn notify_one(&self) {
        tether::point(self.run, Operation::Notify, self.key.0);
        tether::with(self.run, |kernel| kernel.wake_one(self.slot));
    }

    fn notify_all(&self) {
        tether::point(self.run, Operation::Notify, self.key.0);
        tether::with(self.run, |kernel| kernel.wake_all(self.slot));
    }
}

impl Drop for SimCondvar {
    fn drop(&mut self) {
        tether::try_with(self.run, |kernel| kernel.objects.remove(self.slot));
    }
}
