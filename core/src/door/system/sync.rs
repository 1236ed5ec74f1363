//! The standard library's locks and atomics.

use super::System;
use super::clock::to_std;
use crate::door::{
    Atomic, AtomicInteger, Condvar, Guard, Instant, Mutex, SyncPrimitives, WaitOutcome,
};
use std::num::NonZeroUsize;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{OnceLock, PoisonError, TryLockError};
use std::thread::available_parallelism;

impl SyncPrimitives for System {
    type Mutex<T: Send + 'static> = std::sync::Mutex<T>;
    type Condvar = std::sync::Condvar;
    type AtomicU64 = AtomicU64;
    type AtomicBool = AtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T> {
        std::sync::Mutex::new(value)
    }

    fn condvar(&self) -> Self::Condvar {
        std::sync::Condvar::new()
    }

    fn atomic_u64(&self, value: u64) -> Self::AtomicU64 {
        AtomicU64::new(value)
    }

    fn atomic_bool(&self, value: bool) -> Self::AtomicBool {
        AtomicBool::new(value)
    }

    fn parallelism(&self) -> NonZeroUsize {
        // To ask takes the reading of some files.
        static PROCESSORS: OnceLock<NonZeroUsize> = OnceLock::new();
        *PROCESSORS.get_or_init(|| available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }
}

// What is behind a lock of this crate holds at every moment, so that who takes one after a panic takes it as it is.

impl<T: Send + 'static> Mutex<T> for std::sync::Mutex<T> {
    type Guard<'a> = std::sync::MutexGuard<'a, T>;

    #[inline]
    fn lock(&self) -> Self::Guard<'_> {
        self.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        match self.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl Condvar<System> for std::sync::Condvar {
    fn wait<'a, T: Send + 'static>(&self, guard: Guard<'a, System, T>) -> Guard<'a, System, T> {
        self.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::disallowed_methods, reason = "System is the one place that reads real clocks")]
    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, System, T>,
        deadline: Instant,
    ) -> (Guard<'a, System, T>, WaitOutcome) {
        let deadline = to_std(deadline);
        let left = deadline.saturating_duration_since(std::time::Instant::now());
        let (guard, _) = self.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner);
        // The clock decides, so that nobody is told of an end that has not come.
        let outcome = match std::time::Instant::now() < deadline {
            true => WaitOutcome::Woken,
            false => WaitOutcome::TimedOut,
        };
        (guard, outcome)
    }

    fn notify_one(&self) {
        self.notify_one();
    }

    fn notify_all(&self) {
        self.notify_all();
    }
}

/// Forwards to the method of the same name, which the type has of its own.
macro_rules! forward_atomic {
    ($atomic:ty, $value:ty) => {
        impl Atomic<$value> for $atomic {
            #[inline]
            fn load(&self, order: Ordering) -> $value {
                self.load(order)
            }
            #[inline]
            fn store(&self, value: $value, order: Ordering) {
                self.store(value, order);
            }
            #[inline]
            fn swap(&self, value: $value, order: Ordering) -> $value {
                self.swap(value, order)
            }
            #[inline]
            fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(current, new, success, failure)
            }
        }
    };
}

forward_atomic!(AtomicU64, u64);
forward_atomic!(AtomicBool, bool);

impl AtomicInteger<u64> for AtomicU64 {
    #[inline]
    fn fetch_add(&self, value: u64, order: Ordering) -> u64 {
        self.fetch_add(value, order)
    }
    #[inline]
    fn fetch_sub(&self, value: u64, order: Ordering) -> u64 {
        self.fetch_sub(value, order)
    }
    #[inline]
    fn fetch_max(&self, value: u64, order: Ordering) -> u64 {
        self.fetch_max(value, order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Clock;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    /// A number behind a lock whose last holder has panicked.
    fn after_a_panic() -> std::sync::Mutex<u64> {
        let lock = System.mutex(1);
        let held = catch_unwind(AssertUnwindSafe(|| {
            let mut number = Mutex::lock(&lock);
            *number = 2;
            panic!("planted");
        }));
        assert!(held.is_err());
        lock
    }

    #[test]
    fn a_lock_whose_holder_has_panicked_is_free() {
        let lock = after_a_panic();
        assert_eq!(*Mutex::lock(&lock), 2);
        assert_eq!(Mutex::try_lock(&lock).as_deref(), Some(&2));
        let held = Mutex::lock(&lock);
        assert!(Mutex::try_lock(&lock).is_none(), "somebody has it");
        drop(held);
    }

    #[test]
    fn who_waits_under_such_a_lock_is_told_of_the_end_and_never_early() {
        let lock = after_a_panic();
        let bell = System.condvar();
        let deadline = System.now().saturating_add(Duration::from_millis(2));
        let mut held = Mutex::lock(&lock);
        loop {
            let outcome;
            (held, outcome) = Condvar::<System>::wait_until(&bell, held, deadline);
            if outcome == WaitOutcome::TimedOut {
                break;
            }
        }
        assert!(System.now() >= deadline);
        let (held, outcome) = Condvar::<System>::wait_until(&bell, held, deadline);
        drop(held);
        assert_eq!(outcome, WaitOutcome::TimedOut, "a deadline that is over is no reason to wait");
    }
}
