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

/// A field that is no finite number is written as `null`.
pub const NAN_IS_WRITTEN_AS_NULL: Plant = Plant::named("nan_is_written_as_null");

/// A line break in a message is written as it is.
pub const LINE_BREAK_IS_LEFT_RAW: Plant = Plant::named("line_break_is_left_raw");

/// A field whose key the line uses itself is left out.
pub const FIELD_LIKE_A_KEY_OF_THE_LINE_IS_LOST: Plant =
    Plant::named("field_like_a_key_of_the_line_is_lost");

/// The value of a field whose key looks secret is written.
pub const SECRET_IS_SHOWN: Plant = Plant::named("secret_is_shown");

/// A field of the context takes the place of the event's own.
pub const CONTEXT_WINS_OVER_THE_EVENT: Plant = Plant::named("context_wins_over_the_event");

/// A line has the time of the monotonic clock, counted from 1970.
pub const TIMESTAMP_BY_THE_MONOTONIC_CLOCK: Plant =
    Plant::named("timestamp_by_the_monotonic_clock");

/// An event has the level of its kind, whatever it was given.
pub const LEVEL_OF_THE_TYPE_WINS: Plant = Plant::named("level_of_the_type_wins");

/// Kinds of event that the schema's first draft lacked are written as `custom`.
pub const LATER_TYPE_IS_WRITTEN_AS_CUSTOM: Plant = Plant::named("later_type_is_written_as_custom");

/// A tool that has failed is logged as one that was called.
pub const FAILED_TOOL_IS_LOGGED_AS_INFO: Plant = Plant::named("failed_tool_is_logged_as_info");

/// What is below the threshold is not counted as filtered.
pub const FILTERED_IS_NOT_COUNTED: Plant = Plant::named("filtered_is_not_counted");

/// What is logged from within the logger is refused and counted nowhere.
pub const REENTRANT_IS_NOT_COUNTED: Plant = Plant::named("reentrant_is_not_counted");

/// After a `Display` that panicked the unit counts as one that is within the logger.
pub const PANIC_LEAVES_THE_UNIT_BUSY: Plant = Plant::named("panic_leaves_the_unit_busy");

/// After a line about a rejection the unit counts as one that is within the logger.
pub const REJECTION_LEAVES_THE_UNIT_BUSY: Plant = Plant::named("rejection_leaves_the_unit_busy");

/// A scope that a panic passes by does not end.
pub const PANIC_KEEPS_THE_SCOPE: Plant = Plant::named("panic_keeps_the_scope");

/// A field of an outer scope takes the place of the inner one's.
pub const OUTER_SCOPE_WINS: Plant = Plant::named("outer_scope_wins");

/// Within a scope there are its own fields only.
pub const SCOPE_HIDES_THE_OUTER_ONES: Plant = Plant::named("scope_hides_the_outer_ones");

/// The end of a scope empties the context.
pub const SCOPE_ENDS_ALL_SCOPES: Plant = Plant::named("scope_ends_all_scopes");

/// A performance is measured on the wall clock.
pub const DURATION_BY_THE_WALL_CLOCK: Plant = Plant::named("duration_by_the_wall_clock");

/// A measured operation that has failed is logged as one that has not.
pub const FAILURE_IS_LOGGED_AS_INFO: Plant = Plant::named("failure_is_logged_as_info");

/// A measured operation is logged with no kind of its own.
pub const PERFORMANCE_IS_LOGGED_AS_CUSTOM: Plant = Plant::named("performance_is_logged_as_custom");

/// The line of a measured operation has no context.
pub const PERFORMANCE_LEAVES_ITS_CONTEXT_OUT: Plant =
    Plant::named("performance_leaves_its_context_out");

/// Every logger writes to the sink of the first one that its unit has made.
pub const LOGGERS_SHARE_THE_FIRST_SINK: Plant = Plant::named("loggers_share_the_first_sink");

/// What the sink fails to take is not given to the fallback.
pub const FALLBACK_IS_NOT_ASKED: Plant = Plant::named("fallback_is_not_asked");

