//! A mutex whose owner the scheduler knows. Barging is allowed: a thread that comes by may take a lock before the one
//! that was woken for it.

use crate::engine::threads::kernel::{Kernel, Operation, Switch};
use crate::engine::threads::object::{Key, Slot};
use crate::engine::threads::platform::Sim;
use crate::engine::threads::tether;
use crate::engine::threads::thread::Waiting;
use retrip_core::door::Mutex;
use std::ops::{Deref, DerefMut};
use std::panic::Location;

const HELD: &str = "a guard holds its lock until it is dropped";

/// A mutex of a simulated run.
pub struct SimMutex<T: ?Sized> {
    place: Place,
    value: parking_lot::Mutex<T>,
}

/// Where the scheduler keeps a lock.
struct Place {
    run: u64,
    key: Key,
    slot: Slot,
}

/// What does not depend on the value is compiled once, and not for every type of value.
impl Place {
    /// A scheduling point and then, if the running thread goes on at once, the attempt to take the lock: whether it has it.
    fn point_and_try(&self, operation: Operation) -> (Switch, bool) {
        tether::with(self.run, |kernel| {
            if operation == Operation::Lock {
                kernel.wants(self.slot);
            }
            let switch = kernel.point(operation, self.key.0);
            (switch, switch == Switch::Stay && self.take(kernel, operation))
        })
    }

    /// The attempt of a thread that others have run before.
    fn try_late(&self, operation: Operation) -> bool {
        tether::with(self.run, |kernel| self.take(kernel, operation))
    }

    /// Takes the lock if it is free. An attempt may also fail for no reason.
    #[inline]
    fn take(&self, kernel: &mut Kernel, operation: Operation) -> bool {
        let in_vain = operation == Operation::TryLock && kernel.is_spurious();
        !in_vain && kernel.take_lock(self.slot)
    }

    /// Waits, in the line of code `at`, until somebody frees the lock for the running thread and nobody else takes it.
    fn acquire(&self, at: &'static Location<'static>) {
        loop {
            tether::obey(tether::with(self.run, |kernel| self.queue(kernel, at)));
            if self.try_acquire() {
                return;
            }
        }
    }

    fn queue(&self, kernel: &mut Kernel, at: &'static Location<'static>) -> Switch {
        let me = kernel.current;
        kernel.me().waits_at = Some(at);
        kernel.objects.get(self.slot).waiters.push(me);
        kernel.wants(self.slot);
        kernel.block(Waiting::Mutex(self.slot), None)
    }

    fn try_acquire(&self) -> bool {
        tether::with(self.run, |kernel| kernel.take_lock(self.slot))
    }

    /// A scheduling point and then, if the running thread goes on at once, the release: one visit to the kernel.
    fn point_and_release(&self) -> Option<Switch> {
        tether::try_with(self.run, |kernel| {
            let switch = kernel.point(Operation::Unlock, self.key.0);
            if switch == Switch::Stay {
                kernel.release_lock(self.slot);
            }
            switch
        })
    }

    fn release(&self) {
        tether::try_with(self.run, |kernel| kernel.release_lock(self.slot));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        tether::try_with(self.run, |kernel| kernel.objects.remove(self.slot));
    }
}

/// Unlocks when dropped.
pub struct SimGuard<'a, T: ?Sized> {
    mutex: &'a SimMutex<T>,
    /// None only while the guard is dropped.
    value: Option<parking_lot::MutexGuard<'a, T>>,
}

impl<T> SimMutex<T> {
    /// A free mutex of the run of `sim`.
    pub(crate) fn of(Sim { run, .. }: Sim, value: T) -> Self {
        let (key, slot) = tether::with(run, |kernel| (kernel.new_key(), kernel.objects.insert()));
        Self { place: Place { run, key, slot }, value: parking_lot::Mutex::new(value) }
    }

