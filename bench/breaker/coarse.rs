//! The coarse monotonic clock: it is read in a few nanoseconds and moves every few milliseconds.
//!
//! Whoever waits for seconds loses nothing by it. A service can put it under its breakers in the same way.

use retrip_core::door::{Clock, Instant, System, Timestamp};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// The clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coarse;

impl Clock for Coarse {
    #[inline]
    fn now(&self) -> Instant {
        let shown = clock_gettime(ClockId::MonotonicCoarse);
        let seconds = Duration::from_secs(shown.tv_sec.unsigned_abs());
        let nanos = Duration::from_nanos(shown.tv_nsec.unsigned_abs());
        Instant::ORIGIN.saturating_add(seconds + nanos)
    }

    fn wall(&self) -> Timestamp {
        System.wall()
    }
}
