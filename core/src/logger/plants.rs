//! Bugs of the logger that a simulation can switch on, to show that its checks would find them.

use crate::door::Plant;

/// [`Logger::enter`](super::Logger::enter) keeps the context in one place shared by all units of execution.
pub const CONTEXT_SHARED_BETWEEN_UNITS: Plant = Plant::named("context_shared_between_units");

/// The end of a scope does not restore the context that it found.
pub const CONTEXT_LEAKS_AFTER_SCOPE: Plant = Plant::named("context_leaks_after_scope");

/// The sequence number is taken before the lock under which the line is written, so that lines overtake each other.
pub const SEQ_OUTSIDE_LOCK: Plant = Plant::named("seq_outside_lock");

/// The line after a torn one is written behind it, without a separator.
pub const TORN_LINE_IS_CONTINUED: Plant = Plant::named("torn_line_is_continued");

/// A line of which only the newline is missing counts as lost.
pub const LINE_WITHOUT_ITS_NEWLINE_IS_LOST: Plant =
    Plant::named("line_without_its_newline_is_lost");

/// What is lost while the sink is left alone is announced and not counted.
pub const LOST_WHILE_FAILING_IS_NOT_COUNTED: Plant =
    Plant::named("lost_while_failing_is_not_counted");

/// What is lost while the sink is left alone takes no number.
pub const LOST_WHILE_FAILING_HAS_NO_NUMBER: Plant =
    Plant::named("lost_while_failing_has_no_number");

/// What was lost is forgotten when the first line is written again.
pub const LOSS_IS_FORGOTTEN: Plant = Plant::named("loss_is_forgotten");

/// What was lost is announced after the first line that is written again.
pub const LOSS_IS_ANNOUNCED_LATE: Plant = Plant::named("loss_is_announced_late");

/// What was announced is owed once more.
pub const LOSS_IS_ANNOUNCED_TWICE: Plant = Plant::named("loss_is_announced_twice");

/// A sink that fails is tried with every event.
pub const FAILING_SINK_IS_TRIED_AT_ONCE: Plant = Plant::named("failing_sink_is_tried_at_once");

/// A sink that has failed is never tried again, but by a flush.
pub const FAILING_SINK_IS_GIVEN_UP: Plant = Plant::named("failing_sink_is_given_up");

/// All of them.
pub const ALL: &[Plant] = &[
    CONTEXT_SHARED_BETWEEN_UNITS,
    CONTEXT_LEAKS_AFTER_SCOPE,
    SEQ_OUTSIDE_LOCK,
    TORN_LINE_IS_CONTINUED,
    LINE_WITHOUT_ITS_NEWLINE_IS_LOST,
    LOST_WHILE_FAILING_IS_NOT_COUNTED,
    LOST_WHILE_FAILING_HAS_NO_NUMBER,
    LOSS_IS_FORGOTTEN,
    LOSS_IS_ANNOUNCED_LATE,
    LOSS_IS_ANNOUNCED_TWICE,
    FAILING_SINK_IS_TRIED_AT_ONCE,
    FAILING_SINK_IS_GIVEN_UP,
];
