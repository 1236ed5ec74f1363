//! A platform for one test: clocks that stand until they are moved, plants, and a hook before each lock.

use retrip_core::door::{
    Carried, Clock, Condvar, Context, Disk, Guard, Instant, Mutex, Plant, Plants, Random, Spawn,
    SpawnError, Stream, SyncPrimitives, System, SystemFile, Timestamp, UnitNumber, WaitOutcome,
};
use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

type Hook = Arc<dyn Fn() + Send + Sync>;

/// The moment at which the wall clock stands: 2026-01-01T12:00:00Z.
const NOON: i128 = 1_767_268_800_000_000_000;

#[derive(Clone)]
pub(crate) struct Lab {
    nanos: Arc<AtomicU64>,
    plants: &'static [Plant],
    before_lock: Hook,
    refuses_rename: Arc<AtomicBool>,
    refuses_folder_syncs: Arc<AtomicBool>,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with_plants(&[])
    }

    pub(crate) fn with_plants(plants: &'static [Plant]) -> Self {
        Self {
            nanos: Arc::default(),
            plants,
            before_lock: Arc::new(|| ()),
            refuses_rename: Arc::default(),
            refuses_folder_syncs: Arc::default(),
        }
    }

    /// Runs `hook` before each lock of the mutexes made from now on.
    pub(crate) fn before_each_lock(self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        Self { before_lock: Arc::new(hook), ..self }
    }

    /// The next file that is to be renamed keeps its name.
    pub(crate) fn refuses_the_next_rename(&self) {
        self.refuses_rename.store(true, SeqCst);
    }

    /// From now on no name of a file is made durable.
    pub(crate) fn refuses_folder_syncs(&self) {
        self.refuses_folder_syncs.store(true, SeqCst);
    }

    /// Moves both clocks.
    pub(crate) fn advance(&self, nanos: u64) {
        self.nanos.fetch_add(nanos, SeqCst);
    }
}

impl Clock for Lab {
    fn now(&self) -> Instant {
        Instant::from_nanos(self.nanos.load(SeqCst))
    }

    fn wall(&self) -> Timestamp {
        Timestamp::from_unix_nanos(NOON + i128::from(self.nanos.load(SeqCst)))
    }
}

impl Plants for Lab {
    const PLANTS: bool = true;

    fn planted(&self, plant: Plant) -> bool {
        self.plants.contains(&plant)
    }
}

impl Context for Lab {
    fn swap(&self, carried: Carried) -> Carried {
        System.swap(carried)
    }
}

impl Random for Lab {
    fn draw(&self, stream: Stream, bound: NonZeroU64) -> u64 {
        System.draw(stream, bound)
    }
}

impl Disk for Lab {
    type File = SystemFile;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        System.append(path)
    }

    fn create_new(&self, path: &Path) -> io::Result<Self::File> {
        System.create_new(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Disk::read(&System, path)
    }

    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        System.read_at(path, offset, most)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.refuses_rename.swap(false, SeqCst) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        System.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        System.remove(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        System.list(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if self.refuses_folder_syncs.load(SeqCst) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        System.sync_folder(folder)
    }
}

impl Spawn for Lab {
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

    fn number(&self) -> UnitNumber {
        System.number()
    }

    fn panicking(&self) -> bool {
        System.panicking()
    }
}

pub(crate) struct LabMutex<T: Send + 'static> {
    inner: <System as SyncPrimitives>::Mutex<T>,
    before_lock: Hook,
}

impl<T: Send + 'static> Mutex<T> for LabMutex<T> {
    type Guard<'a> = Guard<'a, System, T>;

    fn lock(&self) -> Self::Guard<'_> {
        (self.before_lock)();
        Mutex::lock(&self.inner)
    }

    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        Mutex::try_lock(&self.inner)
    }
}

pub(crate) struct LabCondvar(<System as SyncPrimitives>::Condvar);

impl Condvar<Lab> for LabCondvar {
    fn wait<'a, T: Send + 'static>(&self, guard: Guard<'a, Lab, T>) -> Guard<'a, Lab, T> {
        Condvar::<System>::wait(&self.0, guard)
    }

    fn wait_until<'a, T: Send + 'static>(
        &self,
        guard: Guard<'a, Lab, T>,
        deadline: Instant,
    ) -> (Guard<'a, Lab, T>, WaitOutcome) {
        Condvar::<System>::wait_until(&self.0, guard, deadline)
    }

    fn notify_one(&self) {
        Condvar::<System>::notify_one(&self.0);
    }

    fn notify_all(&self) {
        Condvar::<System>::notify_all(&self.0);
    }
}

impl SyncPrimitives for Lab {
    type Mutex<T: Send + 'static> = LabMutex<T>;
    type Condvar = LabCondvar;
    type AtomicU64 = AtomicU64;
    type AtomicBool = AtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T> {
        LabMutex { inner: System.mutex(value), before_lock: self.before_lock.clone() }
    }

    fn condvar(&self) -> Self::Condvar {
        LabCondvar(System.condvar())
    }

    fn atomic_u64(&self, value: u64) -> Self::AtomicU64 {
        AtomicU64::new(value)
    }

    fn atomic_bool(&self, value: bool) -> Self::AtomicBool {
        AtomicBool::new(value)
    }
}
