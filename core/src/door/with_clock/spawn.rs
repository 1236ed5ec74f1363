//! The platform's own units, which sleep by the other clock.

use super::WithClock;
use crate::door::{Clock, Instant, Spawn, SpawnError, UnitNumber};
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

impl<P, C> Spawn for WithClock<P, C>
where
    P: Spawn + Clock + Clone + Send + 'static,
    C: Clock + Clone + Send + 'static,
{
    type JoinHandle<T: Send + 'static> = P::JoinHandle<T>;
    type Unit = P::Unit;
    type Timer = ReclockedTimer<P, C>;

    fn spawn<T, F>(&self, name: &str, body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.platform.spawn(name, body)
    }

    fn current(&self) -> Self::Unit {
        self.platform.current()
    }

    fn park(&self) {
        self.platform.park();
    }

    /// May return early by the clock: for no reason, as any park may.
    fn park_until(&self, deadline: Instant) {
        self.platform.park_until(self.on_the_platform(deadline));
    }

    fn unpark(&self, unit: &Self::Unit) {
        self.platform.unpark(unit);
    }

    fn yield_now(&self) {
        self.platform.yield_now();
    }

    fn sleep_until(&self, deadline: Instant) {
        while !self.is_over(deadline) {
            self.platform.sleep_until(self.on_the_platform(deadline));
        }
    }

    fn timer(&self, deadline: Instant) -> Self::Timer {
        let inner = self.platform.timer(self.on_the_platform(deadline));
        ReclockedTimer { inner, deadline, on: self.clone() }
    }

    #[inline]
    fn number(&self) -> UnitNumber {
        self.platform.number()
    }

    #[inline]
    fn panicking(&self) -> bool {
        self.platform.panicking()
    }
}

pin_project! {
    /// A timer of the platform `P`, which is set again while `C` does not show the deadline.
    pub struct ReclockedTimer<P: Spawn, C> {
        #[pin]
        inner: P::Timer,
        deadline: Instant,
        on: WithClock<P, C>,
    }
}

impl<P, C> Future for ReclockedTimer<P, C>
where
    P: Spawn + Clock,
    C: Clock,
{
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut timer = self.project();
        loop {
            ready!(timer.inner.as_mut().poll(context));
            if timer.on.is_over(*timer.deadline) {
                return Poll::Ready(());
            }
            let rest = timer.on.on_the_platform(*timer.deadline);
            timer.inner.set(timer.on.platform.timer(rest));
        }
    }
}
