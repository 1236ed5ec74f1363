//! Threads that borrow from whoever starts them, with std's shape.

use super::{Builder, NAMELESS, Result, Thread, message};
use crate::engine::threads::{Scope, Sim, SimJoinHandle, scoped};
use crate::log::Name;
use std::io;
use std::marker::PhantomData;
use std::panic::Location;

/// As [`std::thread::ScopedJoinHandle`].
#[derive(Debug)]
pub struct ScopedJoinHandle<'scope, T> {
    inner: SimJoinHandle<T>,
    thread: Thread,
    scope: PhantomData<&'scope ()>,
}

/// Calls `body` with a scope in which threads can be started that borrow from here, and waits for all of them, also where `body`
/// panics.
///
/// As [`std::thread::scope`], but that a panic of one of the threads fails the run. Where a run ends early, the threads of the
/// scope are unwound before whoever opened it.
///
/// # Panics
/// `body` does; outside of a run.
///
/// ```
/// use retrip_sim::engine::{Setup, run};
/// use retrip_sim::seed::Seed;
/// use retrip_sim::thread;
///
/// let ended = run(Setup::of(Seed::new(7)), |_| {
///     let mut numbers = vec![1, 2, 3, 4];
///     let (left, right) = numbers.split_at_mut(2);
///     let sum = thread::scope(|scope| {
///         let theirs = scope.spawn(|| left.iter_mut().map(|number| { *number += 1; *number }).sum::<u32>());
///         right.iter().sum::<u32>() + theirs.join().unwrap()
///     });
///     assert_eq!((sum, numbers), (12, vec![2, 3, 3, 4]));
/// });
/// assert!(ended.failure.is_none());
/// ```
///
/// What lives within the scope cannot be borrowed by its threads, which may outlive it:
///
/// ```compile_fail
/// retrip_sim::thread::scope(|scope| {
///     let within = 1;
///     scope.spawn(|| assert_eq!(within, 1));
/// });
/// ```
#[track_caller]
pub fn scope<'env, F, T>(body: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    scoped(Sim::here(), Location::caller(), body)
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread that may borrow whatever outlives the scope.
    ///
    /// # Panics
    /// The run has as many threads as it may; in another run than the scope's, or outside of one.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, body: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        Builder::new().spawn_scoped(self, body).expect("failed to spawn thread")
    }
}

impl Builder {
    /// Starts a thread in `scope` that runs `body`.
    ///
    /// # Errors
    /// The run has as many threads as it may.
    ///
    /// # Panics
    /// In another run than the scope's, or outside of one.
    #[track_caller]
    pub fn spawn_scoped<'scope, F, T>(
        self,
        scope: &'scope Scope<'scope, '_>,
        body: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let name = self.name.map_or_else(|| Name::from(NAMELESS), Name::from);
        let inner = scope.start(name, body).map_err(io::Error::other)?;
        let thread = Thread { sim: Sim::here(), unit: inner.unit() };
        Ok(ScopedJoinHandle { inner, thread, scope: PhantomData })
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for the thread's end.
    ///
    /// # Errors
    /// It panicked; the error is the message. The run has failed then.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        self.inner.join_at(Some(Location::caller())).map_err(message)
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
