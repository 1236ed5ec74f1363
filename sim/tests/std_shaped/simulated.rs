//! The same queue, simulated.

use retrip_sim::sync::atomic::{AtomicUsize, Ordering};
use retrip_sim::sync::{Arc, Condvar, Mutex, MutexGuard};
use retrip_sim::thread;
use retrip_sim::time::{Duration, Instant};

#[path = "queue.rs"]
mod queue;
pub(super) use queue::{Queue, hand_over};
