//! The platform of one run of a model: loom's locks and atomics, a clock that the model sets, and two stripes of counters.

use crate::Wrong;
use crate::atomic::Sited;
use loom::sync::{MutexGuard, atomic};
use retrip_core::door::{
    Carried, Clock, Condvar, Context, Disk, Guard, Instant, Mutex, Plant, Plants, Random, Spawn,
    SpawnError, Stream, SyncPrimitives, System, Timestamp, UnitNumber, WaitOutcome,
};
use std::cell::Cell;
use std::io;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};

/// Loom as a platform. Threads of a model are started with [`loom::thread::spawn`]; the breaker starts none.
#[derive(Clone, Copy)]
pub struct Loom {
    wrong: Wrong,
}

loom::thread_local! {
    /// Which stripe a thread counts in: the first one, where it does not say.
    static NUMBER: Cell<u64> = Cell::new(0);
}

/// From here on the calling thread counts in the other stripe.
pub(crate) fn counts_beside_the_first() {
    NUMBER.with(|number| number.set(1));
}

thread_local! {
    /// What the clock shows, in nanoseconds. Loom runs all threads of a model on one thread. What one of them sets is what the others
    /// read from there on, and nothing else becomes visible with it.
    static NOW: Cell<u64> = const { Cell::new(0) };
}

/// From here on the clock shows so many nanoseconds.
pub(crate) fn the_clock_shows(nanos: u64) {
    NOW.set(nanos);
}

impl Loom {
    /// For one run, whose clock begins to show 5.
    pub(crate) fn with(wrong: Wrong) -> Self {
        the_clock_shows(5);
        Self { wrong }
    }

    const fn sited<A>(self, atomic: A) -> Sited<A> {
        let weakened = match self.wrong {
            Wrong::Ordering(weakening) => Some(weakening),
            Wrong::Nothing | Wrong::Planted(_) => None,
        };
        Sited::new(atomic, weakened)
    }
}

impl Clock for Loom {
    fn now(&self) -> Instant {
        Instant::from_nanos(NOW.get())
    }

    fn wall(&self) -> Timestamp {
        Timestamp::EPOCH
    }
}

impl Plants for Loom {
    const PLANTS: bool = true;

    fn planted(&self, plant: Plant) -> bool {
        matches!(self.wrong, Wrong::Planted(planted) if planted == plant)
    }
}

/// loom's lock. Nothing panics under it in a model that holds.
pub struct Lock<T>(loom::sync::Mutex<T>);

impl<T: Send + 'static> Mutex<T> for Lock<T> {
    type Guard<'a> = MutexGuard<'a, T>;

    fn lock(&self) -> Self::Guard<'_> {
        self.0.lock().expect("nobody has panicked under the lock")
    }

    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        self.0.try_lock().ok()
    }
}

/// loom's condition variable, whose waits end with a notification only.
pub struct Bell(loom::sync::Condvar);

impl Condvar<Loom> for Bell {
    fn wait<'a, T: Send + 'static>(&self, guard: Guard<'a, Loom, T>) -> Guard<'a, Loom, T> {
        self.0.wait(guard).expect("nobody has panicked under the lock")
    }

    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, Loom, T>,
        _deadline: Instant,
    ) -> (Guard<'a, Loom, T>, WaitOutcome) {
        (self.wait::<T>(guard), WaitOutcome::Woken)
    }

    fn notify_one(&self) {
        self.0.notify_one();
    }

    fn notify_all(&self) {
        self.0.notify_all();
    }
}

impl SyncPrimitives for Loom {
    type Mutex<T: Send + 'static> = Lock<T>;
    type Condvar = Bell;
    type AtomicU64 = Sited<atomic::AtomicU64>;
    type AtomicBool = Sited<atomic::AtomicBool>;

    fn mutex<T: Send + 'static>(&self, value: T) -> Lock<T> {
        Lock(loom::sync::Mutex::new(value))
    }

    fn condvar(&self) -> Bell {
        Bell(loom::sync::Condvar::new())
    }

    fn atomic_u64(&self, value: u64) -> Self::AtomicU64 {
        self.sited(atomic::AtomicU64::new(value))
    }

    fn atomic_bool(&self, value: bool) -> Self::AtomicBool {
        self.sited(atomic::AtomicBool::new(value))
    }

    fn parallelism(&self) -> NonZeroUsize {
        NonZeroUsize::new(2).expect("it is not zero")
    }
}

impl Random for Loom {
    fn draw(&self, _stream: Stream, _bound: NonZeroU64) -> u64 {
        0
    }
}

impl Spawn for Loom {
    type JoinHandle<T: Send + 'static> = <System as Spawn>::JoinHandle<T>;
    type Unit = <System as Spawn>::Unit;
    type Timer = <System as Spawn>::Timer;

    fn spawn<T, F>(&self, _name: &str, _body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        Err(SpawnError::Bound { bound: 0 })
    }

    fn current(&self) -> Self::Unit {
        System.current()
    }

    fn park(&self) {
        loom::thread::yield_now();
    }

    fn park_until(&self, _deadline: Instant) {
        loom::thread::yield_now();
    }

    fn unpark(&self, _unit: &Self::Unit) {}

    fn yield_now(&self) {
        loom::thread::yield_now();
    }

    fn sleep_until(&self, _deadline: Instant) {
        loom::thread::yield_now();
    }

    fn timer(&self, deadline: Instant) -> Self::Timer {
        System.timer(deadline)
    }

    fn number(&self) -> UnitNumber {
        UnitNumber::new(NUMBER.with(Cell::get))
    }

    fn panicking(&self) -> bool {
        System.panicking()
    }
}

impl Context for Loom {
    fn swap(&self, carried: Carried) -> Carried {
        carried
    }
}

impl Disk for Loom {
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
