//! Units of execution: start one, wait, park, sleep, and ask whether this one is panicking.

use super::Instant;
use std::fmt::Debug;
use std::future::Future;
use std::io;

/// The platform's units of execution: operating system threads, or simulated ones.
pub trait Spawn {
    /// Waits for a unit's end and its result.
    type JoinHandle<T: Send + 'static>: JoinHandle<T>;
    /// Names a unit, so that another can unpark it.
    type Unit: Clone + Eq + Debug + Send + Sync + 'static;
    /// Completes at or after a deadline.
    type Timer: Future<Output = ()> + Send + 'static;

    /// Starts a unit named `name` that runs `body`.
    ///
    /// # Errors
    /// The platform has no room for another unit.
    fn spawn<T, F>(&self, name: &str, body: F) -> Result<Self::JoinHandle<T>, SpawnError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static;

    /// The unit that asks.
    fn current(&self) -> Self::Unit;

    /// Waits for an [`unpark`](Spawn::unpark) of this unit; one that came before counts, once. May also return for no
    /// reason.
    fn park(&self);

    /// Like [`park`](Spawn::park), and gives up at `deadline`, never earlier.
    fn park_until(&self, deadline: Instant);

    /// Ends a park of `unit`, or its next one.
    fn unpark(&self, unit: &Self::Unit);

    /// Lets others run.
    fn yield_now(&self);

    /// Blocks this unit until `deadline`, never less.
    fn sleep_until(&self, deadline: Instant);

    /// A future that completes at `deadline`, never earlier, on any executor.
    fn timer(&self, deadline: Instant) -> Self::Timer;

    /// The number of the unit that asks, for events that say who brought them about.
    fn number(&self) -> UnitNumber;

    /// Whether this unit is unwinding. Ask the platform, not [`std::thread::panicking`]: several simulated units share
    /// one operating system thread.
    fn panicking(&self) -> bool;
}

/// Tells units of execution of one platform apart, for as long as they all live. It says nothing about their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitNumber(u64);

impl UnitNumber {
    /// The unit that the platform gave `number`.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number that the platform gave.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// Waits for a unit's end.
pub trait JoinHandle<T> {
    /// Waits until the unit ends, and returns what its body returned.
    ///
    /// # Errors
    /// The body panicked.
    fn join(self) -> Result<T, JoinError>;
}

/// Why there is no result of a unit of execution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// The body panicked with this message.
    #[error("the joined unit panicked: {message}")]
    Panicked {
        /// The message of the panic; empty where the payload is not a string.
        message: String,
    },
}

/// Why a unit of execution could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpawnError {
    /// The operating system refused.
    #[error("the system refuses another thread: {0}")]
    Refused(#[from] io::Error),
    /// The simulated run has reached its bound on threads.
    #[error("the run has reached its bound of {bound} threads")]
    Bound {
        /// The most threads that one run may start.
        bound: usize,
    },
}
