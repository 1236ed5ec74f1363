//! A mutex whose owner the scheduler knows. Barging is allowed: a thread that comes by may take a lock before the one
//! that was woken for it.

use crate::engine::threads::kernel::{Kernel, Operation, Switch};
use crate::engine::threads::object::{Key, Slot};
use crate::engine::threads::tether;
use crate::engine::threads::thread::Waiting;
use retrip_core::door::Mutex;
use std::ops::{Deref, DerefMut};

const HELD: &str = "a guard holds its lock until it is dropped";

/// A mutex of a simulated run.
pub struct SimMutex<T> {
    run: u64,
    key: Key,
    slot: Slot,
    value: parking_lot::Mutex<T>,
}

/// Unlocks when dropped.
pub struct SimGuard<'a, T> {
    mutex: &'a SimMutex<T>,
    /// None only while the guard is dropped.
    value: Option<parking_lot::MutexGuard<'a, T>>,
}

impl<T> SimMutex<T> {
    pub(in crate::engine::threads) fn new(run: u64, value: T) -> Self {
        let (key, slot) = tether::with(run, |kernel| (kernel.new_key(), kernel.objects.insert()));
        Self { run, key, slot, value: parking_lot::Mutex::new(value) }
    }

    /// Takes the lock without a scheduling point; the caller has just had one.
    fn acquire(&self) -> SimGuard<'_, T> {
        loop {
            if let Some(guard) = self.try_acquire() {
                return guard;
            }
            tether::obey(self.run, tether::with(self.run, |kernel| self.queue(kernel)));
        }
    }

    fn queue(&self, kernel: &mut Kernel) -> Switch {
        let me = kernel.current;
        kernel.objects.get(self.slot).waiters.push(me);
        kernel.block(Waiting::Mutex(self.slot), None)
    }

    fn try_acquire(&self) -> Option<SimGuard<'_, T>> {
        tether::with(self.run, |kernel| {
            let me = kernel.current;
            let object = kernel.objects.get(self.slot);
            object.owner.is_none().then(|| object.owner = Some(me))
        })?;
        // Free for the scheduler, held for parking_lot: only a foreign thread can have it, and that one panicked.
        let value = self.value.try_lock().expect("a free simulated lock is held by nobody");
        Some(SimGuard { mutex: self, value: Some(value) })
    }

    pub(super) fn relock(&self) -> SimGuard<'_, T> {
        self.acquire()
    }
}

impl<T: Send + 'static> Mutex<T> for SimMutex<T> {
    type Guard<'a> = SimGuard<'a, T>;

    #[inline]
    fn lock(&self) -> Self::Guard<'_> {
        tether::point(self.run, Operation::Lock, self.key.0);
        self.acquire()
    }

    #[inline]
    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        tether::point(self.run, Operation::TryLock, self.key.0);
        self.try_acquire()
    }
}

impl<'a, T> SimGuard<'a, T> {
    /// Releases the lock without a scheduling point and returns the mutex, to be locked again.
    pub(super) fn release(mut self) -> &'a SimMutex<T> {
        let mutex = self.mutex;
        self.unlock();
        // Nothing is left to release: the guard's own drop would be a second unlock.
        std::mem::forget(self);
        mutex
    }

    fn unlock(&mut self) {
        // The real lock is free before the scheduler hears of it.
        self.value = None;
        let slot = self.mutex.slot;
        tether::try_with(self.mutex.run, |kernel| {
            kernel.objects.get(slot).owner = None;
            kernel.wake_one(slot);
        });
    }
}

impl<T> Drop for SimGuard<'_, T> {
    fn drop(&mut self) {
        /// The run may be torn down at the scheduling point; the lock is released all the same.
        struct Release<'a, 'b, T>(&'a mut SimGuard<'b, T>);
        impl<T> Drop for Release<'_, '_, T> {
            fn drop(&mut self) {
                self.0.unlock();
            }
        }
        let (run, key) = (self.mutex.run, self.mutex.key);
        let _release = Release(self);
        let switch = tether::try_with(run, |kernel| kernel.point(Operation::Unlock, key.0));
        tether::obey(run, switch.unwrap_or(Switch::Stay));
    }
}

impl<T> Deref for SimGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.value.as_ref().expect(HELD)
    }
}

impl<T> DerefMut for SimGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect(HELD)
    }
}

impl<T> Drop for SimMutex<T> {
    fn drop(&mut self) {
        tether::try_with(self.run, |kernel| kernel.objects.remove(self.slot));
    }
}

impl<T> std::fmt::Debug for SimMutex<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimMutex").field("key", &self.key).finish_non_exhaustive()
    }
}

impl<T> std::fmt::Debug for SimGuard<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimGuard").field("key", &self.mutex.key).finish_non_exhaustive()
    }
}
