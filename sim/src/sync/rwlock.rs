//! A lock for readers and writers with std's shape: a writer can poison it.

use super::poison::{Poison, Watch};
use crate::engine::threads::{Operation, Sim, SimReadGuard, SimRwLock, SimWriteGuard};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{LockResult, TryLockError, TryLockResult};

/// As [`std::sync::RwLock`], of the run it is made in.
///
/// Locking, trying to and unlocking are scheduling points. Which writer goes next, or whether the readers do, is a choice of
/// the schedule, and a thread that comes by may take a free lock before the one that was woken: nobody is promised not to
/// starve. A thread that comes by while others read is kept waiting where somebody waits to write, as by std on Linux, so that
/// one which reads twice can wait for itself for ever.
pub struct RwLock<T: ?Sized> {
    poison: Poison,
    inner: SimRwLock<T>,
}

/// As [`std::sync::RwLockReadGuard`].
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    inner: SimReadGuard<'a, T>,
}

/// As [`std::sync::RwLockWriteGuard`].
#[must_use = "a guard that is dropped at once unlocks at once"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    /// Before the lock, as with std: it is poisoned, then free.
    _watch: Watch<'a>,
    inner: SimWriteGuard<'a, T>,
}

// As with std: whoever finds a value half changed by a panic is told so by the poison.
impl<T: ?Sized> UnwindSafe for RwLock<T> {}
impl<T: ?Sized> RefUnwindSafe for RwLock<T> {}

impl<T> RwLock<T> {
    /// A free lock that holds `value`.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn new(value: T) -> Self {
        Self { poison: Poison::default(), inner: SimRwLock::of(Sim::here(), value) }
    }

    /// The value.
    ///
    /// # Errors
    /// It is poisoned; the error holds the value all the same.
    pub fn into_inner(self) -> LockResult<T> {
        self.poison.told(self.inner.into_inner())
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until nobody writes, nor waits to while others read, and holds the lock together with the other readers.
    ///
    /// # Errors
    /// A thread panicked while it wrote; the error holds the guard all the same.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let inner = self.inner.read_in_turn();
        self.poison.told(RwLockReadGuard { inner })
    }

    /// Holds the lock to read, if [`read`](Self::read) would not wait when the thread's turn comes.
    ///
    /// # Errors
    /// It would wait, or the lock is poisoned.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let inner = self.inner.try_read_in_turn().ok_or(TryLockError::WouldBlock)?;
        Ok(self.poison.told(RwLockReadGuard { inner })?)
    }

    /// Waits until nobody holds the lock and takes it.
    ///
    /// # Errors
    /// A thread panicked while it wrote; the error holds the guard all the same.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        self.written(self.inner.write_in_turn())
    }

    /// Takes the lock, if nobody holds it when the thread's turn comes.
    ///
    /// # Errors
    /// Somebody holds it, or it is poisoned.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let inner = self.inner.try_write_in_turn().ok_or(TryLockError::WouldBlock)?;
        Ok(self.written(inner)?)
    }

    /// Whether a thread panicked while it wrote. A scheduling point.
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

    fn written<'a>(&'a self, inner: SimWriteGuard<'a, T>) -> LockResult<RwLockWriteGuard<'a, T>> {
        let watch = self.poison.watch();
        self.poison.told(RwLockWriteGuard { _watch: watch, inner })
    }
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// Goes on to read what was written, with no writer in between; the other readers that wait come in as well.
    pub fn downgrade(guard: Self) -> RwLockReadGuard<'a, T> {
        RwLockReadGuard { inner: guard.inner.downgrade() }
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: Default> Default for RwLock<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    /// Leaves the value out: to read it would be a step of the schedule, which to look at the poison is not here.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RwLock").field("poisoned", &self.poison.is_there()).finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
