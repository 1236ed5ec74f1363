//! The breaker's planted bugs: mistakes that real breakers make, to be switched on in simulations.
//!
//! The machine asks for them through [`Rules`](crate::door::Rules); in a production build they do not exist.

mod lists;

pub use lists::*;

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

/// A call that took exactly as long as it may is slow.
pub const SLOW_AT_THE_LIMIT: Plant = Plant::named("slow_at_the_limit");

/// A rate needs one call more than its minimum.
pub const MINIMUM_CALLS_OFF_BY_ONE: Plant = Plant::named("minimum_calls_off_by_one");

/// A rate that is reached exactly does not open the breaker; it has to be exceeded.
pub const RATE_MUST_BE_EXCEEDED: Plant = Plant::named("rate_must_be_exceeded");

/// The call that leaves a window of calls leaves its failure behind.
pub const EVICTED_FAILURE_STILL_COUNTS: Plant = Plant::named("evicted_failure_still_counts");

/// A window of time slides while calls come. After a gap of more than a bucket it has everything of before.
pub const IDLE_GAP_KEEPS_THE_WINDOW: Plant = Plant::named("idle_gap_keeps_the_window");

/// The rate is looked at before the result that has come is in the window.
pub const CURRENT_RESULT_NOT_IN_WINDOW: Plant = Plant::named("current_result_not_in_window");

/// A breaker that has closed still has the results of before it opened in its window.
pub const WINDOW_SURVIVES_CLOSING: Plant = Plant::named("window_survives_closing");

/// The open interval goes on growing after the breaker has closed.
pub const BACKOFF_SURVIVES_CLOSING: Plant = Plant::named("backoff_survives_closing");

/// A trial may be silent for ever.
pub const LEASE_NEVER_ENDS: Plant = Plant::named("lease_never_ends");

/// The result of a trial that was silent for longer than its lease counts all the same.
pub const RECLAIMED_TRIAL_COUNTS: Plant = Plant::named("reclaimed_trial_counts");

/// A half-open period never ends by itself.
pub const HALF_OPEN_FOR_EVER: Plant = Plant::named("half_open_for_ever");

/// One trial more may fail than is said.
pub const TOLERATES_ONE_FAILURE_MORE: Plant = Plant::named("tolerates_one_failure_more");

/// A breaker that only measures opens.
pub const METRICS_ONLY_OPENS: Plant = Plant::named("metrics_only_opens");

/// A breaker that was open by hand closes at once when that is lifted, without a trial.
pub const LIFTING_CLOSES: Plant = Plant::named("lifting_closes");

/// A breaker that is forced open half-opens by itself, when the interval is over that was its last one.
pub const FORCED_OPEN_ENDS: Plant = Plant::named("forced_open_ends");

/// A breaker that is disabled counts results as a closed one does, and opens.
pub const DISABLED_OPENS: Plant = Plant::named("disabled_opens");

/// To be isolated counts as an opening: the next interval is longer for it.
pub const ISOLATION_GROWS_THE_INTERVAL: Plant = Plant::named("isolation_grows_the_interval");

/// Jitter makes an interval longer, and longer than the most that it may be.
pub const JITTER_LENGTHENS: Plant = Plant::named("jitter_lengthens");

/// A failure may ask for any time at all.
pub const ASKED_WITHOUT_LIMIT: Plant = Plant::named("asked_without_limit");

/// Whoever is rejected is told the whole interval, and not what is left of it.
pub const RETRY_AFTER_ALL_OF_IT: Plant = Plant::named("retry_after_all_of_it");

/// A trial is reclaimed one nanosecond before its lease is over.
pub const LEASE_EARLY_BY_ONE_NANOSECOND: Plant = Plant::named("lease_early_by_one_nanosecond");

/// That a half-open period is over is noticed one nanosecond late.
pub const HALF_OPEN_LATE_BY_ONE_NANOSECOND: Plant =
    Plant::named("half_open_late_by_one_nanosecond");

