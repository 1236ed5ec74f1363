//! Locks, condition variables and atomics as a platform gives them.

use super::Instant;
use std::num::NonZeroUsize;
use std::ops::DerefMut;
use std::sync::atomic::Ordering;

/// The platform's locks, condition variables and atomics.
///
/// Constructors take `&self`, so that a simulated object carries the identity of its run.
pub trait SyncPrimitives: Sized + 'static {
    /// A mutual exclusion lock. It is never poisoned: a panic while it is held unlocks it.
    type Mutex<T: Send + 'static>: Mutex<T>;
    /// A condition variable for [`SyncPrimitives::Mutex`].
    type Condvar: Condvar<Self>;
    /// An atomic `u64`.
    type AtomicU64: AtomicInteger<u64>;
    /// An atomic `bool`.
    type AtomicBool: Atomic<bool>;

    /// A new unlocked mutex around `value`.
    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T>;
    /// A new condition variable that nobody waits on.
    fn condvar(&self) -> Self::Condvar;
    /// A new atomic `u64`.
    fn atomic_u64(&self, value: u64) -> Self::AtomicU64;
    /// A new atomic `bool`.
    fn atomic_bool(&self, value: bool) -> Self::AtomicBool;

    /// How many units of execution run side by side: for how many it pays to keep apart what they write.
    fn parallelism(&self) -> NonZeroUsize {
        NonZeroUsize::MIN
    }
}

/// A mutual exclusion lock around a `T`. Not re-entrant.
pub trait Mutex<T: Send + 'static>: Send + Sync {
    /// Unlocks when dropped, also on unwind. Not `Send`.
    type Guard<'a>: DerefMut<Target = T>
    where
        Self: 'a;

    /// Waits until the lock is free and takes it.
    fn lock(&self) -> Self::Guard<'_>;

    /// Takes the lock if it is free now.
    fn try_lock(&self) -> Option<Self::Guard<'_>>;
}

/// What [`Mutex::lock`] gives on the platform `S`.
pub type Guard<'a, S, T> = <<S as SyncPrimitives>::Mutex<T> as Mutex<T>>::Guard<'a>;

/// How a wait with a deadline ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitOutcome {
    /// A notification, or for no reason at all: look at the condition again.
    Woken,
    /// The deadline passed first.
    TimedOut,
}

/// A condition variable. Wake-ups may be spurious: wait in a loop around the condition.
pub trait Condvar<S: SyncPrimitives>: Send + Sync {
    /// Unlocks, waits for a notification, and locks again.
    fn wait<'a, T: Send + 'static>(&self, guard: Guard<'a, S, T>) -> Guard<'a, S, T>
    where
        S::Mutex<T>: 'a;

    /// Like [`Condvar::wait`], and gives up at `deadline` on the platform's monotonic clock, never earlier.
    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, S, T>,
        deadline: Instant,
    ) -> (Guard<'a, S, T>, WaitOutcome)
    where
        S::Mutex<T>: 'a;

    /// Wakes one waiter, if any; which one is not promised.
    fn notify_one(&self);

    /// Wakes all who wait now.
    fn notify_all(&self);
}

/// An atomic value with explicit memory orderings, as in [`std::sync::atomic`].
pub trait Atomic<V: Copy>: Send + Sync {
    /// Reads the value.
    fn load(&self, order: Ordering) -> V;
    /// Writes the value.
    fn store(&self, value: V, order: Ordering);
    /// Writes the value and returns the one before.
    fn swap(&self, value: V, order: Ordering) -> V;
    /// Writes `new` if the value is `current`.
    ///
    /// # Errors
    /// The value found, where it was not `current`.
    fn compare_exchange(
        &self,
        current: V,
        new: V,
        success: Ordering,
        failure: Ordering,
    ) -> Result<V, V>;
}

/// An atomic integer. Arithmetic wraps, as in [`std::sync::atomic`].
pub trait AtomicInteger<V: Copy>: Atomic<V> {
    /// Adds and returns the value before.
    fn fetch_add(&self, value: V, order: Ordering) -> V;
    /// Subtracts and returns the value before.
    fn fetch_sub(&self, value: V, order: Ordering) -> V;
    /// Keeps the larger and returns the value before.
    fn fetch_max(&self, value: V, order: Ordering) -> V;
}
