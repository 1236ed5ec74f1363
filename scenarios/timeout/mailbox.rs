//! The code under test: a place for one reply, which is waited for with a deadline.

use crate::time::NANOSECOND;
use retrip_core::door::{Condvar, Guard, Instant, Mutex, Plant, Platform, Rules, WaitOutcome};

/// The waiting side looks for the reply, lets go of the lock, and then waits for a notification that may have been.
pub(crate) const LOST_WAKEUP: Plant = Plant::named("lost_wakeup");

/// The last nanosecond before the deadline counts as past it: who is woken in it gives up without a look.
pub(crate) const LAST_NANOSECOND_TOO_LATE: Plant = Plant::named("last_nanosecond_too_late");

/// What waiting for a reply came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited<T> {
    /// The reply was there, or it came and woke who waited.
    Received(T),
    /// Nothing woke who waited before the deadline, and then the reply was there.
    FoundAtLast(T),
    /// There is none.
    GaveUp,
}

/// Holds one reply until it is taken.
pub(crate) struct Mailbox<P: Platform, T: Send + 'static> {
    platform: P,
    slot: P::Mutex<Option<T>>,
    arrived: P::Condvar,
}

impl<P: Platform, T: Send + 'static> Mailbox<P, T> {
    /// An empty one.
    pub(crate) fn on(platform: P) -> Self {
        let (slot, arrived) = (platform.mutex(None), platform.condvar());
        Self { platform, slot, arrived }
    }

    /// Puts the reply in; gives it back where one is there already.
    pub(crate) fn put(&self, reply: T) -> Result<(), T> {
        let mut slot: Guard<'_, P, Option<T>> = self.slot.lock();
        if slot.is_some() {
            return Err(reply);
        }
        *slot = Some(reply);
        self.arrived.notify_one();
        Ok(())
    }

    /// Takes the reply out as soon as it is there; gives up at `deadline`, but not before a last look.
    pub(crate) fn take_until(&self, deadline: Instant) -> Waited<T> {
        if self.platform.broken_by(LOST_WAKEUP) {
            return self.take_carelessly(deadline);
        }
        let mut slot: Guard<'_, P, Option<T>> = self.slot.lock();
        loop {
            if self.is_hasty(deadline) {
                return Waited::GaveUp;
            }
            if let Some(reply) = slot.take() {
                return Waited::Received(reply);
            }
            let (again, outcome) = self.arrived.wait_until::<Option<T>>(slot, deadline);
            slot = again;
            if outcome == WaitOutcome::TimedOut {
                return slot.take().map_or(Waited::GaveUp, Waited::FoundAtLast);
            }
        }
    }

    /// Whether the planted clock hand is one nanosecond ahead and has come to the deadline.
    fn is_hasty(&self, deadline: Instant) -> bool {
        self.platform.broken_by(LAST_NANOSECOND_TOO_LATE)
            && self.platform.now().saturating_add(NANOSECOND) >= deadline
    }

    /// The planted way: what happens between the look and the wait is missed.
    fn take_carelessly(&self, deadline: Instant) -> Waited<T> {
        loop {
            let looked: Option<T> = self.slot.lock().take();
            if let Some(reply) = looked {
                return Waited::Received(reply);
            }
            let slot: Guard<'_, P, Option<T>> = self.slot.lock();
            let (_slot, outcome) = self.arrived.wait_until::<Option<T>>(slot, deadline);
            if outcome == WaitOutcome::TimedOut {
                return Waited::GaveUp;
            }
        }
    }
}
