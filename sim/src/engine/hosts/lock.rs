//! Locks of a host: never waited for, because whoever holds one would never go on.

use super::Host;
use retrip_core::door::{Condvar, Guard, Instant, Mutex, SyncPrimitives, WaitOutcome};
use std::sync::atomic::{AtomicBool, AtomicU64};

/// A mutex of a host.
///
/// All units share one operating system thread, and one that is polled is not interrupted: a lock that is held when somebody asks
/// for it is held by whoever asks, or across an await. Both would never end.
#[derive(Debug)]
pub struct HostMutex<T> {
    host: Host,
    value: parking_lot::Mutex<T>,
}

/// A condition variable of a host, which can be notified and not be waited for.
#[derive(Debug)]
pub struct HostCondvar {
    host: Host,
}

/// Says that `what` would stop every host, at the line that asked for it.
#[track_caller]
pub(super) fn would_block(what: &str) -> ! {
    panic!(
        "{what} would block the one thread that all simulated hosts share: await what there is an async form of, or use the \
         thread engine"
    )
}

impl<T: Send + 'static> Mutex<T> for HostMutex<T> {
    type Guard<'a> = parking_lot::MutexGuard<'a, T>;

    #[track_caller]
    fn lock(&self) -> Self::Guard<'_> {
        self.host.world.step();
        match self.value.try_lock() {
            Some(guard) => guard,
            None => would_block(
                "a lock that is held already, by the unit that asks for it or across an await,",
            ),
        }
    }

    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        self.host.world.step();
        self.value.try_lock()
    }
}

impl Condvar<Host> for HostCondvar {
    #[track_caller]
    fn wait<'a, T: Send + 'static>(&self, _guard: Guard<'a, Host, T>) -> Guard<'a, Host, T>
    where
        HostMutex<T>: 'a,
    {
        would_block("waiting for a condition variable")
    }

    #[track_caller]
    fn wait_until<'a, T: Send + 'static>(
        &self,
        _guard: Guard<'a, Host, T>,
        _deadline: Instant,
    ) -> (Guard<'a, Host, T>, WaitOutcome)
    where
        HostMutex<T>: 'a,
    {
        would_block("waiting for a condition variable")
    }

    fn notify_one(&self) {
        self.host.world.step();
    }

    fn notify_all(&self) {
        self.host.world.step();
    }
}

impl SyncPrimitives for Host {
    type Mutex<T: Send + 'static> = HostMutex<T>;
    type Condvar = HostCondvar;
    type AtomicU64 = AtomicU64;
    type AtomicBool = AtomicBool;

    fn mutex<T: Send + 'static>(&self, value: T) -> Self::Mutex<T> {
        HostMutex { host: self.clone(), value: parking_lot::Mutex::new(value) }
    }

    fn condvar(&self) -> Self::Condvar {
        HostCondvar { host: self.clone() }
    }

    fn atomic_u64(&self, value: u64) -> Self::AtomicU64 {
        AtomicU64::new(value)
    }

    fn atomic_bool(&self, value: bool) -> Self::AtomicBool {
        AtomicBool::new(value)
    }
}
