//! parking_lot's locks and std's atomics.

use super::System;
use super::clock::to_std;
use crate::door::{
    Atomic, AtomicInteger, Condvar, Guard, Instant, Mutex, SyncPrimitives, WaitOutcome,
};
use std::num::NonZeroUsize;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::available_parallelism;

impl SyncPrimitives for System {
    type Mutex<T: Send + 'static> = parking_lot::Mutex<T>;
    type Condvar = parking_lot::Condvar;
    type AtomicU64 = AtomicU64;
    type AtomicBool = AtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T> {
        parking_lot::Mutex::new(value)
    }

    fn condvar(&self) -> Self::Condvar {
        parking_lot::Condvar::new()
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

impl<T: Send + 'static> Mutex<T> for parking_lot::Mutex<T> {
    type Guard<'a> = parking_lot::MutexGuard<'a, T>;

    #[inline]
    fn lock(&self) -> Self::Guard<'_> {
        self.lock()
    }

    #[inline]
    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        self.try_lock()
    }
}

impl Condvar<System> for parking_lot::Condvar {
    fn wait<'a, T: Send + 'static>(&self, mut guard: Guard<'a, System, T>) -> Guard<'a, System, T> {
        self.wait(&mut guard);
        guard
    }

    fn wait_until<'a, T: Send + 'static>(
        &self,
        mut guard: Guard<'a, System, T>,
        deadline: Instant,
    ) -> (Guard<'a, System, T>, WaitOutcome) {
        let result = self.wait_until(&mut guard, to_std(deadline));
        let outcome = if result.timed_out() { WaitOutcome::TimedOut } else { WaitOutcome::Woken };
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
