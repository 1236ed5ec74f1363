//! Does each promise hold where it should, and break where it should, at exactly that event and in exactly those words?
//!
//! The other tests judge promises by runs of the real breaker, which is right wherever no bug is planted. Here they are
//! told logs that no breaker wrote: for each clause the smallest log that breaks it, and its neighbour that does not.

mod bounded_trials;
mod closes_at_kth_success;
mod context;
mod counts_add_up;
mod counts_match;
mod ends_by_policy;
mod entry;
mod failed_trial_restarts_interval;
mod fenced_results;
mod half_open_ends;
mod kinds;
mod latency_is_exact;
mod legal_edges;
mod linearizable;
mod load_is_bounded;
mod log_file;
mod log_limits;
mod manual_wins;
mod open_ends;
mod open_rejects;
mod opens_for_its_interval;
mod permits_are_given;
mod permits_come_back;
mod queue_room;
mod recovers;
mod recovery_takes;
mod rejection_runs_nothing;
mod retry_after_is_right;
mod seq_is_file_order;
mod silent_trials_end;
mod trips_by_its_rules;
mod trips_exactly;
mod verdict;
