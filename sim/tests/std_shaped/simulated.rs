//! The same programs, simulated.

use retrip_sim::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use retrip_sim::sync::{
    Arc, Barrier, Condvar, LazyLock, Mutex, MutexGuard, Once, OnceLock, RwLock, RwLockWriteGuard,
    TryLockError, mpsc,
};
use retrip_sim::thread;
use retrip_sim::thread_local;
use retrip_sim::time::{Duration, Instant};

#[path = "queue.rs"]
mod queue;
pub(super) use queue::{Queue, hand_over};
#[path = "shapes.rs"]
pub(super) mod shapes;
