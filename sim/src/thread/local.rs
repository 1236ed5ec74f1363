//! Slots that each simulated thread has for itself, with std's shape.

use crate::engine::threads::{Local, Sim};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use thiserror::Error;

/// As [`std::thread::LocalKey`]: a slot of which each simulated thread has its own, made by
/// [`retrip_sim::thread_local!`](crate::thread_local).
///
/// A value is made when its thread first uses it and dropped at the end of that thread, as part of it: whoever joins the thread
/// waits for that. The last one made is dropped first. To use a slot is no scheduling point, since nobody else can see it.
pub struct LocalKey<T: 'static> {
    make: fn() -> T,
}

/// As [`std::thread::AccessError`]: the value was dropped, because its thread ends.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("already destroyed")]
pub struct AccessError;

/// As [`std::thread_local!`], for simulated threads.
///
/// ```
/// use retrip_sim::engine::{Setup, run};
/// use retrip_sim::seed::Seed;
/// use retrip_sim::thread;
/// use std::cell::Cell;
///
/// retrip_sim::thread_local! {
///     static CALLS: Cell<u32> = const { Cell::new(0) };
/// }
///
/// let ended = run(Setup::of(Seed::new(7)), |_| {
///     CALLS.set(3);
///     assert_eq!(thread::spawn(|| CALLS.get()).join().unwrap(), 0);
///     assert_eq!(CALLS.replace(4), 3);
/// });
/// assert!(ended.failure.is_none());
/// ```
#[macro_export]
macro_rules! thread_local {
    () => {};
    ($(#[$meta:meta])* $visibility:vis static $name:ident: $type:ty = const $make:block $(; $($rest:tt)*)?) => {
        $crate::thread_local!($(#[$meta])* $visibility static $name: $type = $make $(; $($rest)*)?);
    };
    ($(#[$meta:meta])* $visibility:vis static $name:ident: $type:ty = $make:expr $(; $($rest:tt)*)?) => {
        $(#[$meta])*
        $visibility static $name: $crate::thread::LocalKey<$type> = {
            fn make() -> $type {
                $make
            }
            $crate::thread::LocalKey::made_by(make)
        };
        $($crate::thread_local!($($rest)*);)?
    };
}

impl<T: 'static> LocalKey<T> {
    /// A slot whose values `make` makes: for [`retrip_sim::thread_local!`](crate::thread_local).
    #[doc(hidden)]
    #[must_use]
    pub const fn made_by(make: fn() -> T) -> Self {
        Self { make }
    }

    /// Calls `f` with the calling thread's value.
    ///
    /// # Panics
    /// The thread ends and has dropped its value; outside of a run.
    #[track_caller]
    pub fn with<F, R>(&'static self, f: F) -> R
    where
        F: FnOnce(&T) -> R,
    {
        self.try_with(f)
            .expect("cannot access a Thread Local Storage value during or after destruction")
    }

    /// Calls `f` with the calling thread's value.
    ///
    /// # Errors
    /// The thread ends and has dropped its value.
    ///
    /// # Panics
    /// Outside of a run.
    #[track_caller]
    pub fn try_with<F, R>(&'static self, f: F) -> Result<R, AccessError>
    where
        F: FnOnce(&T) -> R,
    {
        let sim = Sim::here();
        let key = std::ptr::from_ref(self).addr();
        let value = match sim.local(key) {
            Local::Value(value) => value.downcast().expect("a slot holds what its key made"),
            Local::Dropped => return Err(AccessError),
            Local::Unused => {
                let value = Rc::new((self.make)());
                sim.set_local(key, Rc::<T>::clone(&value));
                value
            }
        };
        Ok(f(&value))
    }
}

impl<T: 'static> LocalKey<Cell<T>> {
    /// Puts `value` into the slot.
    #[track_caller]
    pub fn set(&'static self, value: T) {
        self.with(|cell| cell.set(value));
    }

    /// A copy of the value.
    #[track_caller]
    pub fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.with(Cell::get)
    }

    /// Takes the value and leaves the default.
    #[track_caller]
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(Cell::take)
    }

    /// Puts `value` into the slot and returns the one before.
    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T: 'static> LocalKey<RefCell<T>> {
    /// Calls `f` with what is in the cell.
    ///
    /// # Panics
    /// As [`with`](Self::with), or the cell is borrowed to be changed.
    #[track_caller]
    pub fn with_borrow<F, R>(&'static self, f: F) -> R
    where
        F: FnOnce(&T) -> R,
    {
        self.with(|cell| f(&cell.borrow()))
    }

    /// Calls `f` with what is in the cell, to be changed.
    ///
    /// # Panics
    /// As [`with`](Self::with), or the cell is borrowed.
    #[track_caller]
    pub fn with_borrow_mut<F, R>(&'static self, f: F) -> R
    where
        F: FnOnce(&mut T) -> R,
    {
        self.with(|cell| f(&mut cell.borrow_mut()))
    }

    /// Puts `value` into the cell.
    ///
    /// # Panics
    /// As [`with`](Self::with), or the cell is borrowed.
    #[track_caller]
    pub fn set(&'static self, value: T) {
        self.with(|cell| drop(cell.replace(value)));
    }

    /// Takes the value and leaves the default.
    ///
    /// # Panics
    /// As [`with`](Self::with), or the cell is borrowed.
    #[track_caller]
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(RefCell::take)
    }

    /// Puts `value` into the cell and returns the one before.
    ///
    /// # Panics
    /// As [`with`](Self::with), or the cell is borrowed.
    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T: 'static> fmt::Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").finish_non_exhaustive()
    }
}
