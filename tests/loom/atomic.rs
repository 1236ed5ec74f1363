//! loom's atomics, and one ordering of them that may be weaker than it is written.

use crate::Weakening;
use loom::sync::atomic;
use retrip_core::door::{Atomic, AtomicInteger};
use std::panic::Location;
use std::sync::atomic::Ordering;

/// An atomic of loom's that knows where it is used.
pub struct Sited<A> {
    inner: A,
    weakened: Option<Weakening>,
}

impl<A> Sited<A> {
    pub(crate) const fn new(inner: A, weakened: Option<Weakening>) -> Self {
        Self { inner, weakened }
    }

    #[track_caller]
    fn order(&self, order: Ordering) -> Ordering {
        Weakening::apply(self.weakened, Location::caller(), order)
    }
}

/// The operations that both kinds of atomics have.
macro_rules! sited {
    ($atomic:ty, $value:ty) => {
        impl Atomic<$value> for Sited<$atomic> {
            #[track_caller]
            fn load(&self, order: Ordering) -> $value {
                self.inner.load(self.order(order))
            }
            #[track_caller]
            fn store(&self, value: $value, order: Ordering) {
                self.inner.store(value, self.order(order));
            }
            #[track_caller]
            fn swap(&self, value: $value, order: Ordering) -> $value {
                self.inner.swap(value, self.order(order))
            }
            #[track_caller]
            fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let (success, failure) = (self.order(success), self.order(failure));
                self.inner.compare_exchange(current, new, success, failure)
            }
        }
    };
}

sited!(atomic::AtomicU64, u64);
sited!(atomic::AtomicBool, bool);

impl AtomicInteger<u64> for Sited<atomic::AtomicU64> {
    #[track_caller]
    fn fetch_add(&self, value: u64, order: Ordering) -> u64 {
        self.inner.fetch_add(value, self.order(order))
    }
    #[track_caller]
    fn fetch_sub(&self, value: u64, order: Ordering) -> u64 {
        self.inner.fetch_sub(value, self.order(order))
    }
    #[track_caller]
    fn fetch_max(&self, value: u64, order: Ordering) -> u64 {
        self.inner.fetch_max(value, self.order(order))
    }
}
