//! The programs, simulated.

use retrip_sim::sync::atomic::{AtomicU64, Ordering};
use retrip_sim::sync::{Arc, Barrier, Condvar, Mutex, Once, OnceLock, RwLock, mpsc};
use retrip_sim::thread;

#[path = "stage.rs"]
mod stage;
pub(crate) use stage::play;
