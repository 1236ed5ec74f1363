//! A reading of both clocks, as the machine takes it.

use crate::door::{Instant, Timestamp};

/// One reading of the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The monotonic clock: the one that decides.
    pub mono: Instant,
    /// The wall clock. Decides only in a simulation with the bug [`WALL_CLOCK_INTERVAL`](super::plants::WALL_CLOCK_INTERVAL).
    pub wall: Timestamp,
}

impl Moment {
    /// The moment when the monotonic clock shows `mono`, for whoever has no use for a wall clock.
    #[must_use]
    pub const fn at(mono: Instant) -> Self {
        Self { mono, wall: Timestamp::EPOCH }
    }
}
