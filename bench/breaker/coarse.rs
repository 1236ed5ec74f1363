//! The system, with the coarse monotonic clock: it is read in a few nanoseconds and moves every few milliseconds.
//!
//! Whoever waits for seconds loses nothing by it. The production platform does not offer it; this is what it would cost.

use retrip_core::door::{
    Carried, Clock, Condvar, Context, Disk, Guard, Instant, Plant, Plants, Random, Spawn,
    SpawnError, Stream, SyncPrimitives, System, Timestamp, UnitNumber, WaitOutcome,
};
use rustix::time::{ClockId, clock_gettime};
use std::io;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::Path;
use std::time::Duration;

/// The platform.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coarse;

impl Clock for Coarse {
    #[inline]
    fn now(&self) -> Instant {
        let shown = clock_gettime(ClockId::MonotonicCoarse);
        let seconds = Duration::from_secs(shown.tv_sec.unsigned_abs());
        let nanos = Duration::from_nanos(shown.tv_nsec.unsigned_abs());
        Instant::ORIGIN.saturating_add(seconds + nanos)
    }

    fn wall(&self) -> Timestamp {
        System.wall()
    }
}

impl Plants for Coarse {
    const PLANTS: bool = false;

    fn planted(&self, plant: Plant) -> bool {
        System.planted(plant)
    }
}

/// Nobody waits for a notification here.
pub(crate) struct Unused;

impl Condvar<Coarse> for Unused {
    fn wait<'a, T: Send + 'static>(&self, guard: Guard<'a, Coarse, T>) -> Guard<'a, Coarse, T>
    where
        <Coarse as SyncPrimitives>::Mutex<T>: 'a,
    {
        guard
    }

    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, Coarse, T>,
        _deadline: Instant,
    ) -> (Guard<'a, Coarse, T>, WaitOutcome)
    where
        <Coarse as SyncPrimitives>::Mutex<T>: 'a,
    {
        (guard, WaitOutcome::TimedOut)
    }

    fn notify_one(&self) {}

    fn notify_all(&self) {}
}

impl SyncPrimitives for Coarse {
    type Mutex<T: Send + 'static> = <System as SyncPrimitives>::Mutex<T>;
    type Condvar = Unused;
    type AtomicU64 = <System as SyncPrimitives>::AtomicU64;
    type AtomicBool = <System as SyncPrimitives>::AtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T> {
        System.mutex(value)
    }

    fn condvar(&self) -> Unused {
        Unused
    }

    fn atomic_u64(&self, value: u64) -> Self::AtomicU64 {
        System.atomic_u64(value)
    }

    fn atomic_bool(&self, value: bool) -> Self::AtomicBool {
        System.atomic_bool(value)
    }

    fn parallelism(&self) -> NonZeroUsize {
        System.parallelism()
    }
}

impl Random for Coarse {
    fn draw(&self, stream: Stream, bound: NonZeroU64) -> u64 {
        System.draw(stream, bound)
    }
}

impl Spawn for Coarse {
    type JoinHandle<T: Send + 'static> = <System as Spawn>::JoinHandle<T>;
    type Unit = <System as Spawn>::Unit;
    type Timer = <System as Spawn>::Timer;

    fn spawn<T, F>(&self, name: &str, body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        System.spawn(name, body)
    }

    fn current(&self) -> Self::Unit {
        System.current()
    }

    fn park(&self) {
        System.park();
    }

    fn park_until(&self, deadline: Instant) {
        System.park_until(deadline);
    }

    fn unpark(&self, unit: &Self::Unit) {
        System.unpark(unit);
    }

    fn yield_now(&self) {
        System.yield_now();
    }

    fn sleep_until(&self, deadline: Instant) {
        System.sleep_until(deadline);
    }

    fn timer(&self, deadline: Instant) -> Self::Timer {
        System.timer(deadline)
    }

    #[inline]
    fn number(&self) -> UnitNumber {
        System.number()
    }

    #[inline]
    fn panicking(&self) -> bool {
        System.panicking()
    }
}

impl Context for Coarse {
    fn swap(&self, carried: Carried) -> Carried {
        System.swap(carried)
    }
}

impl Disk for Coarse {
    type File = <System as Disk>::File;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        System.append(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        System.read(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        System.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        System.remove(path)
    }
}
