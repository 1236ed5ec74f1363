//! The platform of one host: core's door, opened onto a run of async units.

use super::pause::Until;
use super::unit;
use super::world::World;
use super::{Cluster, Time};
use crate::clock::NodeClock;
use crate::log::{Cause, Name, What};
use retrip_core::door::{
    Carried, Clock, Context, Instant, Plant, Plants, Random, Stream, Timestamp, UnitNumber,
};
use std::fmt;
use std::future::{Future, poll_fn};
use std::num::NonZeroU64;
use std::panic::Location;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

/// One host of a simulated run, as code under test sees the world.
///
/// It is a handle; a clone is the same host. Its clocks, its streams of random numbers and its files are its own.
///
/// Nothing blocks on a host: all of them share one operating system thread, on which whoever waited for another unit would wait
/// for ever. What would block panics and says so.
#[derive(Clone)]
pub struct Host {
    pub(super) world: Arc<World>,
    pub(super) host: u32,
}

impl Host {
    /// The host at this place of the setup's list.
    ///
    /// # Panics
    /// There is no such host.
    pub(in crate::engine) fn at(world: &Arc<World>, place: usize) -> Self {
        let hosts = world.hosts();
        assert!(place < hosts, "host {place} of a run that has {hosts}");
        let host = u32::try_from(place).expect("a run has few hosts");
        Self { world: Arc::clone(world), host }
    }

    /// All hosts of its run.
    pub(crate) fn cluster(&self) -> Cluster {
        Cluster::new(Arc::clone(&self.world))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> Name {
        self.world.with(|inner| inner.nodes[self.host as usize].name.clone())
    }

    /// Writes an event into the log of the run, at this host's time.
    #[track_caller]
    pub fn record(&self, who: &Name, what: What) {
        self.record_as(unit::current(&self.world), who, what, Location::caller());
    }

    /// Like [`record`](Host::record), about what the unit numbered `by` did: somebody else may come to tell of it.
    ///
    /// # Panics
    /// The run has no such unit.
    #[track_caller]
    pub fn record_by(&self, by: UnitNumber, who: &Name, what: What) {
        let unit = usize::try_from(by.get()).expect("a unit's number is an index");
        self.record_as(unit, who, what, Location::caller());
    }

    fn record_as(&self, unit: usize, who: &Name, what: What, source: &'static Location<'static>) {
        let now = self.engine();
        self.world.with(|inner| inner.record((now, self.host, unit), who, what, source));
    }

    /// Waits for `duration` of this host's monotonic time, and never for less.
    pub async fn sleep(&self, duration: Duration) {
        self.pause(Until::After(duration)).await;
    }

    /// Calls `change` with this host's clock and the engine's time in nanoseconds: the clock is bent from now on. Whoever waits
    /// for a moment of it waits for that moment of the clock as it is then.
    pub fn change_clock<R>(&self, change: impl FnOnce(&mut NodeClock, u64) -> R) -> R {
        let now = self.engine();
        self.world.change_clock(self.host, |clock| change(clock, now))
    }

    /// Waits until the run is `at` old, by the engine's time, which no fault can touch.
    pub(crate) async fn sleep_until_engine(&self, at: Duration) {
        let at = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
        self.pause(Until::Engine(at)).await;
    }

    /// Where waits move the time: lets everything go first that this moment brings about.
    pub(crate) async fn lets_the_moment_pass(&self) {
        if self.world.time == Time::Waits {
            self.pause(Until::EndOf(self.engine())).await;
        }
    }

    /// Stalls the calling unit: it stands still while the clocks go on. Other units of the host go on as well.
    pub async fn stall(&self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        let until = self.engine().saturating_add(nanos);
        self.sleep_until_engine(Duration::from_nanos(until)).await;
    }

    /// What `future` ends with, or nothing where it has not ended when `duration` of this host's monotonic time is over: then it is
    /// dropped.
    pub async fn within<F: Future>(&self, duration: Duration, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut timer = self.pause(Until::Mono(self.now().saturating_add(duration)));
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            Pin::new(&mut timer).poll(context).map(|()| None)
        })
        .await
    }

    /// Lets other units that are ready go first.
    pub async fn give_way(&self) {
        let mut given = false;
        poll_fn(|context| {
            if given {
                return Poll::Ready(());
            }
            given = true;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// What the calling unit and those that it starts do from now on is brought about by `cause`.
    pub(crate) fn because(&self, cause: Option<Cause>) {
        let unit = unit::current(&self.world);
        self.world.with(|inner| inner.units[unit].cause = cause);
    }

    /// Engine time, in nanoseconds since the run began.
    pub(super) fn engine(&self) -> u64 {
        self.world.elapsed()
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Host").field(&self.host).finish()
    }
}

impl Clock for Host {
    fn now(&self) -> Instant {
        let now = self.engine();
        self.world.step_with(|inner| inner.nodes[self.host as usize].clock.mono(now))
    }

    fn wall(&self) -> Timestamp {
        let now = self.engine();
        self.world.step_with(|inner| inner.nodes[self.host as usize].clock.wall(now))
    }
}

impl Random for Host {
    fn draw(&self, stream: Stream, bound: NonZeroU64) -> u64 {
        self.world.step_with(|inner| {
            let name = &inner.nodes[self.host as usize].name;
            inner.choices.draw((self.host, name), stream.name(), bound)
        })
    }
}

impl Context for Host {
    fn swap(&self, carried: Carried) -> Carried {
        let unit = unit::current(&self.world);
        self.world.with(|inner| std::mem::replace(&mut inner.units[unit].carried, carried))
    }
}

impl Plants for Host {
    const PLANTS: bool = true;

    fn planted(&self, plant: Plant) -> bool {
        self.world.with(|inner| inner.planted(plant))
    }
}