    /// The value, which nobody else can have any more.
    pub(crate) fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> SimMutex<T> {
    /// Waits until the lock is free and takes it.
    #[inline]
    #[track_caller]
    pub(crate) fn lock_in_turn(&self) -> SimGuard<'_, T> {
        let at = Location::caller();
        self.point_and_try(Operation::Lock).unwrap_or_else(|| self.acquire(at))
    }

    /// Takes the lock, if it is free when the thread's turn comes.
    #[inline]
    pub(crate) fn try_lock_in_turn(&self) -> Option<SimGuard<'_, T>> {
        self.point_and_try(Operation::TryLock)
    }

    /// The value, which nobody else can have.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// A scheduling point: somebody else may run before the thread looks at what comes with the lock.
    pub(crate) fn point(&self, operation: Operation) {
        tether::point(self.place.run, operation, self.place.key.0);
    }

    /// Its identity, as scheduling points are given it.
    pub(super) fn key(&self) -> u64 {
        self.place.key.0
    }

    #[inline]
    fn point_and_try(&self, operation: Operation) -> Option<SimGuard<'_, T>> {
        let (switch, taken) = self.place.point_and_try(operation);
        if taken {
            return Some(self.guard());
        }
        if switch == Switch::Stay {
            return None;
        }
        tether::obey(switch);
        self.place.try_late(operation).then(|| self.guard())
    }

    /// Takes the lock without a scheduling point; the caller has just had one.
    fn acquire(&self, at: &'static Location<'static>) -> SimGuard<'_, T> {
        self.place.acquire(at);
        self.guard()
    }

    #[inline]
    fn guard(&self) -> SimGuard<'_, T> {
        // Free for the scheduler, held for parking_lot: only a foreign thread could have it.
        let value = self.value.try_lock().expect("a free simulated lock is held by nobody");
        SimGuard { mutex: self, value: Some(value) }
    }

    /// Takes the lock again after a wait.
    pub(super) fn relock(&self, at: &'static Location<'static>) -> SimGuard<'_, T> {
        if self.place.try_acquire() { self.guard() } else { self.acquire(at) }
    }
}

impl<T: Send + 'static> Mutex<T> for SimMutex<T> {
    type Guard<'a> = SimGuard<'a, T>;

    #[inline]
    #[track_caller]
    fn lock(&self) -> Self::Guard<'_> {
        self.lock_in_turn()
    }

    #[inline]
    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        self.try_lock_in_turn()
    }
}

impl<'a, T: ?Sized> SimGuard<'a, T> {
    /// Releases the lock without a scheduling point and returns the mutex, to be locked again.
    pub(super) fn release(mut self) -> &'a SimMutex<T> {
        let mutex = self.mutex;
        self.unlock();
        // Nothing is left to release: the guard's own drop would be a second unlock.
        std::mem::forget(self);
        mutex
    }

    #[inline]
    fn unlock(&mut self) {
        // The real lock is free before the scheduler hears of it.
        self.value = None;
        self.mutex.place.release();
    }
}

/// Unlocks once the others have run, also where the run is torn down meanwhile.
struct Release<'a, 'b, T: ?Sized>(&'a mut SimGuard<'b, T>);

impl<T: ?Sized> Drop for Release<'_, '_, T> {
    #[inline]
    fn drop(&mut self) {
        self.0.unlock();
    }
}

impl<T: ?Sized> Drop for SimGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        let switch = self.mutex.place.point_and_release();
        if let Some(switch @ (Switch::Leave(_) | Switch::Never)) = switch {
            let _release = Release(self);
            tether::obey(switch);
        }
    }
}

impl<T: ?Sized> Deref for SimGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.value.as_ref().expect(HELD)
    }
}

impl<T: ?Sized> DerefMut for SimGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect(HELD)
    }
}

impl<T: ?Sized> std::fmt::Debug for SimMutex<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimMutex").field("key", &self.place.key).finish_non_exhaustive()
    }
}

impl<T: ?Sized> std::fmt::Debug for SimGuard<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimGuard").field("key", &self.mutex.place.key).finish_non_exhaustive()
    }
}
