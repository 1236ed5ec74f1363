//! Locks, condition variables, atomics and joins whose every operation is a scheduling point.
//!
//! Each wraps the real thing (parking_lot, std's atomics), so that a value which travels to a foreign thread is never
//! undefined behaviour; who may go on is the scheduler's decision.

mod atomic;
mod condvar;
mod gate;
mod join;
mod mutex;
mod rwlock;
mod timer;

pub use atomic::{SimAtomicBool, SimAtomicU64};
pub use condvar::{LOST_NOTIFICATION, SimCondvar};
pub use join::SimJoinHandle;
pub use mutex::{SimGuard, SimMutex};
pub use rwlock::{SimReadGuard, SimRwLock, SimWriteGuard};
pub use timer::SimTimer;

pub(crate) use atomic::{Shared, refuse};
pub(crate) use gate::Gate;
pub(super) use join::{Packet, packet};
pub(super) use timer::Alarm;
