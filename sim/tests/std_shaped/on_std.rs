//! The programs on std.
#![expect(
    clippy::disallowed_methods,
    reason = "it is what somebody wrote before there was a simulation"
)]

use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{
    Arc, Barrier, Condvar, LazyLock, Mutex, MutexGuard, Once, OnceLock, RwLock, RwLockWriteGuard,
    TryLockError, mpsc,
};
use std::thread;
use std::thread_local;
use std::time::{Duration, Instant};

#[path = "queue.rs"]
mod queue;
pub(super) use queue::{Queue, hand_over};
#[path = "shapes.rs"]
pub(super) mod shapes;
