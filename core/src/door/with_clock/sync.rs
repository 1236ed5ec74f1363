//! The platform's own locks and atomics, and condition variables that wait by the other clock.

use super::WithClock;
use crate::door::{Clock, Condvar, Guard, Instant, SyncPrimitives, WaitOutcome};
use std::num::NonZeroUsize;

impl<P, C> SyncPrimitives for WithClock<P, C>
where
    P: SyncPrimitives + Clock + Clone + Send + Sync,
    C: Clock + Clone + Send + Sync + 'static,
{
    type Mutex<T: Send + 'static> = P::Mutex<T>;
    type Condvar = ReclockedCondvar<P, C>;
    type AtomicU64 = P::AtomicU64;
    type AtomicBool = P::AtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T> {
        self.platform.mutex(value)
    }

    fn condvar(&self) -> Self::Condvar {
        ReclockedCondvar { inner: self.platform.condvar(), on: self.clone() }
    }

    fn atomic_u64(&self, value: u64) -> Self::AtomicU64 {
        self.platform.atomic_u64(value)
    }

    fn atomic_bool(&self, value: bool) -> Self::AtomicBool {
        self.platform.atomic_bool(value)
    }

    fn parallelism(&self) -> NonZeroUsize {
        self.platform.parallelism()
    }
}

/// A condition variable of the platform `P`, whose deadlines are those of `C`.
pub struct ReclockedCondvar<P: SyncPrimitives, C> {
    inner: P::Condvar,
    on: WithClock<P, C>,
}

impl<P, C> Condvar<WithClock<P, C>> for ReclockedCondvar<P, C>
where
    P: SyncPrimitives + Clock + Clone + Send + Sync,
    C: Clock + Clone + Send + Sync + 'static,
{
    fn wait<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, WithClock<P, C>, T>,
    ) -> Guard<'a, WithClock<P, C>, T>
    where
        P::Mutex<T>: 'a,
    {
        self.inner.wait::<T>(guard)
    }

    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, WithClock<P, C>, T>,
        deadline: Instant,
    ) -> (Guard<'a, WithClock<P, C>, T>, WaitOutcome)
    where
        P::Mutex<T>: 'a,
    {
        let (guard, outcome) = self.inner.wait_until::<T>(guard, self.on.on_the_platform(deadline));
        match outcome {
            // Too early by the other clock. A wake-up for no reason is allowed, and who waits looks again.
            WaitOutcome::TimedOut if !self.on.is_over(deadline) => (guard, WaitOutcome::Woken),
            outcome => (guard, outcome),
        }
    }

    fn notify_one(&self) {
        self.inner.notify_one();
    }

    fn notify_all(&self) {
        self.inner.notify_all();
    }
}
