//! Units of a host: how they begin, and how others await their end.

use super::lock::would_block;
use super::unit::{self, Outcome, Polled};
use super::{Host, HostTimer};
use parking_lot::Mutex;
use retrip_core::door::{Instant, JoinError, JoinHandle, Spawn, SpawnError, UnitNumber};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Names a unit of a run on hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostUnit(pub(super) usize);

/// Where a unit leaves what it returned, and who waits for that.
struct Packet<T> {
    result: Option<Result<T, JoinError>>,
    /// Whether it was left, also once it has been taken.
    is_done: bool,
    waker: Option<Waker>,
}

/// Awaits the end of a unit. Dropped, it lets the unit go on.
///
/// Where the unit's host is killed it ends with [`JoinError::Gone`].
#[must_use = "a task is awaited, or left alone on purpose"]
pub struct Task<T> {
    packet: Arc<Mutex<Packet<T>>>,
}

impl Host {
    /// Starts a unit on this host, called `name`, or `name-2`, `name-3` ... where it is taken.
    ///
    /// A panic in it fails the run.
    pub fn start<T, F>(&self, name: &str, future: F) -> Task<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        self.start_boxed(name, Box::pin(future))
    }

    /// As [`Host::start`]; compiled once for each kind of result.
    fn start_boxed<T: Send + 'static>(
        &self,
        name: &str,
        future: Pin<Box<dyn Future<Output = T> + Send>>,
    ) -> Task<T> {
        let unit = self.add_unit(name);
        let packet = Arc::new(Mutex::new(Packet { result: None, is_done: false, waker: None }));
        let result = Arc::clone(&packet);
        let polled = Polled::new(Arc::clone(&self.world), unit, future);
        let leaves = Leaves(result);
        let work = async move {
            leaves.result(match polled.await {
                Outcome::Returned(value) => Ok(value),
                Outcome::Panicked(error) => Err(error),
            });
        };
        self.world.spawn(self.host, Box::pin(work));
        Task { packet }
    }

    /// Adds a unit that acts upon the same as whoever starts it.
    fn add_unit(&self, name: &str) -> usize {
        self.world.step();
        let by = unit::current(&self.world);
        self.world.with(|inner| {
            let cause = inner.units.get(by).and_then(|unit| unit.cause.clone());
            inner.add_unit(name, Some(self.host), cause)
        })
    }
}

/// Leaves the result of a unit in its packet; where the unit is dropped before its end, that it is gone.
struct Leaves<T>(Arc<Mutex<Packet<T>>>);

impl<T> Leaves<T> {
    fn result(&self, result: Result<T, JoinError>) {
        let waker = {
            let mut packet = self.0.lock();
            packet.result = Some(result);
            packet.is_done = true;
            packet.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Drop for Leaves<T> {
    fn drop(&mut self) {
        let is_done = self.0.lock().is_done;
        if !is_done {
            self.result(Err(JoinError::Gone));
        }
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut packet = self.packet.lock();
        if let Some(result) = packet.result.take() {
            return Poll::Ready(result);
        }
        packet.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// What [`Spawn::spawn`] returns on a host: the body runs in one piece, as a unit of its own.
pub struct HostJoinHandle<T>(Task<T>);

impl<T> JoinHandle<T> for HostJoinHandle<T> {
    #[track_caller]
    fn join(self) -> Result<T, JoinError> {
        let result = self.0.packet.lock().result.take();
        match result {
            Some(result) => result,
            None => would_block("joining what has not ended"),
        }
    }
}

impl Spawn for Host {
    type JoinHandle<T: Send + 'static> = HostJoinHandle<T>;
    type Unit = HostUnit;
    type Timer = HostTimer;

    fn spawn<T, F>(&self, name: &str, body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        Ok(HostJoinHandle(self.start(name, async move { body() })))
    }

    fn current(&self) -> Self::Unit {
        HostUnit(unit::current(&self.world))
    }

    #[track_caller]
    fn park(&self) {
        would_block("parking")
    }

    #[track_caller]
    fn park_until(&self, _deadline: Instant) {
        would_block("parking")
    }

    /// Nobody is ever parked here.
    fn unpark(&self, _unit: &Self::Unit) {
        self.world.step();
    }

    /// Nobody else can run before the poll has ended: who spins on this is stopped at the bound of the run.
    fn yield_now(&self) {
        self.world.step();
    }

    #[track_caller]
    fn sleep_until(&self, _deadline: Instant) {
        would_block("sleeping without an await")
    }

    fn timer(&self, deadline: Instant) -> Self::Timer {
        self.world.step();
        self.timer_until(deadline)
    }

    fn number(&self) -> UnitNumber {
        UnitNumber::new(unit::current(&self.world) as u64)
    }

    fn panicking(&self) -> bool {
        // A poll is never left in the middle of a panic.
        std::thread::panicking()
    }
}
