//! The breaker's planted bugs: mistakes that real breakers make, to be switched on in simulations.
//!
//! The machine asks for them through [`Rules`](crate::door::Rules); in a production build they do not exist.

use crate::door::Plant;

/// The open interval runs on the wall clock: a step of that clock back keeps the breaker open for longer, a step forward
/// ends its protection.
pub const WALL_CLOCK_INTERVAL: Plant = Plant::named("wall_clock_interval");

/// A half-open breaker admits everyone, and the recovering service gets the full load.
pub const UNLIMITED_TRIALS: Plant = Plant::named("unlimited_trials");

/// A result counts in whatever generation it arrives.
pub const UNFENCED_LATE_RESULT: Plant = Plant::named("unfenced_late_result");

/// The breaker opens one failure after its threshold.
pub const THRESHOLD_OFF_BY_ONE: Plant = Plant::named("threshold_off_by_one");

/// A failed trial opens the breaker with the interval of the opening before, which is over already.
pub const INTERVAL_NOT_RESTARTED: Plant = Plant::named("interval_not_restarted");

/// A call that panics never gives its permit back, and is in flight for ever.
pub const PERMIT_LEAKED_BY_PANIC: Plant = Plant::named("permit_leaked_by_panic");

/// Successful trials of an earlier half-open period count towards closing.
pub const SUCCESS_STREAK_SURVIVES_OPENING: Plant = Plant::named("success_streak_survives_opening");

/// The open interval ends one nanosecond late: a trial at exactly its end is rejected.
pub const LATE_BY_ONE_NANOSECOND: Plant = Plant::named("late_by_one_nanosecond");

/// The open interval ends one nanosecond early.
pub const EARLY_BY_ONE_NANOSECOND: Plant = Plant::named("early_by_one_nanosecond");

/// All of them, in the order of this file.
pub const ALL: &[Plant] = &[
    WALL_CLOCK_INTERVAL,
    UNLIMITED_TRIALS,
    UNFENCED_LATE_RESULT,
    THRESHOLD_OFF_BY_ONE,
    INTERVAL_NOT_RESTARTED,
    PERMIT_LEAKED_BY_PANIC,
    SUCCESS_STREAK_SURVIVES_OPENING,
    LATE_BY_ONE_NANOSECOND,
    EARLY_BY_ONE_NANOSECOND,
];
