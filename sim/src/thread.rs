//! std's `thread`, for code that cannot be given a platform: simulated threads on the node of whoever starts them.
//!
//! See [`sync`](crate::sync) for what is different. Besides: a panic that ends a thread fails the run, and what
//! [`JoinHandle::join`] returns then is its message; and std's `thread_local!` is shared by all simulated threads:
//! [`retrip_sim::thread_local!`](crate::thread_local) is not. (Built with `--cfg retrip_os_threads`, each simulated thread is an
//! operating system thread and has std's to itself: code that counts on either is no code to simulate.)

mod local;
mod scoped;

pub use crate::engine::threads::Scope;
pub use local::{AccessError, LocalKey};
pub use scoped::{ScopedJoinHandle, scope};

use crate::engine::threads::{Sim, SimJoinHandle, SimUnit};
use crate::log::Name;
use crate::time::Instant;
use retrip_core::door::{self, Clock, JoinError, Spawn};
use std::any::Any;
use std::io;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::time::Duration;

/// As [`std::thread::Result`].
pub type Result<T> = std::result::Result<T, Box<dyn Any + Send + 'static>>;

/// As [`std::thread::ThreadId`]: no two threads of a run have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThreadId(SimUnit);

/// As [`std::thread::Thread`]: a thread, to be unparked. It has no `name`: names are for logs, where every thread has one
/// of its own.
#[derive(Clone, Debug)]
pub struct Thread {
    sim: Sim,
    unit: SimUnit,
}

/// As [`std::thread::JoinHandle`].
#[derive(Debug)]
pub struct JoinHandle<T> {
    inner: SimJoinHandle<T>,
    thread: Thread,
}

impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}

/// As [`std::thread::Builder`].
#[derive(Debug, Default)]
#[must_use = "a builder starts nothing until it spawns"]
pub struct Builder {
    name: Option<String>,
}

/// What threads without a name are called in a log.
const NAMELESS: &str = "thread";

impl Builder {
    /// A thread as [`spawn`] starts it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls it `name`. In logs, a second thread of that name is `name-2`.
    pub fn name(self, name: String) -> Self {
        Self { name: Some(name) }
    }

    /// Changes nothing: every simulated stack has 256 KiB.
    pub fn stack_size(self, _bytes: usize) -> Self {
        self
    }

    /// Starts a thread that runs `body`.
    ///
    /// # Errors
    /// The run has as many threads as it may.
    ///
    /// # Panics
    /// Outside of a run.
    #[track_caller]
    pub fn spawn<F, T>(self, body: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let sim = Sim::here();
        let name = self.name.map_or_else(|| Name::from(NAMELESS), Name::from);
        let inner = sim.spawn_named(name, body).map_err(io::Error::other)?;
        let thread = Thread { sim, unit: inner.unit() };
        Ok(JoinHandle { inner, thread })
    }
}

/// Starts a thread that runs `body`.
///
/// # Panics
/// The run has as many threads as it may; outside of a run.
#[track_caller]
pub fn spawn<F, T>(body: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new().spawn(body).expect("failed to spawn thread")
}

/// The calling thread.
///
/// # Panics
/// Outside of a run.
#[must_use]
#[track_caller]
pub fn current() -> Thread {
    let sim = Sim::here();
    Thread { sim, unit: sim.current() }
}

/// Lets others run first.
///
/// # Panics
/// Outside of a run.
#[track_caller]
pub fn yield_now() {
    Sim::here().yield_now();
}

/// Whether the calling thread unwinds because of a panic. Unlike [`std::thread::panicking`] it does not speak of the other
/// simulated threads. False outside of a run.
#[must_use]
pub fn panicking() -> bool {
    Sim::try_here().is_some_and(|sim| sim.panicking())
}

/// Blocks the calling thread for `duration` of its node's monotonic time.
///
/// # Panics
/// Outside of a run.
#[track_caller]
pub fn sleep(duration: Duration) {
    Sim::here().sleep(duration);
}

/// Blocks the calling thread until its node's monotonic clock shows `deadline`.
///
/// # Panics
/// Outside of a run.
#[track_caller]
pub fn sleep_until(deadline: Instant) {
    Sim::here().sleep_until(deadline.reading());
}

/// Waits for an unpark, of which one may have come before.
///
/// # Panics
/// Outside of a run.
#[track_caller]
pub fn park() {
    Sim::here().park();
}

/// Waits for an unpark, for `limit` at most.
///
/// # Panics
/// Outside of a run.
#[track_caller]
pub fn park_timeout(limit: Duration) {
    let sim = Sim::here();
    sim.park_until(sim.now().saturating_add(limit));
}

impl Thread {
    /// Lets it go on from its park, or not begin the next one.
    pub fn unpark(&self) {
        self.sim.unpark(&self.unit);
    }

    /// Its identity.
    #[must_use]
    pub fn id(&self) -> ThreadId {
        ThreadId(self.unit)
    }
}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end.
    ///
    /// # Errors
    /// It panicked; the error is the message. The run has failed then.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        door::JoinHandle::join(self.inner).map_err(message)
    }

    /// The thread.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    /// Whether the thread has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.inner.is_finished()
    }
}

/// What a join returns of a thread that panicked.
fn message(error: JoinError) -> Box<dyn Any + Send> {
    match error {
        JoinError::Panicked { message } => Box::new(message),
        other => Box::new(other.to_string()),
    }
}
