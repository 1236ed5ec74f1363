//! A platform that is the simulated one in everything but its monotonic clock, which shows what it is told to.

use retrip_core::door::{
    Carried, Clock, Condvar, Context, Disk, Guard, Instant, Plant, Plants, Random, Spawn,
    SpawnError, Stream, SyncPrimitives, Timestamp, UnitNumber, WaitOutcome,
};
use retrip_sim::engine::threads::Sim;
use std::io;
use std::num::NonZeroU64;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The simulated platform, with a clock of its own that writes down each reading.
#[derive(Clone)]
pub(super) struct Hostile {
    sim: Sim,
    hand: Arc<Mutex<Hand>>,
    reads: fn(&Sim, Instant),
}

/// Where the hand of the clock is.
#[derive(Clone, Copy, Debug)]
enum Hand {
    /// So many nanoseconds ahead of the simulated clock.
    Ahead(i128),
    StandsAt(Instant),
}

/// The last moment that a clock can show.
const END: Instant = Instant::from_nanos(u64::MAX);

impl Hand {
    fn shows(self, real: Instant) -> Instant {
        match self {
            Self::Ahead(nanos) => {
                let shown = i128::from(real.as_nanos()).saturating_add(nanos);
                Instant::from_nanos(u64::try_from(shown.max(0)).unwrap_or(u64::MAX))
            }
            Self::StandsAt(moment) => moment,
        }
    }
}

impl Hostile {
    /// A clock that goes with the simulated one until it is told otherwise. Each reading is told to `reads`.
    pub(super) fn new(sim: Sim, reads: fn(&Sim, Instant)) -> Self {
        Self { sim, hand: Arc::new(Mutex::new(Hand::Ahead(0))), reads }
    }

    /// From now on it goes on from `moment`.
    pub(super) fn goes_on_from(&self, moment: Instant) {
        let ahead = i128::from(moment.as_nanos()) - i128::from(self.sim.now().as_nanos());
        self.put(Hand::Ahead(ahead));
    }

    /// It jumps by so much, back or forward, and goes on from there.
    pub(super) fn jumps(&self, time: Duration, back: bool) {
        let shown = self.shows(self.sim.now());
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let there = if back {
            shown.as_nanos().saturating_sub(nanos)
        } else {
            shown.as_nanos().saturating_add(nanos)
        };
        self.goes_on_from(Instant::from_nanos(there));
    }

    /// It stands still where it is, or at its end.
    pub(super) fn stands(&self, at_its_end: bool) {
        let shown = self.shows(self.sim.now());
        self.put(Hand::StandsAt(if at_its_end { END } else { shown }));
    }

    fn shows(&self, real: Instant) -> Instant {
        self.hand.lock().expect("nobody panics within it").shows(real)
    }

    fn put(&self, hand: Hand) {
        *self.hand.lock().expect("nobody panics within it") = hand;
    }
}

impl Clock for Hostile {
    fn now(&self) -> Instant {
        let shown = self.shows(self.sim.now());
        (self.reads)(&self.sim, shown);
        shown
    }

    fn wall(&self) -> Timestamp {
        self.sim.wall()
    }
}

impl Random for Hostile {
    fn draw(&self, stream: Stream, bound: NonZeroU64) -> u64 {
        self.sim.draw(stream, bound)
    }
}

impl SyncPrimitives for Hostile {
    type Mutex<T: Send + 'static> = <Sim as SyncPrimitives>::Mutex<T>;
    type Condvar = HostileCondvar;
    type AtomicU64 = <Sim as SyncPrimitives>::AtomicU64;
    type AtomicBool = <Sim as SyncPrimitives>::AtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T> {
        self.sim.mutex(value)
    }

    fn condvar(&self) -> Self::Condvar {
        HostileCondvar(self.sim.condvar())
    }

    fn atomic_u64(&self, value: u64) -> Self::AtomicU64 {
        self.sim.atomic_u64(value)
    }

    fn atomic_bool(&self, value: bool) -> Self::AtomicBool {
        self.sim.atomic_bool(value)
    }
}

/// A condition variable of the simulated platform, by whose clock it waits.
pub(super) struct HostileCondvar(<Sim as SyncPrimitives>::Condvar);

impl Condvar<Hostile> for HostileCondvar {
    fn wait<'a, T: Send + 'static>(&self, guard: Guard<'a, Hostile, T>) -> Guard<'a, Hostile, T> {
        self.0.wait::<T>(guard)
    }

    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, Hostile, T>,
        deadline: Instant,
    ) -> (Guard<'a, Hostile, T>, WaitOutcome) {
        self.0.wait_until::<T>(guard, deadline)
    }

    fn notify_one(&self) {
        self.0.notify_one();
    }

    fn notify_all(&self) {
        self.0.notify_all();
    }
}

impl Spawn for Hostile {
    type JoinHandle<T: Send + 'static> = <Sim as Spawn>::JoinHandle<T>;
    type Unit = <Sim as Spawn>::Unit;
    type Timer = <Sim as Spawn>::Timer;

    fn spawn<T, F>(&self, name: &str, body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.sim.spawn(name, body)
    }

    fn current(&self) -> Self::Unit {
        self.sim.current()
    }

    fn park(&self) {
        self.sim.park();
    }

    fn park_until(&self, deadline: Instant) {
        self.sim.park_until(deadline);
    }

    fn unpark(&self, unit: &Self::Unit) {
        self.sim.unpark(unit);
    }

    fn yield_now(&self) {
        self.sim.yield_now();
    }

    fn sleep_until(&self, deadline: Instant) {
        self.sim.sleep_until(deadline);
    }

    fn timer(&self, deadline: Instant) -> Self::Timer {
        self.sim.timer(deadline)
    }

    fn number(&self) -> UnitNumber {
        self.sim.number()
    }

    fn panicking(&self) -> bool {
        self.sim.panicking()
    }
}

impl Context for Hostile {
    fn swap(&self, carried: Carried) -> Carried {
        self.sim.swap(carried)
    }
}

impl Disk for Hostile {
    type File = <Sim as Disk>::File;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        self.sim.append(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.sim.read(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.sim.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.sim.remove(path)
    }
}

impl Plants for Hostile {
    const PLANTS: bool = true;

    fn planted(&self, plant: Plant) -> bool {
        self.sim.planted(plant)
    }
}