/// A result that comes too late gives back a permit that is no longer there, and one trial more may begin.
pub const LATE_RESULT_GIVES_A_PERMIT: Plant = Plant::named("late_result_gives_a_permit");

/// A trial that failed, and was tolerated, keeps its permit.
pub const FAILED_TRIAL_KEEPS_ITS_PERMIT: Plant = Plant::named("failed_trial_keeps_its_permit");

/// Whether there is a permit is found out before that of a silent trial is taken back: the next call but one gets it.
pub const RECLAIMED_PERMIT_COMES_LATE: Plant = Plant::named("reclaimed_permit_comes_late");

/// Of several permits the last one is never given.
pub const LAST_PERMIT_IS_KEPT: Plant = Plant::named("last_permit_is_kept");

/// A call that finds no permit is in flight for ever.
pub const REJECTION_IS_IN_FLIGHT: Plant = Plant::named("rejection_is_in_flight");

/// An ignored result ends a run of failures.
pub const IGNORED_ENDS_THE_ROW: Plant = Plant::named("ignored_ends_the_row");

/// An ignored result is in the window, as a success.
pub const IGNORED_IN_THE_WINDOW: Plant = Plant::named("ignored_in_the_window");

/// A call that failed is never slow.
pub const SLOW_FAILURE_IS_FAST: Plant = Plant::named("slow_failure_is_fast");

/// A call that comes with the end of an open interval is rejected without the lock, for no time at all.
pub const GATE_LATE_BY_ONE_NANOSECOND: Plant = Plant::named("gate_late_by_one_nanosecond");

/// A call that panics counts as one that is cancelled.
pub const PANIC_COUNTS_AS_CANCELLED: Plant = Plant::named("panic_counts_as_cancelled");

/// A call that is cancelled is ignored, whatever was said.
pub const CANCELLED_IS_IGNORED: Plant = Plant::named("cancelled_is_ignored");

/// A trial that succeeds is a success, however slow it was.
pub const SLOW_TRIAL_SUCCEEDS: Plant = Plant::named("slow_trial_succeeds");

/// A trial that succeeds and is slow counts neither as a success nor as a failure.
pub const SLOW_TRIAL_DECIDES_NOTHING: Plant = Plant::named("slow_trial_decides_nothing");

/// A command that asks for the state that is there begins no generation, and results of before it count.
pub const COMMAND_BEGINS_NO_GENERATION: Plant = Plant::named("command_begins_no_generation");

/// The gate lets calls pass while somebody decides under the lock.
pub const GATE_STAYS_OPEN: Plant = Plant::named("gate_stays_open");

/// The gate is not told of failures: a success after them ends no row.
pub const GATE_ROW_FORGOTTEN: Plant = Plant::named("gate_row_forgotten");

/// A failure is added to those in a row as they were before it had the lock, and what another one did in between is lost.
pub const GATE_FAILURE_STORED: Plant = Plant::named("gate_failure_stored");

/// A success tells the gate that a row has ended before it has the lock, whatever the gate has become.
pub const GATE_SUCCESS_STORED: Plant = Plant::named("gate_success_stored");

/// The gate says that calls are rejected before it says until when.
pub const GATE_OPENS_BEFORE_ITS_INTERVAL: Plant = Plant::named("gate_opens_before_its_interval");

/// Without a decision, the failure that should open the breaker is counted, and the next one opens it.
pub const GATE_THRESHOLD_OFF_BY_ONE: Plant = Plant::named("gate_threshold_off_by_one");

/// Without a decision, a result counts in whichever generation.
pub const WINDOW_KNOWS_NO_GENERATION: Plant = Plant::named("window_knows_no_generation");

/// A result that has to open the breaker lets go of the lock in which it was counted, and opens whatever the breaker has become.
pub const WINDOW_OPENS_AFTER_ITS_LOCK: Plant = Plant::named("window_opens_after_its_lock");

