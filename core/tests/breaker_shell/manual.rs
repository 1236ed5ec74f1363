//! A platform for tests: its clocks move only when told, it panics only when told, and its lock refuses to be taken twice.

use retrip_core::door::{
    Carried, Clock, Condvar, Context, Disk, Guard, Instant, Mutex, Plant, Plants, Random, Spawn,
    SpawnError, Stream, SyncPrimitives, System, Timestamp, UnitNumber, WaitOutcome,
};
use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};

/// The hands of the platform; clones share them.
#[derive(Clone, Default)]
pub(crate) struct Manual {
    hands: Arc<Hands>,
    plant: Option<Plant>,
}

#[derive(Default)]
pub(crate) struct Hands {
    mono: AtomicU64,
    wall: AtomicI64,
    mono_readings: AtomicU64,
    wall_readings: AtomicU64,
    locks: AtomicU64,
    draws: AtomicU64,
    panicking: AtomicBool,
}

impl Manual {
    pub(crate) fn planted_with(plant: Plant) -> Self {
        Self { plant: Some(plant), ..Self::default() }
    }

    /// Both clocks show `seconds`.
    pub(crate) fn set_seconds(&self, seconds: u32) {
        self.set_nanos(u64::from(seconds) * 1_000_000_000);
        self.wall_jumps_to(seconds);
    }

    /// The monotonic clock shows `nanos`.
    pub(crate) fn set_nanos(&self, nanos: u64) {
        self.hands.mono.store(nanos, Relaxed);
    }

    /// The wall clock alone shows `seconds`.
    pub(crate) fn wall_jumps_to(&self, seconds: u32) {
        self.hands.wall.store(i64::from(seconds) * 1_000_000_000, Relaxed);
    }

    pub(crate) fn set_panicking(&self, panicking: bool) {
        self.hands.panicking.store(panicking, Relaxed);
    }

    /// How often a lock has been taken.
    pub(crate) fn locks(&self) -> u64 {
        self.hands.locks.load(Relaxed)
    }

    /// How often something has been drawn.
    pub(crate) fn draws(&self) -> u64 {
        self.hands.draws.load(Relaxed)
    }

    /// How often the monotonic and the wall clock have been read.
    pub(crate) fn readings(&self) -> (u64, u64) {
        (self.hands.mono_readings.load(Relaxed), self.hands.wall_readings.load(Relaxed))
    }
}

impl Clock for Manual {
    fn now(&self) -> Instant {
        self.hands.mono_readings.fetch_add(1, Relaxed);
        Instant::from_nanos(self.hands.mono.load(Relaxed))
    }

    fn wall(&self) -> Timestamp {
        self.hands.wall_readings.fetch_add(1, Relaxed);
        Timestamp::from_unix_nanos(self.hands.wall.load(Relaxed).into())
    }
}

impl Plants for Manual {
    const PLANTS: bool = true;

    fn planted(&self, plant: Plant) -> bool {
        self.plant == Some(plant)
    }
}

/// A lock for one thread: a second `lock` would wait for ever, and is a failure at once.
pub(crate) struct Lock<T>(parking_lot::Mutex<T>, Arc<Hands>);

impl<T: Send + 'static> Mutex<T> for Lock<T> {
    type Guard<'a> = parking_lot::MutexGuard<'a, T>;

    fn lock(&self) -> Self::Guard<'_> {
        self.1.locks.fetch_add(1, Relaxed);
        self.0.try_lock().expect("nothing runs under a lock that takes it again")
    }

    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        self.0.try_lock()
    }
}

pub(crate) struct Bell(parking_lot::Condvar);

impl Condvar<Manual> for Bell {
    fn wait<'a, T: Send + 'static>(&self, mut guard: Guard<'a, Manual, T>) -> Guard<'a, Manual, T> {
        self.0.wait(&mut guard);
        guard
    }

    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, Manual, T>,
        _deadline: Instant,
    ) -> (Guard<'a, Manual, T>, WaitOutcome) {
        (guard, WaitOutcome::TimedOut)
    }

    fn notify_one(&self) {
        self.0.notify_one();
    }

    fn notify_all(&self) {
        self.0.notify_all();
    }
}

impl SyncPrimitives for Manual {
    type Mutex<T: Send + 'static> = Lock<T>;
    type Condvar = Bell;
    type AtomicU64 = AtomicU64;
    type AtomicBool = AtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Lock<T> {
        Lock(parking_lot::Mutex::new(value), self.hands.clone())
    }

    fn condvar(&self) -> Bell {
        Bell(parking_lot::Condvar::new())
    }

    fn atomic_u64(&self, value: u64) -> AtomicU64 {
        AtomicU64::new(value)
    }

    fn atomic_bool(&self, value: bool) -> AtomicBool {
        AtomicBool::new(value)
    }
}

impl Random for Manual {
    fn draw(&self, _stream: Stream, _bound: NonZeroU64) -> u64 {
        self.hands.draws.fetch_add(1, Relaxed);
        0
    }
}

impl Spawn for Manual {
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

    fn park(&self) {}

    fn park_until(&self, _deadline: Instant) {}

    fn unpark(&self, unit: &Self::Unit) {
        System.unpark(unit);
    }

    fn yield_now(&self) {}

    fn sleep_until(&self, deadline: Instant) {
        self.set_nanos(deadline.as_nanos());
    }

    fn timer(&self, deadline: Instant) -> Self::Timer {
        System.timer(deadline)
    }

    fn number(&self) -> UnitNumber {
        System.number()
    }

    fn panicking(&self) -> bool {
        self.hands.panicking.load(Relaxed) || System.panicking()
    }
}

impl Context for Manual {
    fn swap(&self, carried: Carried) -> Carried {
        System.swap(carried)
    }
}

impl Disk for Manual {
    type File = <System as Disk>::File;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        System.append(path)
    }

    fn create_new(&self, path: &Path) -> io::Result<Self::File> {
        System.create_new(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        System.read(path)
    }

    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        System.read_at(path, offset, most)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        System.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        System.remove(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        System.list(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        System.sync_folder(folder)
    }
}