/// A file is given a line in two calls.
pub const LINE_IS_WRITTEN_IN_PIECES: Plant = Plant::named("line_is_written_in_pieces");

/// A reader does not tell of lines that it could not read.
pub const BAD_LINES_ARE_PASSED_OVER: Plant = Plant::named("bad_lines_are_passed_over");

/// A reader takes an unfinished last line for a damaged one.
pub const TORN_TAIL_IS_TAKEN_FOR_DAMAGE: Plant = Plant::named("torn_tail_is_taken_for_damage");

/// A filter takes no notice of the texts that are asked for.
pub const FILTER_ASKS_FOR_NO_TEXT: Plant = Plant::named("filter_asks_for_no_text");

/// A record passes a filter when it meets one of its criteria.
pub const FILTER_TAKES_ANY_CRITERION: Plant = Plant::named("filter_takes_any_criterion");

/// Lines wait without bound.
pub const QUEUE_HAS_NO_BOUND: Plant = Plant::named("queue_has_no_bound");

/// What the queue has no room for is counted and never announced.
pub const LOST_BY_THE_QUEUE_IS_FORGOTTEN: Plant = Plant::named("lost_by_the_queue_is_forgotten");

/// A flush does not wait for the lines that do.
pub const FLUSH_DOES_NOT_WAIT_FOR_THE_QUEUE: Plant =
    Plant::named("flush_does_not_wait_for_the_queue");

/// A shutdown leaves the lines that wait.
pub const SHUTDOWN_LEAVES_WHAT_WAITS: Plant = Plant::named("shutdown_leaves_what_waits");

/// A token of the rate limit comes back in half the time.
pub const TOKENS_COME_BACK_EARLY: Plant = Plant::named("tokens_come_back_early");

/// What the rate limit holds back is not counted.
pub const HELD_BACK_IS_NOT_COUNTED: Plant = Plant::named("held_back_is_not_counted");

/// What the rate limit holds back is counted, and nobody tells of it.
pub const NOBODY_TELLS_OF_THE_RATE_LIMIT: Plant = Plant::named("nobody_tells_of_the_rate_limit");

/// What is lost on its way to all sinks is announced in the main one alone.
pub const FURTHER_SINKS_ARE_OWED_NOTHING: Plant = Plant::named("further_sinks_are_owed_nothing");

/// A line that is tried again at the main sink counts as written to the others once more.
pub const TRIES_COUNT_AT_FURTHER_SINKS: Plant = Plant::named("tries_count_at_further_sinks");

/// A queue has less room by each line that it has written.
pub const ROOM_IS_NOT_GIVEN_BACK: Plant = Plant::named("room_is_not_given_back");

/// What a shutdown gives up is counted as written.
pub const GIVEN_UP_IS_COUNTED_AS_WRITTEN: Plant = Plant::named("given_up_is_counted_as_written");

/// What a shutdown gives up is announced and not counted.
pub const GIVEN_UP_IS_NOT_COUNTED: Plant = Plant::named("given_up_is_not_counted");

/// What a shutdown gives up is counted and not announced.
pub const GIVEN_UP_IS_NOT_ANNOUNCED: Plant = Plant::named("given_up_is_not_announced");

/// What a shutdown gives up is counted as what had no room.
pub const GIVEN_UP_COUNTS_AS_QUEUE_FULL: Plant = Plant::named("given_up_counts_as_queue_full");

/// A queue that is shut down takes events for which nobody is left.
pub const CLOSED_QUEUE_TAKES_EVENTS: Plant = Plant::named("closed_queue_takes_events");

/// A shutdown gives up what is not written at once.
pub const SHUTDOWN_HAS_NO_PATIENCE: Plant = Plant::named("shutdown_has_no_patience");

/// A value prints itself under the lock under which lines are written.
pub const VALUE_IS_ENCODED_UNDER_THE_LOCK: Plant = Plant::named("value_is_encoded_under_the_lock");

/// A line of which a single byte was taken is not taken for torn.
pub const SINGLE_BYTE_IS_NO_TORN_LINE: Plant = Plant::named("single_byte_is_no_torn_line");

