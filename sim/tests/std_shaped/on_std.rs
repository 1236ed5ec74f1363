//! The queue on std.
#![expect(
    clippy::disallowed_methods,
    reason = "it is what somebody wrote before there was a simulation"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

#[path = "queue.rs"]
mod queue;
pub(super) use queue::{Queue, hand_over};
