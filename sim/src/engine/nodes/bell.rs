//! madsim's time, and whom it comes back for.

use crate::engine::hosts::{SetTimer, World};
use madsim::time::{Instant, TimeHandle};
use parking_lot::Mutex;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

/// Tells madsim's time, and comes back where none of its timers can: they go off in the middle of madsim, where none can be set, and
/// none is set for a moment that has come. Then the driver does it.
pub(super) struct Bell {
    time: TimeHandle,
    /// What madsim's time was as the run began, and when that was.
    begins: (u64, Instant),
    driver: Waker,
    /// When the driver is to let it ring.
    again: Mutex<Option<u64>>,
}

impl Bell {
    /// As it is now, at the beginning of a run.
    pub(super) fn new(driver: &Waker) -> Self {
        let time = TimeHandle::current();
        let begins = (nanos(time.elapsed()), time.now_instant());
        Self { time, begins, driver: driver.clone(), again: Mutex::default() }
    }

    /// madsim's time, in nanoseconds since the run began.
    pub(super) fn elapsed(&self) -> u64 {
        nanos(self.time.elapsed()).saturating_sub(self.begins.0)
    }

    /// What sets timers of madsim's, which wake `rings`.
    pub(super) fn timers(&self, rings: Waker) -> SetTimer {
        let (begins, mut sleep) = (self.begins.1, self.time.sleep(Duration::ZERO));
        Box::new(move |at| {
            // Set like this it may also be for less than the millisecond that madsim sleeps at least.
            let mut sleep = Pin::new(&mut sleep);
            sleep.as_mut().reset(begins + Duration::from_nanos(at));
            sleep.poll(&mut Context::from_waker(&rings))
        })
    }

    /// The driver lets it ring at `at`.
    pub(super) fn rings_at(&self, at: u64) {
        *self.again.lock() = Some(at);
        self.driver.wake_by_ref();
    }

    /// The driver of `world` was woken, perhaps for this.
    pub(super) fn is_driven(&self, world: &World) {
        let again = self.again.lock().take();
        if let Some(at) = again {
            world.comes_back(at);
        }
    }
}

fn nanos(time: Duration) -> u64 {
    let seconds = time.as_secs().saturating_mul(1_000_000_000);
    seconds.saturating_add(u64::from(time.subsec_nanos()))
}
