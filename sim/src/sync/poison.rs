//! The mark that a panic leaves on what it may have left half changed.

use crate::engine::threads::Sim;
use retrip_core::door::Spawn;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{LockResult, PoisonError};

/// Whether a thread panicked while it held the lock to change what is in it.
#[derive(Debug, Default)]
pub(super) struct Poison {
    /// Only simulated threads of one run write it, one at a time.
    there: AtomicBool,
}

/// Poisons its lock where it is dropped by a panic that began after it was made.
pub(super) struct Watch<'a> {
    poison: &'a Poison,
    panicked_before: bool,
}

impl Poison {
    pub(super) fn is_there(&self) -> bool {
        self.there.load(Relaxed)
    }

    pub(super) fn clear(&self) {
        self.there.store(false, Relaxed);
    }

    /// Watches over a guard that has just been given out.
    pub(super) fn watch(&self) -> Watch<'_> {
        Watch { poison: self, panicked_before: Sim::here().panicking() }
    }

    /// `value`, as an error where it is poisoned.
    pub(super) fn told<V>(&self, value: V) -> LockResult<V> {
        if self.is_there() { Err(PoisonError::new(value)) } else { Ok(value) }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.panicked_before && crate::thread::panicking() {
            self.poison.there.store(true, Relaxed);
        }
    }
}