/// Without a decision, a result is in the window, where there is one, and in no row.
pub const WINDOW_FORGETS_THE_ROW: Plant = Plant::named("window_forgets_the_row");

/// Without a decision, a call is put into the window as one that took no time.
pub const WINDOW_TAKES_CALLS_FOR_FAST: Plant = Plant::named("window_takes_calls_for_fast");

/// Where rejections alone are counted, a call that passes is in flight from then on.
pub const UNCOUNTED_CALLS_STAY_IN_FLIGHT: Plant = Plant::named("uncounted_calls_stay_in_flight");

/// A permit that is dropped is counted nowhere, but for one of a trial.
pub const DROPPED_PERMIT_UNCOUNTED: Plant = Plant::named("dropped_permit_uncounted");

/// Where calls inside calls of one breaker count once: a future's call is taken to go on in its unit between two polls, so that
/// the calls of other tasks of that unit are taken to be inside of it.
pub const INSIDE_BETWEEN_POLLS: Plant = Plant::named("inside_between_polls");

/// There: a call that has panicked is taken to go on.
pub const INSIDE_AFTER_A_PANIC: Plant = Plant::named("inside_after_a_panic");

/// There: a call of one breaker inside a call of another one of the same name is taken to be inside one of its own.
pub const NESTED_BY_NAME: Plant = Plant::named("nested_by_name");

/// Of keyed breakers, an open one goes as a closed one does, and its service gets every call again.
pub const EVICTION_FORGETS_OPEN: Plant = Plant::named("eviction_forgets_open");

/// Of keyed breakers, one goes that has calls in flight, and their results count for nobody.
pub const EVICTION_OF_CALLS_IN_FLIGHT: Plant = Plant::named("eviction_of_calls_in_flight");

/// There is one keyed breaker more than the capacity.
pub const CAPACITY_OFF_BY_ONE: Plant = Plant::named("capacity_off_by_one");

/// A keyed breaker is idle by when it was made, however often it is asked for.
pub const IDLE_BY_CREATION_TIME: Plant = Plant::named("idle_by_creation_time");

/// Where all places are taken, the keyed breaker goes that was made first.
pub const EVICTION_BY_AGE: Plant = Plant::named("eviction_by_age");

/// A keyed breaker is idle one nanosecond late.
pub const IDLE_LATE_BY_ONE_NANOSECOND: Plant = Plant::named("idle_late_by_one_nanosecond");

/// Where all places are taken, only the keyed breaker is looked at that was asked for longest ago: where that one may not go,
/// a new key is refused.
pub const ONLY_THE_OLDEST_IS_ASKED_TO_GO: Plant = Plant::named("only_the_oldest_is_asked_to_go");

/// Of two who make the breaker of one key, or of one name, the slower one puts its own in the place of the other's.
pub const SLOWER_ONE_REPLACES: Plant = Plant::named("slower_one_replaces");

/// How many calls were rejected in a generation is not told when it ends.
pub const SUMMARY_FORGOTTEN: Plant = Plant::named("summary_forgotten");

/// Whoever hears of the first rejection and of every so many hears of every single one.
pub const EVERY_REJECTION_TOLD: Plant = Plant::named("every_rejection_told");

/// Listeners are told under the breaker's lock: one that calls the breaker waits for itself.
pub const LISTENERS_UNDER_THE_LOCK: Plant = Plant::named("listeners_under_the_lock");

/// Whoever brings events about delivers them at once, whether or not somebody else delivers already.
pub const EVERYBODY_DELIVERS: Plant = Plant::named("everybody_delivers");

/// Of events that wait until a listener has heard another one, the newest is told first.
pub const NEWEST_EVENT_FIRST: Plant = Plant::named("newest_event_first");

/// After a listener's panic, those before it are told of the event again.
pub const PANIC_REPEATS_AN_EVENT: Plant = Plant::named("panic_repeats_an_event");

