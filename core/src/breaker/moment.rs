//! When somebody acts, and who it is, as the machine is told.

use super::plants;
use crate::door::{Instant, Rules, Timestamp, UnitNumber};

/// One reading of the clocks, and who took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The monotonic clock: the one that decides.
    pub mono: Instant,
    /// The wall clock. Decides only in a simulation with the bug [`WALL_CLOCK_INTERVAL`](super::plants::WALL_CLOCK_INTERVAL).
    pub wall: Timestamp,
    /// Who acts. Decides nothing; events tell it.
    pub by: UnitNumber,
}

impl Moment {
    /// The moment when the monotonic clock shows `mono`, for whoever has no use for a wall clock and is nobody.
    #[must_use]
    pub const fn at(mono: Instant) -> Self {
        Self { mono, wall: Timestamp::EPOCH, by: UnitNumber::new(0) }
    }

    /// The reading by which calls are timed: the monotonic clock's, but for a planted bug.
    pub(super) fn timed_by(&self, rules: &impl Rules) -> Instant {
        if rules.broken_by(plants::LATENCY_BY_THE_WALL_CLOCK) {
            let nanos = u64::try_from(self.wall.as_unix_nanos()).unwrap_or_default();
            return Instant::from_nanos(nanos);
        }
        self.mono
    }
}
