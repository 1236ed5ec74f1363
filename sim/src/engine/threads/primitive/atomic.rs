//! Atomics: sequentially consistent here whatever the ordering says, because only one simulated thread runs at a time.

use crate::engine::threads::kernel::Operation;
use crate::engine::threads::object::Key;
use crate::engine::threads::tether;
use retrip_core::door::{Atomic, AtomicInteger};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// An atomic `u64` of a simulated run.
#[derive(Debug)]
pub struct SimAtomicU64 {
    run: u64,
    key: Key,
    value: AtomicU64,
}

/// An atomic `bool` of a simulated run.
#[derive(Debug)]
pub struct SimAtomicBool {
    run: u64,
    key: Key,
    value: AtomicBool,
}

/// Each operation is a scheduling point and then the real operation.
macro_rules! simulated_atomic {
    ($name:ident, $real:ident, $value:ty) => {
        impl $name {
            pub(in crate::engine::threads) fn new(run: u64, value: $value) -> Self {
                let key = tether::with(run, |kernel| kernel.new_key());
                Self { run, key, value: $real::new(value) }
            }

            #[inline]
            fn point(&self, operation: Operation) -> &$real {
                tether::point(self.run, operation, self.key.0);
                &self.value
            }
        }

        impl Atomic<$value> for $name {
            #[inline]
            fn load(&self, order: Ordering) -> $value {
                self.point(Operation::Load).load(order)
            }
            #[inline]
            fn store(&self, value: $value, order: Ordering) {
                self.point(Operation::Store).store(value, order);
            }
            #[inline]
            fn swap(&self, value: $value, order: Ordering) -> $value {
                self.point(Operation::Swap).swap(value, order)
            }
            #[inline]
            fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                self.point(Operation::CompareExchange)
                    .compare_exchange(current, new, success, failure)
            }
        }
    };
}

simulated_atomic!(SimAtomicU64, AtomicU64, u64);
simulated_atomic!(SimAtomicBool, AtomicBool, bool);

impl AtomicInteger<u64> for SimAtomicU64 {
    #[inline]
    fn fetch_add(&self, value: u64, order: Ordering) -> u64 {
        self.point(Operation::FetchAdd).fetch_add(value, order)
    }
    #[inline]
    fn fetch_sub(&self, value: u64, order: Ordering) -> u64 {
        self.point(Operation::FetchSub).fetch_sub(value, order)
    }
    #[inline]
    fn fetch_max(&self, value: u64, order: Ordering) -> u64 {
        self.point(Operation::FetchMax).fetch_max(value, order)
    }
}
