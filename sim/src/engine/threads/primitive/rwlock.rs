//! A lock that many may hold to read or one to write, and whose holders the scheduler knows.
//!
//! Barging is allowed, as with the mutex: a thread that comes by may take a free lock before the one that was woken for it.
//! Where some hold it to read and another waits to write, no further reader comes in: so does std on Linux, and a thread that
//! reads twice can therefore wait for itself, here as there. Whoever is woken to read comes in all the same.

use super::gate::Gate;
use crate::engine::threads::kernel::{Kernel, Operation};
use crate::engine::threads::object::Slot;
use crate::engine::threads::platform::Sim;
use crate::engine::threads::tether;
use crate::engine::threads::thread::{Reason, ThreadId, Waiting, Wake};
use std::ops::{Deref, DerefMut};
use std::panic::Location;

const HELD: &str = "a guard holds its lock until it is dropped";
const FREE: &str = "a lock that is free for the scheduler is held by nobody";

/// A lock for readers and writers of a simulated run.
pub struct SimRwLock<T: ?Sized> {
    gate: Gate,
    value: parking_lot::RwLock<T>,
}

/// Ends the reading when dropped.
pub struct SimReadGuard<'a, T: ?Sized> {
    lock: &'a SimRwLock<T>,
    /// Which of the holders it is.
    place: u32,
    /// None only while the guard is dropped.
    value: Option<parking_lot::RwLockReadGuard<'a, T>>,
}

/// Ends the writing when dropped.
pub struct SimWriteGuard<'a, T: ?Sized> {
    lock: &'a SimRwLock<T>,
    /// None only while the guard is dropped.
    value: Option<parking_lot::RwLockWriteGuard<'a, T>>,
}

/// How a thread came to a lock that it wants to read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    ComesBy,
    Woken,
}

impl Kernel {
    /// Gives the lock at `slot` to the running thread to read, together with others; `arrival` says how it came.
    fn share_lock(&mut self, slot: Slot, arrival: Arrival) -> Option<u32> {
        let me = self.current;
        let object = self.objects.get(slot);
        if object.owner.is_some() {
            return None;
        }
        let sharing = object.sharing.get_or_insert_default();
        let comes_by = arrival == Arrival::ComesBy;
        let kept_out = comes_by && sharing.writers > 0 && !sharing.is_empty();
        (!kept_out).then(|| sharing.join(me))
    }

    /// Gives the lock at `slot` to the running thread alone, if it is free.
    fn take_shared_lock(&mut self, slot: Slot) -> bool {
        let sharing = self.objects.get(slot).sharing.as_deref();
        sharing.is_none_or(|sharing| sharing.is_empty()) && self.take_lock(slot)
    }

    /// The lock at `slot` is free: wakes one of those who wait to write, or all who wait to read. Which is a choice.
    fn pass_on(&mut self, slot: Slot) {
        let Some(thread) = self.take_waiter(slot) else { return };
        if self.threads[thread.index()].waiting == Waiting::At(slot, Reason::Write) {
            self.objects.get(slot).sharing.get_or_insert_default().writers -= 1;
            self.wake(thread, Wake::Notified);
        } else {
            self.wake(thread, Wake::Notified);
            self.wake_readers(slot);
        }
    }

    fn wake_readers(&mut self, slot: Slot) {
        let threads = &self.threads;
        let reads = |thread: &mut ThreadId| {
            threads[thread.index()].waiting == Waiting::At(slot, Reason::Read)
        };
        let readers: Vec<ThreadId> = self.objects.get(slot).waiters.extract_if(.., reads).collect();
        for reader in readers {
            self.wake(reader, Wake::Notified);
        }
    }

    fn end_read(&mut self, slot: Slot, place: u32) {
        let sharing = self.objects.get(slot).sharing.as_mut().expect("somebody held it to read");
        sharing.leave(place);
        if sharing.is_empty() {
            self.pass_on(slot);
        }
    }

    fn end_write(&mut self, slot: Slot) {
        self.objects.get(slot).owner = None;
        self.pass_on(slot);
    }
}

impl<T> SimRwLock<T> {
    /// A free lock of the run of `sim`.
    pub(crate) fn of(sim: Sim, value: T) -> Self {
        Self { gate: Gate::new(sim), value: parking_lot::RwLock::new(value) }
    }

    /// The value, which nobody else can have any more.
    pub(crate) fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> SimRwLock<T> {
    /// Waits until nobody writes, nor waits to while others read, and holds the lock to read.
    #[track_caller]
    pub(crate) fn read_in_turn(&self) -> SimReadGuard<'_, T> {
        let at = Location::caller();
        self.gate.point(Operation::Read);
        if let Some(guard) = self.try_share(Arrival::ComesBy) {
            return guard;
        }
        loop {
            self.gate.wait(Reason::Read, None, at);
            if let Some(guard) = self.try_share(Arrival::Woken) {
                return guard;
            }
        }
    }

