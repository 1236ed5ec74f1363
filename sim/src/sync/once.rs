//! What is done once and for all, with std's shape.

use crate::engine::threads::{Gate, Operation, Reason, Sim};
use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// As [`std::sync::Once`], of the run it is made in.
///
/// Each call is a scheduling point. Who does it is the schedule's choice; the others wait for that thread, which a deadlock
/// names. A thread that calls from within what it does waits for itself.
pub struct Once {
    gate: Gate,
    /// Only simulated threads of one run write it, one at a time.
    state: AtomicU8,
}

/// As [`std::sync::OnceState`], which only std can make.
#[derive(Debug)]
pub struct OnceState {
    before: u8,
}

const TO_DO: u8 = 0;
const POISONED: u8 = 1;
const DONE: u8 = 2;

// As with std: what a panic left undone is seen as such.
impl UnwindSafe for Once {}
impl RefUnwindSafe for Once {}

impl OnceState {
    /// Whether an earlier attempt panicked.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.before == POISONED
    }
}

/// Ends an attempt: poisoned, unless it came to its end.
struct Attempt<'a> {
    once: &'a Once,
    after: u8,
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.once.state.store(self.after, Relaxed);
        self.once.gate.open();
    }
}

impl Once {
    /// Nothing is done yet.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        Self { gate: Gate::new(Sim::here()), state: AtomicU8::new(TO_DO) }
    }

    /// Calls `f`, unless somebody has: then returns once that is done.
    ///
    /// # Panics
    /// An earlier call panicked; in another run than its own, or outside of one.
    #[track_caller]
    pub fn call_once<F: FnOnce()>(&self, f: F) {
        self.attempt(Location::caller(), |state| {
            assert!(!state.is_poisoned(), "Once instance has previously been poisoned");
            f();
        });
    }

    /// Calls `f` also where an earlier call panicked, and tells it so.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    #[track_caller]
    pub fn call_once_force<F: FnOnce(&OnceState)>(&self, f: F) {
        self.attempt(Location::caller(), f);
    }

    /// Whether it is done.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.gate.point(Operation::Load);
        self.is_done()
    }

    /// Waits until somebody has done it.
    ///
    /// # Panics
    /// A call has panicked; in another run than its own, or outside of one.
    #[track_caller]
    pub fn wait(&self) {
        let state = self.wait_at(Location::caller());
        assert!(!state.is_poisoned(), "Once instance has previously been poisoned");
    }

    /// Waits until somebody has done it, whether or not earlier calls panicked.
    ///
    /// # Panics
    /// In another run than its own, or outside of one.
    #[track_caller]
    pub fn wait_force(&self) {
        self.wait_done_at(Location::caller());
    }

    /// Waits until it is done.
    pub(super) fn wait_done_at(&self, at: &'static Location<'static>) {
        while self.wait_at(at).is_poisoned() {
            self.gate.wait(Reason::Initialisation, None, at);
        }
    }

    /// Waits until it is done or poisoned.
    fn wait_at(&self, at: &'static Location<'static>) -> OnceState {
        self.gate.point(Operation::Load);
        while self.state.load(Relaxed) == TO_DO {
            self.gate.wait(Reason::Initialisation, None, at);
        }
        OnceState { before: self.state.load(Relaxed) }
    }

    /// Calls `f`, unless it is done, as the only one who does; a panic poisons it.
    pub(super) fn attempt(&self, at: &'static Location<'static>, f: impl FnOnce(&OnceState)) {
        self.gate.point(Operation::Initialise);
        while !self.is_done() {
            if self.gate.take() {
                let before = self.state.swap(TO_DO, Relaxed);
                let mut attempt = Attempt { once: self, after: POISONED };
                f(&OnceState { before });
                // Others may come while it is not yet seen to be done.
                self.gate.point(Operation::Store);
                attempt.after = DONE;
                return;
            }
            self.gate.wait(Reason::Initialisation, None, at);
        }
    }

    /// Whether it is done; no scheduling point.
    pub(super) fn is_done(&self) -> bool {
        self.state.load(Relaxed) == DONE
    }

    /// From now on it is to be done again.
    pub(super) fn reset(&mut self) {
        *self.state.get_mut() = TO_DO;
    }
}

impl Default for Once {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").finish_non_exhaustive()
    }
}
