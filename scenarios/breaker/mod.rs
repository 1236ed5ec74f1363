//! Situations of a circuit breaker: opening, trying, closing, late results, callers that race, stall and panic.

pub(crate) mod breaker_swarm;
pub(crate) mod caller_stalls_between_admission_and_call;
pub(crate) mod counts_survive_recovery;
pub(crate) mod failed_trial_reopens;
pub(crate) mod healthy_service_closes_the_breaker;
pub(crate) mod intermittent_failures;
pub(crate) mod late_failure_of_an_earlier_generation;
pub(crate) mod late_success_of_an_earlier_generation;
pub(crate) mod latencies_of_the_last_hundred_calls;
pub(crate) mod many_callers_meet_an_outage;
pub(crate) mod new_breaker_has_counted_nothing;
pub(crate) mod openers_always_open;
pub(crate) mod openers_and_callers_in_any_order;
pub(crate) mod panicking_trial_gives_its_permit_back;
pub(crate) mod recovery_through_half_open;
pub(crate) mod reset_with_calls_in_flight;
pub(crate) mod sequences_of_any_length;
pub(crate) mod single_failures_do_not_open;
mod straggler;
pub(crate) mod successes_keep_it_closed;
pub(crate) mod thousands_of_cycles;
pub(crate) mod time_to_recovery_is_exact;
pub(crate) mod timeout_respected_at_every_tick;
pub(crate) mod two_callers_race_for_the_last_permit;
pub(crate) mod variable_delays_around_the_boundary;