/// Whoever waits is patient anew each time it is woken.
pub const DEADLINE_IS_COUNTED_ANEW: Plant = Plant::named("deadline_is_counted_anew");

/// A shutdown that is over while the sink stands still leaves lines in memory that nobody will write.
pub const LATE_SHUTDOWN_KEEPS_LINES: Plant = Plant::named("late_shutdown_keeps_lines");

/// What the fallback refuses is counted as rescued.
pub const REFUSED_COUNTS_AS_RESCUED: Plant = Plant::named("refused_counts_as_rescued");

/// An announcement says how many the process has made, whatever logger or run they were of.
pub const ANNOUNCEMENTS_ARE_COUNTED_BY_THE_PROCESS: Plant =
    Plant::named("announcements_are_counted_by_the_process");

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
    NAN_IS_WRITTEN_AS_NULL,
    LINE_BREAK_IS_LEFT_RAW,
    FIELD_LIKE_A_KEY_OF_THE_LINE_IS_LOST,
    SECRET_IS_SHOWN,
    CONTEXT_WINS_OVER_THE_EVENT,
    TIMESTAMP_BY_THE_MONOTONIC_CLOCK,
    LEVEL_OF_THE_TYPE_WINS,
    LATER_TYPE_IS_WRITTEN_AS_CUSTOM,
    FAILED_TOOL_IS_LOGGED_AS_INFO,
    FILTERED_IS_NOT_COUNTED,
    REENTRANT_IS_NOT_COUNTED,
    PANIC_LEAVES_THE_UNIT_BUSY,
    REJECTION_LEAVES_THE_UNIT_BUSY,
    PANIC_KEEPS_THE_SCOPE,
    OUTER_SCOPE_WINS,
    SCOPE_HIDES_THE_OUTER_ONES,
    SCOPE_ENDS_ALL_SCOPES,
    DURATION_BY_THE_WALL_CLOCK,
    FAILURE_IS_LOGGED_AS_INFO,
    PERFORMANCE_IS_LOGGED_AS_CUSTOM,
    PERFORMANCE_LEAVES_ITS_CONTEXT_OUT,
    LOGGERS_SHARE_THE_FIRST_SINK,
    FALLBACK_IS_NOT_ASKED,
    LINE_IS_WRITTEN_IN_PIECES,
    BAD_LINES_ARE_PASSED_OVER,
    TORN_TAIL_IS_TAKEN_FOR_DAMAGE,
    FILTER_ASKS_FOR_NO_TEXT,
    FILTER_TAKES_ANY_CRITERION,
    QUEUE_HAS_NO_BOUND,
    LOST_BY_THE_QUEUE_IS_FORGOTTEN,
    FLUSH_DOES_NOT_WAIT_FOR_THE_QUEUE,
    SHUTDOWN_LEAVES_WHAT_WAITS,
    TOKENS_COME_BACK_EARLY,
    HELD_BACK_IS_NOT_COUNTED,
    NOBODY_TELLS_OF_THE_RATE_LIMIT,
    FURTHER_SINKS_ARE_OWED_NOTHING,
    TRIES_COUNT_AT_FURTHER_SINKS,
    ROOM_IS_NOT_GIVEN_BACK,
    GIVEN_UP_IS_COUNTED_AS_WRITTEN,
    GIVEN_UP_IS_NOT_COUNTED,
    GIVEN_UP_IS_NOT_ANNOUNCED,
    GIVEN_UP_COUNTS_AS_QUEUE_FULL,
    CLOSED_QUEUE_TAKES_EVENTS,
    SHUTDOWN_HAS_NO_PATIENCE,
    VALUE_IS_ENCODED_UNDER_THE_LOCK,
    SINGLE_BYTE_IS_NO_TORN_LINE,
    DEADLINE_IS_COUNTED_ANEW,
    LATE_SHUTDOWN_KEEPS_LINES,
    REFUSED_COUNTS_AS_RESCUED,
    ANNOUNCEMENTS_ARE_COUNTED_BY_THE_PROCESS,
];
