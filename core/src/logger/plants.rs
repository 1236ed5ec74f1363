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

/// A flush hands lines to the operating system and makes nothing durable.
pub const FLUSH_DOES_NOT_SYNC: Plant = Plant::named("flush_does_not_sync");

/// A sync that has failed is tried again, and what the next one says is believed.
pub const FAILED_SYNC_IS_TRIED_AGAIN: Plant = Plant::named("failed_sync_is_tried_again");

/// The content of a file is made durable, and its name is not.
pub const NAMES_ARE_NOT_SYNCED: Plant = Plant::named("names_are_not_synced");

/// A file that is put aside is not made durable before the next one is written to.
pub const OLD_FILE_IS_NOT_SYNCED: Plant = Plant::named("old_file_is_not_synced");

/// A file that is put aside takes the place of the last one.
pub const ARCHIVE_IS_REPLACED: Plant = Plant::named("archive_is_replaced");

/// Once a file could not be put aside, nothing is written to it.
pub const FAILED_ROTATION_STOPS_THE_LOG: Plant = Plant::named("failed_rotation_stops_the_log");

/// A flush that has failed stops the log as a write that has failed does.
pub const FAILED_FLUSH_STOPS_THE_LOG: Plant = Plant::named("failed_flush_stops_the_log");

/// A sink that takes a part of a line is taken to have all of it.
pub const SHORT_WRITE_IS_TAKEN_FOR_WHOLE: Plant = Plant::named("short_write_is_taken_for_whole");

/// A write that is interrupted by a signal is not tried again.
pub const INTERRUPTION_IS_A_FAILURE: Plant = Plant::named("interruption_is_a_failure");

/// Lines wait without bound.
pub const QUEUE_HAS_NO_BOUND: Plant = Plant::named("queue_has_no_bound");

/// What the queue has no room for is counted and never announced.
pub const LOST_BY_THE_QUEUE_IS_FORGOTTEN: Plant = Plant::named("lost_by_the_queue_is_forgotten");

/// A flush does not wait for the lines that do.
pub const FLUSH_DOES_NOT_WAIT_FOR_THE_QUEUE: Plant =
    Plant::named("flush_does_not_wait_for_the_queue");

/// A shutdown leaves the lines that wait.
pub const SHUTDOWN_LEAVES_WHAT_WAITS: Plant = Plant::named("shutdown_leaves_what_waits");

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
    FLUSH_DOES_NOT_SYNC,
    FAILED_SYNC_IS_TRIED_AGAIN,
    NAMES_ARE_NOT_SYNCED,
    OLD_FILE_IS_NOT_SYNCED,
    ARCHIVE_IS_REPLACED,
    FAILED_ROTATION_STOPS_THE_LOG,
    FAILED_FLUSH_STOPS_THE_LOG,
    SHORT_WRITE_IS_TAKEN_FOR_WHOLE,
    INTERRUPTION_IS_A_FAILURE,
    QUEUE_HAS_NO_BOUND,
    LOST_BY_THE_QUEUE_IS_FORGOTTEN,
    FLUSH_DOES_NOT_WAIT_FOR_THE_QUEUE,
    SHUTDOWN_LEAVES_WHAT_WAITS,
];
