//! A condition variable with std's shape, whose timeouts race with notifications in virtual time.

use super::{LockResult, MutexGuard, PoisonError};
use crate::engine::threads::{Sim, SimCondvar};
use retrip_core::door::{self, Clock, Instant, SyncPrimitives, WaitOutcome};
use std::fmt;
use std::time::Duration;

/// As [`std::sync::Condvar`], of the run it is made in.
pub struct Condvar {
    sim: Sim,
    inner: SimCondvar,
}

/// Whether a wait with a time limit ended by it. As [`std::sync::WaitTimeoutResult`], which only std can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Whether the time was over.
    #[must_use]
    pub const fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    /// A condition variable that nobody waits for.
    ///
    /// # Panics
    /// Outside of a run.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        let sim = Sim::here();
        Self { sim, inner: sim.condvar() }
    }

    /// Unlocks, waits for a notification, and locks again.
    ///
    /// # Errors
    /// The mutex is poisoned; the error holds the guard all the same.
    #[track_caller]
    pub fn wait<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let (guard, _) = self.wait_until(guard, None);
        guard
    }

    /// Waits as long as `condition` says so.
    ///
    /// # Errors
    /// The mutex is poisoned; the error holds the guard all the same.
    #[track_caller]
    pub fn wait_while<'a, T: ?Sized>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut *guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// Waits for a notification, for `limit` at most.
    ///
    /// # Errors
    /// The mutex is poisoned; the error holds the guard and the result all the same.
    #[track_caller]
    pub fn wait_timeout<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
        limit: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let deadline = self.sim.now().saturating_add(limit);
        let (guard, outcome) = self.wait_until(guard, Some(deadline));
        let result = WaitTimeoutResult(outcome == WaitOutcome::TimedOut);
        match guard {
            Ok(guard) => Ok((guard, result)),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), result))),
        }
    }

    /// Waits as long as `condition` says so, for `limit` at most.
    ///
    /// # Errors
    /// The mutex is poisoned; the error holds the guard and the result all the same.
    #[track_caller]
    pub fn wait_timeout_while<'a, T: ?Sized>(
        &self,
        mut guard: MutexGuard<'a, T>,
        limit: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let deadline = self.sim.now().saturating_add(limit);
        loop {
            if !condition(&mut *guard) {
                return Ok((guard, WaitTimeoutResult(false)));
            }
            let left = deadline.saturating_duration_since(self.sim.now());
            if left.is_zero() {
                return Ok((guard, WaitTimeoutResult(true)));
            }
            guard = self.wait_timeout(guard, left)?.0;
        }
    }

    /// Wakes one of those who wait; which one is a choice of the schedule.
    pub fn notify_one(&self) {
        door::Condvar::notify_one(&self.inner);
    }

    /// Wakes all who wait.
    pub fn notify_all(&self) {
        door::Condvar::notify_all(&self.inner);
    }

    #[track_caller]
    fn wait_until<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
        deadline: Option<Instant>,
    ) -> (LockResult<MutexGuard<'a, T>>, WaitOutcome) {
        let (inner, mutex) = guard.into_parts();
        let (inner, outcome) = self.inner.wait_on(inner, deadline);
        (mutex.guarded(inner), outcome)
    }
}

impl Default for Condvar {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condvar").finish_non_exhaustive()
    }
}