/// A listener's panic takes the events with it that wait.
pub const PANIC_LOSES_EVENTS: Plant = Plant::named("panic_loses_events");

/// Whoever delivered when a listener panicked is taken to deliver for ever, so that nobody does.
pub const PANIC_ENDS_DELIVERY: Plant = Plant::named("panic_ends_delivery");

/// As many events wait for a slow listener as come.
pub const EVENTS_WAIT_WITHOUT_BOUND: Plant = Plant::named("events_wait_without_bound");

/// What was missed because too many events waited is told to nobody.
pub const MISSED_EVENTS_UNTOLD: Plant = Plant::named("missed_events_untold");

/// A clock that went back since the breaker opened is taken to have gone round: its interval is over.
pub const READINGS_WRAP: Plant = Plant::named("readings_wrap");

/// At the last moment that a clock can show, every interval is over.
pub const END_OF_TIME_ENDS_INTERVALS: Plant = Plant::named("end_of_time_ends_intervals");

/// An interval that began at a reading of the far future begins there, whatever the clock shows since.
pub const BACKWARD_READING_IGNORED: Plant = Plant::named("backward_reading_ignored");

/// The gate rejects until a reading of the far future has come again.
pub const GATE_BELIEVES_ITS_CLOCK: Plant = Plant::named("gate_believes_its_clock");

/// A reset closes the breaker and keeps the results in a row.
pub const RESET_KEEPS_THE_ROWS: Plant = Plant::named("reset_keeps_the_rows");

/// Of generations, the last eight bits are compared: a result of 256 of them ago counts.
pub const GENERATION_IN_EIGHT_BITS: Plant = Plant::named("generation_in_eight_bits");

/// How long a call takes is measured by the wall clock, and a step of that clock is part of it.
pub const LATENCY_BY_THE_WALL_CLOCK: Plant = Plant::named("latency_by_the_wall_clock");

/// Of calls that fail no latency is kept.
pub const FAILURE_HAS_NO_LATENCY: Plant = Plant::named("failure_has_no_latency");

/// A wrapper asks for a permit of its own beside that of the call.
pub const WRAPPED_CALL_COUNTS_TWICE: Plant = Plant::named("wrapped_call_counts_twice");

/// To a wrapper everything that returns is a success.
pub const WRAPPED_FAILURE_IS_A_SUCCESS: Plant = Plant::named("wrapped_failure_is_a_success");

/// A fallback runs under the breaker's lock: one that looks at the breaker waits for itself.
pub const FALLBACK_UNDER_THE_LOCK: Plant = Plant::named("fallback_under_the_lock");

/// A call that got a fallback's value is counted as rejected, and nowhere else.
pub const FALLBACKS_UNCOUNTED: Plant = Plant::named("fallbacks_uncounted");

/// Whoever is rejected is held until the interval is over, and does everything else late.
pub const REJECTED_CALLER_IS_HELD: Plant = Plant::named("rejected_caller_is_held");

/// A success is counted by a load and a store, and what another one counted in between is lost.
pub const SUCCESSES_COUNTED_BY_A_STORE: Plant = Plant::named("successes_counted_by_a_store");

/// Whoever reads the statistics reads one counter after the other, and does not look if they have moved meanwhile.
pub const COUNTERS_ARE_READ_ONCE: Plant = Plant::named("counters_are_read_once");

/// Whoever reads the statistics reads how many calls have begun before how many have ended.
pub const BEGINNINGS_ARE_READ_FIRST: Plant = Plant::named("beginnings_are_read_first");

/// A registry gives the breaker that it has, whatever the configuration that is asked for.
pub const CONFLICT_IGNORED: Plant = Plant::named("conflict_ignored");

/// Names that differ in capitals only are one to a registry.
pub const NAMES_WITHOUT_CASE: Plant = Plant::named("names_without_case");
