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

/// The breaker closes one success after its threshold; where it has no permit for that one, never.
pub const SUCCESS_THRESHOLD_OFF_BY_ONE: Plant = Plant::named("success_threshold_off_by_one");

/// A success does not end a run of failures.
pub const FAILURES_NEED_NO_ROW: Plant = Plant::named("failures_need_no_row");

/// When the open interval is over the breaker closes at once, without a trial.
pub const CLOSES_WITHOUT_TRIALS: Plant = Plant::named("closes_without_trials");

/// What was counted is forgotten when the breaker closes.
pub const TOTALS_LOST_BY_CLOSING: Plant = Plant::named("totals_lost_by_closing");

/// Latencies are kept in microseconds, and read as nanoseconds.
pub const LATENCY_IN_MICROSECONDS: Plant = Plant::named("latency_in_microseconds");

/// A rejected call is not counted.
pub const REJECTIONS_UNCOUNTED: Plant = Plant::named("rejections_uncounted");

/// A new breaker begins half-open, to be careful.
pub const STARTS_HALF_OPEN: Plant = Plant::named("starts_half_open");

/// The function of a rejected call runs all the same; only its result is thrown away.
pub const REJECTED_CALL_RUNS: Plant = Plant::named("rejected_call_runs");

/// Those that change what the machine decides or counts, in the order of this file.
pub const OF_DECISIONS: &[Plant] = &[
    WALL_CLOCK_INTERVAL,
    UNLIMITED_TRIALS,
    UNFENCED_LATE_RESULT,
    THRESHOLD_OFF_BY_ONE,
    INTERVAL_NOT_RESTARTED,
    PERMIT_LEAKED_BY_PANIC,
    SUCCESS_STREAK_SURVIVES_OPENING,
    LATE_BY_ONE_NANOSECOND,
    EARLY_BY_ONE_NANOSECOND,
    SUCCESS_THRESHOLD_OFF_BY_ONE,
    FAILURES_NEED_NO_ROW,
    CLOSES_WITHOUT_TRIALS,
    TOTALS_LOST_BY_CLOSING,
    REJECTIONS_UNCOUNTED,
];

/// Those of what is measured and of the shell around the machine.
pub const AROUND_DECISIONS: &[Plant] =
    &[LATENCY_IN_MICROSECONDS, STARTS_HALF_OPEN, REJECTED_CALL_RUNS];
