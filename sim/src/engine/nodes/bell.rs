//! Comes back when a moment has come by madsim's time.

use madsim::time::{Instant, Sleep, TimeHandle};
use parking_lot::Mutex;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

/// Moments that are no further apart than this are told apart by nobody: madsim takes 50 to 100 ns for each unit that goes on.
const TOGETHER: u64 = 1_000;

/// The one who waits for madsim's time, on behalf of all alarms of a run.
///
/// madsim takes no timer back: one that is not wanted any more goes off in vain. So as few as possible are set.
pub(super) struct Bell {
    time: TimeHandle,
    /// What madsim's time was as the run began, and when that was.
    begins: (Duration, Instant),
    timers: Mutex<Timers>,
    /// Wakes whoever looks at the alarms.
    driver: Waker,
}

struct Timers {
    /// Sets them.
    sleep: Sleep,
    /// When they will go off, in nanoseconds since the run began: each was set for a moment before those that were set already.
    set: Vec<u64>,
}

impl Bell {
    /// As it is now, at the beginning of a run.
    pub(super) fn new(driver: &Waker) -> Self {
        let time = TimeHandle::current();
        let begins = (time.elapsed(), time.now_instant());
        let timers = Timers { sleep: time.sleep(Duration::ZERO), set: Vec::new() };
        Self { time, begins, timers: Mutex::new(timers), driver: driver.clone() }
    }

    /// madsim's time, in nanoseconds since the run began.
    pub(super) fn elapsed(&self) -> u64 {
        let elapsed = self.time.elapsed().saturating_sub(self.begins.0);
        elapsed.as_secs().saturating_mul(1_000_000_000) + u64::from(elapsed.subsec_nanos())
    }

    /// The driver is woken a little after `at`, or is woken before that.
    pub(super) fn ring_at(&self, at: u64) {
        let at = at.saturating_add(TOGETHER);
        let mut timers = self.timers.lock();
        let Timers { sleep, set } = &mut *timers;
        if set.last().is_some_and(|&next| next <= at) {
            return;
        }
        set.push(at);
        // Set like this it may also be for less than the millisecond that madsim sleeps at least.
        Pin::new(&mut *sleep).reset(self.begins.1 + Duration::from_nanos(at));
        if Pin::new(sleep).poll(&mut Context::from_waker(&self.driver)).is_ready() {
            self.driver.wake_by_ref();
        }
    }

    /// The driver was woken: what has gone off is not set any more. Returns madsim's time.
    pub(super) fn rang(&self) -> u64 {
        let now = self.elapsed();
        let set = &mut self.timers.lock().set;
        while set.last().is_some_and(|&at| at <= now) {
            set.pop();
        }
        now
    }
}
