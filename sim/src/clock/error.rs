//! Why a change of a clock is refused.

use crate::span::Offset;

/// Why a change of a clock is refused. Times are engine time in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClockError {
    /// A rate at which the monotonic clock would stand or run backwards.
    #[error(
        "a drift of {ppm} ppm would stop a monotonic clock or turn it back: use more than -1000000 ppm"
    )]
    Rate {
        /// The drift that was asked for.
        ppm: i32,
    },
    /// A freeze that ends before it begins.
    #[error(
        "a freeze from {at} ns until {until} ns is none: the end must be later than the beginning"
    )]
    EmptyFreeze {
        /// The beginning.
        at: u64,
        /// The end.
        until: u64,
    },
    /// A smear that takes no time.
    #[error(
        "a smear of {offset} over no time is a step: give a time above zero, or step the clock"
    )]
    EmptySmear {
        /// What was to be gained.
        offset: Offset,
    },
    /// A change before the latest one.
    #[error(
        "a change at {at} ns would rewrite readings: the latest change was at {latest} ns, make them in order"
    )]
    OutOfOrder {
        /// When the change was to be.
        at: u64,
        /// When the latest change was.
        latest: u64,
    },
}