    /// Holds the lock to read, if it can be had when the thread's turn comes.
    pub(crate) fn try_read_in_turn(&self) -> Option<SimReadGuard<'_, T>> {
        self.gate.point(Operation::TryRead);
        if self.gate.is_spurious() { None } else { self.try_share(Arrival::ComesBy) }
    }

    /// Waits until nobody holds the lock and takes it.
    #[track_caller]
    pub(crate) fn write_in_turn(&self) -> SimWriteGuard<'_, T> {
        let at = Location::caller();
        self.gate.point(Operation::Lock);
        if let Some(guard) = self.try_take() {
            return guard;
        }
        loop {
            tether::with(self.gate.run, |kernel| {
                kernel.objects.get(self.gate.slot).sharing.get_or_insert_default().writers += 1;
            });
            self.gate.wait(Reason::Write, None, at);
            if let Some(guard) = self.try_take() {
                return guard;
            }
        }
    }

    /// Takes the lock, if nobody holds it when the thread's turn comes.
    pub(crate) fn try_write_in_turn(&self) -> Option<SimWriteGuard<'_, T>> {
        self.gate.point(Operation::TryLock);
        if self.gate.is_spurious() { None } else { self.try_take() }
    }

    /// The value, which nobody else can have.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// A scheduling point: somebody else may run before the thread looks at what comes with the lock.
    pub(crate) fn point(&self, operation: Operation) {
        self.gate.point(operation);
    }

    fn try_share(&self, arrival: Arrival) -> Option<SimReadGuard<'_, T>> {
        let Gate { run, slot, .. } = self.gate;
        let place = tether::with(run, |kernel| kernel.share_lock(slot, arrival))?;
        Some(SimReadGuard { lock: self, place, value: Some(self.value.try_read().expect(FREE)) })
    }

    fn try_take(&self) -> Option<SimWriteGuard<'_, T>> {
        let Gate { run, slot, .. } = self.gate;
        tether::with(run, |kernel| kernel.take_shared_lock(slot))
            .then(|| SimWriteGuard { lock: self, value: Some(self.value.try_write().expect(FREE)) })
    }
}

impl<'a, T: ?Sized> SimWriteGuard<'a, T> {
    /// Goes on to read what was written, with no writer in between. Others may read as well from now on.
    pub(crate) fn downgrade(mut self) -> SimReadGuard<'a, T> {
        let lock = self.lock;
        lock.gate.point(Operation::Downgrade);
        let value = self.value.take().expect(HELD);
        // Nothing is left to release: the guard's own drop would be a second unlock.
        std::mem::forget(self);
        let Gate { run, slot, .. } = lock.gate;
        let place = tether::with(run, |kernel| {
            let me = kernel.current;
            let object = kernel.objects.get(slot);
            object.owner = None;
            let place = object.sharing.get_or_insert_default().join(me);
            kernel.wake_readers(slot);
            place
        });
        let value = Some(parking_lot::RwLockWriteGuard::downgrade(value));
        SimReadGuard { lock, place, value }
    }
}

impl<T: ?Sized> Drop for SimReadGuard<'_, T> {
    fn drop(&mut self) {
        let Self { lock, place, value } = self;
        lock.gate.point_and_leave(Operation::EndRead, || {
            // The real lock is free before the scheduler hears of it.
            *value = None;
            let Gate { run, slot, .. } = lock.gate;
            tether::try_with(run, |kernel| kernel.end_read(slot, *place));
        });
    }
}

impl<T: ?Sized> Drop for SimWriteGuard<'_, T> {
    fn drop(&mut self) {
        let Self { lock, value } = self;
        lock.gate.point_and_leave(Operation::Unlock, || {
            *value = None;
            let Gate { run, slot, .. } = lock.gate;
            tether::try_with(run, |kernel| kernel.end_write(slot));
        });
    }
}

impl<T: ?Sized> Deref for SimReadGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.value.as_ref().expect(HELD)
    }
}

impl<T: ?Sized> Deref for SimWriteGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.value.as_ref().expect(HELD)
    }
}

impl<T: ?Sized> DerefMut for SimWriteGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect(HELD)
    }
}

impl<T: ?Sized> std::fmt::Debug for SimRwLock<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimRwLock").field("key", &self.gate.key).finish_non_exhaustive()
    }
}

impl<T: ?Sized> std::fmt::Debug for SimReadGuard<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimReadGuard").field("key", &self.lock.gate.key).finish_non_exhaustive()
    }
}

impl<T: ?Sized> std::fmt::Debug for SimWriteGuard<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimWriteGuard").field("key", &self.lock.gate.key).finish_non_exhaustive()
    }
}
