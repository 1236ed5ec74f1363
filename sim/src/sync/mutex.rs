//! A mutex with std's shape: it can be poisoned.

use super::poison::{Poison, Watch};
use crate::engine::threads::{Operation, Sim, SimGuard, SimMutex};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{LockResult, TryLockError, TryLockResult};

/// As [`std::sync::Mutex`], of the run it is made in.
///
/// Locking, trying to and unlocking are scheduling points. Who gets a lock that several wait for is a choice of the
/// schedule, and a thread that comes by may take it before the one that was woken.
pub struct Mutex<T: ?Sized> {
    poison: Poison,
    inner: SimMutex<T>,
}

/// As [`std::sync::MutexGuard`].
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct MutexGuard<'a, T: ?Sized> {
    /// Before the lock, as with std: it is poisoned, then free.
    _watch: Watch<'a>,
    inner: SimGuard<'a, T>,
    lock: &'a Mutex<T>,
}

// As with std: whoever finds a value half changed by a panic is told so by the poison.
impl<T: ?Sized> UnwindSafe for Mutex<T> {}
impl<T: ?Sized> RefUnwindSafe for Mutex<T> {}

impl<T> Mutex<T> {
    /// A free mutex that holds `value`.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn new(value: T) -> Self {
        Self { poison: Poison::default(), inner: SimMutex::of(Sim::here(), value) }
    }

    /// The value.
    ///
    /// # Errors
    /// It is poisoned; the error holds the value all the same.
    pub fn into_inner(self) -> LockResult<T> {
        self.poison.told(self.inner.into_inner())
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits until the lock is free and takes it.
    ///
    /// # Errors
    /// A thread panicked while it held it; the error holds the guard all the same.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        self.guarded(self.inner.lock_in_turn())
    }

    /// Takes the lock, if it is free when the thread's turn comes.
    ///
    /// # Errors
    /// It is held, or poisoned.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let guard = self.inner.try_lock_in_turn().ok_or(TryLockError::WouldBlock)?;
        Ok(self.guarded(guard)?)
    }

    /// Whether a thread panicked while it held it. A scheduling point.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.inner.point(Operation::Load);
        self.poison.is_there()
    }

    /// Takes the poison away. A scheduling point.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    pub fn clear_poison(&self) {
        self.inner.point(Operation::Store);
        self.poison.clear();
    }

    /// The value, which nobody else can have meanwhile.
    ///
    /// # Errors
    /// It is poisoned; the error holds the value all the same.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.poison.told(self.inner.get_mut())
    }

    pub(super) fn guarded<'a>(&'a self, inner: SimGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let watch = self.poison.watch();
        self.poison.told(MutexGuard { _watch: watch, inner, lock: self })
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The guard underneath and its mutex, for a wait that unlocks and locks again.
    pub(super) fn into_parts(self) -> (SimGuard<'a, T>, &'a Mutex<T>) {
        (self.inner, self.lock)
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    /// Leaves the value out: to read it would be a step of the schedule, which to look at the poison is not here.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex").field("poisoned", &self.poison.is_there()).finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
