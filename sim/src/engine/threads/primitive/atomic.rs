//! Atomics: sequentially consistent here whatever the ordering says, because only one simulated thread runs at a time.

use crate::engine::threads::kernel::{Kernel, Operation};
use crate::engine::threads::object::Key;
use crate::engine::threads::platform::Sim;
use crate::engine::threads::tether;
use retrip_core::door::{Atomic, AtomicInteger};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The identity of a value that threads share: every use of it is a scheduling point.
#[derive(Debug)]
pub(crate) struct Shared {
    run: u64,
    key: Key,
}

impl Shared {
    pub(crate) fn new(sim: Sim) -> Self {
        let run = sim.run;
        Self { run, key: tether::with(run, |kernel| kernel.new_key()) }
    }

    #[inline]
    pub(crate) fn point(&self, operation: Operation) {
        tether::point(self.run, operation, self.key.0);
    }

    /// Whether what the thread does at the point that it has just passed comes out wrong for no reason.
    pub(crate) fn is_spurious(&self) -> bool {
        tether::with(self.run, Kernel::is_spurious)
    }
}

/// An atomic `u64` of a simulated run.
#[derive(Debug)]
pub struct SimAtomicU64 {
    shared: Shared,
    value: AtomicU64,
}

/// An atomic `bool` of a simulated run.
#[derive(Debug)]
pub struct SimAtomicBool {
    shared: Shared,
    value: AtomicBool,
}

/// Each operation is a scheduling point and then the operation. Only one simulated thread runs at a time, and `point`
/// refuses every other thread, so that a plain load and a plain store are together one operation that nobody divides.
macro_rules! simulated_atomic {
    ($name:ident, $real:ident, $value:ty) => {
        impl $name {
            pub(in crate::engine::threads) fn new(sim: Sim, value: $value) -> Self {
                Self { shared: Shared::new(sim), value: $real::new(value) }
            }

            #[inline]
            fn point(&self, operation: Operation) -> &$real {
                self.shared.point(operation);
                &self.value
            }

            /// Puts `change` of the value in its place and returns what it was before.
            #[inline]
            fn update(
                &self,
                operation: Operation,
                change: impl FnOnce($value) -> $value,
            ) -> $value {
                let cell = self.point(operation);
                let before = cell.load(Relaxed);
                cell.store(change(before), Relaxed);
                before
            }
        }

        impl Atomic<$value> for $name {
            #[inline]
            fn load(&self, order: Ordering) -> $value {
                refuse(order, &[Ordering::Release, Ordering::AcqRel], "load");
                self.point(Operation::Load).load(Relaxed)
            }
            #[inline]
            fn store(&self, value: $value, order: Ordering) {
                refuse(order, &[Ordering::Acquire, Ordering::AcqRel], "store");
                self.point(Operation::Store).store(value, Relaxed);
            }
            #[inline]
            fn swap(&self, value: $value, _order: Ordering) -> $value {
                self.update(Operation::Swap, |_| value)
            }
            #[inline]
            fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                _success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                refuse(failure, &[Ordering::Release, Ordering::AcqRel], "failed exchange");
                let keep = |found| if found == current { new } else { found };
                let found = self.update(Operation::CompareExchange, keep);
                if found == current { Ok(found) } else { Err(found) }
            }
        }
    };
}

/// What std refuses, a simulation refuses too: the program would panic in production.
#[inline]
pub(crate) fn refuse(order: Ordering, impossible: &[Ordering], what: &str) {
    assert!(!impossible.contains(&order), "a {what} has no ordering `{order:?}`");
}

simulated_atomic!(SimAtomicU64, AtomicU64, u64);
simulated_atomic!(SimAtomicBool, AtomicBool, bool);

impl AtomicInteger<u64> for SimAtomicU64 {
    #[inline]
    fn fetch_add(&self, value: u64, _order: Ordering) -> u64 {
        self.update(Operation::FetchAdd, |before| before.wrapping_add(value))
    }
    #[inline]
    fn fetch_sub(&self, value: u64, _order: Ordering) -> u64 {
        self.update(Operation::FetchSub, |before| before.wrapping_sub(value))
    }
    #[inline]
    fn fetch_max(&self, value: u64, _order: Ordering) -> u64 {
        self.update(Operation::FetchMax, |before| before.max(value))
    }
}
