//! std's `sync`, for code that cannot be given a platform: its locks and atomics with std's names and shapes, on
//! simulated threads.
//!
//! A program that says `use std::sync` becomes a simulated one by saying `use retrip_sim::sync`; so with
//! [`thread`](crate::thread) and [`time`](crate::time). A test compiles one program against both. What is different:
//!
//! - Everything belongs to the run it is made in, so that constructors are no `const fn` and panic outside of a run: a
//!   `static` would survive its run and tell the next one about it.
//! - Atomics are sequentially consistent whatever the ordering says, because only one simulated thread runs at a time.
//! - [`WaitTimeoutResult`], [`BarrierWaitResult`] and [`OnceState`] are types of ours, since nobody but std can make std's.
//! - A panic that ends a thread fails the run, whether or not somebody joins the thread.
//! - What may happen for no reason does in some runs of a scenario ([`Spurious`](crate::engine::Spurious)): a wait of a
//!   [`Condvar`] ends, an attempt at a lock fails, and so does a weak exchange.
//! - What is missing does not compile. std's own would block the operating system thread, and with it every simulated one.
//!
//! ```
//! use retrip_sim::engine::{Setup, run};
//! use retrip_sim::seed::Seed;
//! use retrip_sim::sync::{Arc, Condvar, Mutex};
//! use retrip_sim::thread;
//!
//! let ended = run(Setup::of(Seed::new(7)), |_| {
//!     let shared = Arc::new((Mutex::new(None), Condvar::new()));
//!     let theirs = Arc::clone(&shared);
//!     let giver = thread::spawn(move || {
//!         *theirs.0.lock().unwrap() = Some("given");
//!         theirs.1.notify_one();
//!     });
//!     let given = shared.1.wait_while(shared.0.lock().unwrap(), |value| value.is_none()).unwrap();
//!     assert_eq!(*given, Some("given"));
//!     drop(given);
//!     giver.join().unwrap();
//! });
//! assert!(ended.failure.is_none());
//! ```

pub mod atomic;
mod barrier;
mod condvar;
pub mod mpsc;
mod mutex;
mod once;
mod once_lock;
pub mod oneshot;
mod poison;
mod rwlock;
mod semaphore;

pub use barrier::{Barrier, BarrierWaitResult};
pub use condvar::{Condvar, WaitTimeoutResult};
pub use mutex::{Mutex, MutexGuard};
pub use once::{Once, OnceState};
pub use once_lock::{LazyLock, OnceLock};
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use semaphore::{
    AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit, TryAcquireError,
};
pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult, Weak};
