//! The programs on std.
#![expect(clippy::disallowed_methods, reason = "real threads are what we are compared with")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, OnceLock, RwLock, mpsc};
use std::thread;

#[path = "stage.rs"]
mod stage;
pub(crate) use stage::play;
