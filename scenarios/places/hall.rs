//! The code under test: calls as futures that wait for one of a few places, and that a time limit drops wherever they are.

use retrip_core::door::{Clock, Instant, Plant, Rules, Spawn};
use retrip_sim::engine::threads::Sim;
// In production this line says `tokio`.
use retrip_sim::sync::Semaphore;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// A call gives its place back by hand, once it has done its work: if it is cancelled before, nobody does.
pub(crate) const LEAKED_BY_CANCELLATION: Plant = Plant::named("leaked_by_cancellation");
/// Who cancels a call gives back a place for it, which the call gives back itself.
pub(crate) const GIVEN_BACK_TWICE: Plant = Plant::named("given_back_twice");
/// A call is cancelled in the last nanosecond before its limit.
pub(crate) const CANCELLED_TOO_EARLY: Plant = Plant::named("cancelled_too_early");
/// A call whose limit is over is cancelled without a look at whether it has done its work meanwhile.
pub(crate) const NO_LAST_LOOK: Plant = Plant::named("no_last_look");

/// What the hall tells of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It asks for a place within this limit, which begins now.
    Asks(Duration),
    /// It has a place and begins its work, which takes so long from now.
    Begins(Duration),
    /// It has done its work. It gives its place back after this.
    Ends,
    /// Its limit is over. It is dropped after this, and gives back what it has.
    IsCancelled,
    /// So many places are free.
    AreFree(usize),
}

/// A few places to work in.
pub(crate) struct Hall<F> {
    sim: Sim,
    places: Semaphore,
    tell: F,
}

impl<F: Fn(Told)> Hall<F> {
    /// A hall with so many places, which tells `tell` of its calls.
    pub(crate) fn new(sim: Sim, places: usize, tell: F) -> Self {
        Self { sim, places: Semaphore::new(places), tell }
    }

    /// Waits for a place and works in it for `takes`, both within `limit`: what is done exactly at its end is done in time.
    pub(crate) fn call(&self, takes: Duration, limit: Duration) {
        let until = self.sim.now().saturating_add(limit);
        (self.tell)(Told::Asks(limit));
        self.sim.block_on(self.within(until, self.work(takes)));
    }

    /// Counts the places that are free.
    pub(crate) fn count(&self) {
        (self.tell)(Told::AreFree(self.places.available_permits()));
    }

    async fn work(&self, takes: Duration) {
        let place = self.places.acquire().await.expect("nobody closes it");
        let until = self.sim.now().saturating_add(takes);
        (self.tell)(Told::Begins(takes));
        if self.sim.broken_by(LEAKED_BY_CANCELLATION) {
            place.forget();
            self.sim.timer(until).await;
            (self.tell)(Told::Ends);
            return self.places.add_permits(1);
        }
        self.sim.timer(until).await;
        (self.tell)(Told::Ends);
        drop(place);
    }

    /// Polls `call` until it is ready, or until its limit is over and it is not.
    async fn within(&self, until: Instant, call: impl Future<Output = ()>) {
        let mut call = pin!(call);
        let until = if self.sim.broken_by(CANCELLED_TOO_EARLY) {
            Instant::from_nanos(until.as_nanos().saturating_sub(1))
        } else {
            until
        };
        let mut limit = pin!(self.sim.timer(until));
        poll_fn(|context| {
            // The limit first: what the call has done when it is over is seen after.
            let is_over = limit.as_mut().poll(context).is_ready();
            let is_looked_at = !is_over || !self.sim.broken_by(NO_LAST_LOOK);
            if is_looked_at && call.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            if !is_over {
                return Poll::Pending;
            }
            (self.tell)(Told::IsCancelled);
            if self.sim.broken_by(GIVEN_BACK_TWICE) {
                self.places.add_permits(1);
            }
            Poll::Ready(())
        })
        .await;
    }
}
