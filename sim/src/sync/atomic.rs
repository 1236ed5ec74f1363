//! std's atomics: every operation is a scheduling point, and sequentially consistent whatever the ordering says.

pub use std::sync::atomic::Ordering;

use crate::engine::threads::{Operation, Shared, Sim, refuse};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// A fence. Nothing to order here, but a step of the schedule.
///
/// # Panics
/// The ordering is `Relaxed`, as with std; outside of a run.
pub fn fence(order: Ordering) {
    refuse(order, &[Relaxed], "fence");
    Shared::new(Sim::here()).point(Operation::Load);
}

/// What every atomic can do. Each operation is a scheduling point and then the operation: only one simulated thread runs at
/// a time, so that a plain load and a plain store are together one operation that nobody divides.
macro_rules! simulated_atomic {
    ($name:ident $(<$of:ident>)?, $value:ty) => {
        /// As std's type of the same name, of the run it is made in.
        pub struct $name $(<$of>)? {
            shared: Shared,
            value: std::sync::atomic::$name $(<$of>)?,
        }

        impl $(<$of>)? $name $(<$of>)? {
            /// An atomic that holds `value`.
            ///
            /// # Panics
            /// Outside of a run.
            #[must_use]
            #[track_caller]
            pub fn new(value: $value) -> Self {
                let value = std::sync::atomic::$name::new(value);
                Self { shared: Shared::new(Sim::here()), value }
            }

            /// The value.
            #[must_use]
            pub fn into_inner(self) -> $value {
                self.value.into_inner()
            }

            /// The value, which nobody else can have meanwhile.
            pub fn get_mut(&mut self) -> &mut $value {
                self.value.get_mut()
            }

            fn at(&self, operation: Operation) -> &std::sync::atomic::$name $(<$of>)? {
                self.shared.point(operation);
                &self.value
            }

            fn change(
                &self,
                operation: Operation,
                change: impl FnOnce($value) -> $value,
            ) -> $value {
                let value = self.at(operation);
                let before = value.load(Relaxed);
                value.store(change(before), Relaxed);
                before
            }

            /// Reads the value.
            ///
            /// # Panics
            /// The ordering is `Release` or `AcqRel`, as with std.
            pub fn load(&self, order: Ordering) -> $value {
                refuse(order, &[Release, AcqRel], "load");
                self.at(Operation::Load).load(Relaxed)
            }

            /// Writes the value.
            ///
            /// # Panics
            /// The ordering is `Acquire` or `AcqRel`, as with std.
            pub fn store(&self, value: $value, order: Ordering) {
                refuse(order, &[Acquire, AcqRel], "store");
                self.at(Operation::Store).store(value, Relaxed);
            }

            /// Writes `value` and returns the one before.
            pub fn swap(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::Swap, |_| value)
            }

            /// Writes `new` if the value is `current`.
            ///
            /// # Errors
            /// The value found, where it was not `current`.
            ///
            /// # Panics
            /// The ordering of a failure is `Release` or `AcqRel`, as with std.
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                _success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                refuse(failure, &[Release, AcqRel], "failed exchange");
                let keep = |found| if found == current { new } else { found };
                let found = self.change(Operation::CompareExchange, keep);
                if found == current { Ok(found) } else { Err(found) }
            }

            /// As [`compare_exchange`](Self::compare_exchange), but that it may also fail for no reason.
            ///
            /// # Errors
            /// The value found, whatever it was.
            ///
            /// # Panics
            /// The ordering of a failure is `Release` or `AcqRel`, as with std.
            pub fn compare_exchange_weak(
                &self,
                current: $value,
                new: $value,
                _success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                refuse(failure, &[Release, AcqRel], "failed exchange");
                let value = self.at(Operation::CompareExchange);
                let found = value.load(Relaxed);
                if self.shared.is_spurious() || found != current {
                    return Err(found);
                }
                value.store(new, Relaxed);
                Ok(found)
            }

            /// Puts what `change` makes of the value in its place, trying again while others are quicker.
            ///
            /// # Errors
            /// The value, where `change` gave none.
            pub fn fetch_update(
                &self,
                set: Ordering,
                fetch: Ordering,
                mut change: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut found = self.load(fetch);
                while let Some(new) = change(found) {
                    match self.compare_exchange_weak(found, new, set, fetch) {
                        Ok(before) => return Ok(before),
                        Err(other) => found = other,
                    }
                }
                Err(found)
            }
        }

        impl $(<$of>)? From<$value> for $name $(<$of>)? {
            fn from(value: $value) -> Self {
                Self::new(value)
            }
        }

        impl $(<$of>)? std::fmt::Debug for $name $(<$of>)? {
            /// Shows the value as it is now; no step of the schedule.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.value, f)
            }
        }
    };
}

/// What every atomic can do whose value is made of bits.
macro_rules! simulated_bits {
    ($name:ident, $value:ty) => {
        simulated_atomic!($name, $value);

        impl $name {
            /// Keeps the bits that are in both and returns the value before.
            pub fn fetch_and(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::FetchAnd, |before| before & value)
            }

            /// Keeps the bits that are not in both and returns the value before.
            pub fn fetch_nand(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::FetchNand, |before| !(before & value))
            }

            /// Keeps the bits that are in either and returns the value before.
            pub fn fetch_or(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::FetchOr, |before| before | value)
            }

            /// Keeps the bits that are in one of the two and returns the value before.
            pub fn fetch_xor(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::FetchXor, |before| before ^ value)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new(<$value>::default())
            }
        }
    };
}

/// What every integer can do besides.
macro_rules! simulated_integer {
    ($($name:ident, $value:ty;)*) => { $(
        simulated_bits!($name, $value);

        impl $name {
            /// Adds, wrapping around, and returns the value before.
            pub fn fetch_add(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::FetchAdd, |before| before.wrapping_add(value))
            }

            /// Subtracts, wrapping around, and returns the value before.
            pub fn fetch_sub(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::FetchSub, |before| before.wrapping_sub(value))
            }

            /// Keeps the larger and returns the value before.
            pub fn fetch_max(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::FetchMax, |before| before.max(value))
            }

            /// Keeps the smaller and returns the value before.
            pub fn fetch_min(&self, value: $value, _order: Ordering) -> $value {
                self.change(Operation::FetchMin, |before| before.min(value))
            }
        }
    )* };
}

simulated_bits!(AtomicBool, bool);

impl AtomicBool {
    /// Turns the value round and returns the one before.
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.fetch_xor(true, order)
    }
}

simulated_integer! {
    AtomicU8, u8;
    AtomicU16, u16;
    AtomicU32, u32;
    AtomicU64, u64;
    AtomicUsize, usize;
    AtomicI8, i8;
    AtomicI16, i16;
    AtomicI32, i32;
    AtomicI64, i64;
    AtomicIsize, isize;
}

simulated_atomic!(AtomicPtr<T>, *mut T);

impl<T> Default for AtomicPtr<T> {
    fn default() -> Self {
        Self::new(std::ptr::null_mut())
    }
}
