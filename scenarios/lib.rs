//! The situations under test, one per file, and the catalogue that lists them.

mod backoff;
mod breaker;
mod calm;
mod canary_lost_update;
mod clock;
mod config;
mod crowd;
mod hostile;
mod keyed;
mod leases;
mod listeners;
mod locks;
mod logbook;
mod logging;
mod nesting;
mod outage;
mod payments;
mod peers;
mod places;
mod queue;
mod reading;
mod records;
mod registry;
mod rules;
mod sharing;
mod sinks;
mod stalls;
mod time;
mod timeout;
mod unheard;
mod ways;
mod weather;

use retrip_sim::scenario::Catalogue;

/// Every scenario, in the order in which they are listed.
///
/// # Panics
/// Two of them have one name.
#[must_use]
pub fn catalogue() -> Catalogue {
    Catalogue::new(vec![
        clock::wall_clock_back_while_open::scenario(),
        clock::wall_clock_forward_while_open::scenario(),
        timeout::reply_in_the_same_nanosecond_as_its_timeout::scenario(),
        timeout::reply_as_the_caller_begins_to_wait::scenario(),
        locks::transfers_between_accounts::scenario(),
        queue::a_full_queue_refuses_in_time::scenario(),
        sharing::readers_let_a_writer_in::scenario(),
        places::a_cancelled_call_gives_its_place_back::scenario(),
        payments::ledger_crashes_before_it_has_replied::scenario(),
        payments::a_till_gives_up_while_replies_are_lost::scenario(),
        payments::a_late_reply_meets_the_next_payment::scenario(),
        payments::wall_clock_jumps_while_a_till_waits::scenario(),
        payments::held_messages_arrive_together::scenario(),
        payments::payments_swarm::scenario(),
        outage::outage_of_thirty_days::scenario(),
        leases::a_renewal_arrives_after_its_lease::scenario(),
        leases::a_write_arrives_after_its_lease::scenario(),
        leases::clocks_drift_while_a_lease_is_held::scenario(),
        leases::lock_service_restarts_while_a_lease_is_held::scenario(),
        leases::leases_swarm::scenario(),
        logging::contexts_of_100_threads_interleaved::scenario(),
        logging::contexts_of_500_threads_interleaved::scenario(),
        logging::a_panic_ends_nested_scopes::scenario(),
        logging::scopes_nest_and_end::scenario(),
        logging::threads_race_for_the_log::scenario(),
        logging::a_hundred_threads_share_a_log::scenario(),
        logging::loggers_append_to_one_file::scenario(),
        logging::disk_is_full_and_has_room_again::scenario(),
        logging::log_cannot_be_put_aside::scenario(),
        logging::log_is_put_aside_while_the_disk_is_full::scenario(),
        logging::power_fails_while_a_log_is_put_aside::scenario(),
        logging::writes_are_short_and_interrupted::scenario(),
        records::every_type_at_every_level::scenario(),
        records::a_failed_operation_is_measured::scenario(),
        records::records_read_back::scenario(),
        records::sinks_of_their_own::scenario(),
        logbook::a_breaker_is_heard_in_a_log::scenario(),
        logbook::a_protected_call_is_measured::scenario(),
        logbook::logging_goes_on_while_a_breaker_is_open::scenario(),
        logbook::threads_log_while_a_breaker_opens::scenario(),
        sinks::sink_and_fallback_fail_together::scenario(),
        sinks::a_sink_and_a_value_log::scenario(),
        reading::lines_are_chosen_by_each_criterion::scenario(),
        reading::a_damaged_file_is_read_to_its_end::scenario(),
        logging::a_queue_is_full_while_the_disk_is::scenario(),
        logging::a_queue_fills_and_empties_again_and_again::scenario(),
        logging::what_is_old_gives_way_in_a_full_queue::scenario(),
        logging::what_comes_too_often_is_held_back::scenario(),
        logging::a_queue_writes_to_two_files::scenario(),
        logging::a_full_queue_is_shut_down::scenario(),
        logging::calls_end_in_time::scenario(),
        logging::a_disk_fails_in_every_way::scenario(),
        logging::disk_is_full_at_every_byte_of_a_line::scenario(),
        sinks::a_value_waits_for_another_unit::scenario(),
        // In front of whatever else must fail: the one that sweeps run beside what was asked for.
        canary_lost_update::scenario(),
        breaker::new_breaker_has_counted_nothing::scenario(),
        breaker::successes_keep_it_closed::scenario(),
        breaker::sequences_of_any_length::scenario(),
        breaker::latencies_of_the_last_hundred_calls::scenario(),
        breaker::single_failures_do_not_open::scenario(),
        breaker::intermittent_failures::scenario(),
        breaker::counts_survive_recovery::scenario(),
        breaker::timeout_respected_at_every_tick::scenario(),
        breaker::variable_delays_around_the_boundary::scenario(),
        breaker::recovery_through_half_open::scenario(),
        breaker::failed_trial_reopens::scenario(),
        breaker::time_to_recovery_is_exact::scenario(),
        breaker::healthy_service_closes_the_breaker::scenario(),
        breaker::reset_with_calls_in_flight::scenario(),
        breaker::many_callers_meet_an_outage::scenario(),
        breaker::thousands_of_cycles::scenario(),
        breaker::panicking_trial_gives_its_permit_back::scenario(),
        breaker::late_success_of_an_earlier_generation::scenario(),
        breaker::late_failure_of_an_earlier_generation::scenario(),
        breaker::two_callers_race_for_the_last_permit::scenario(),
        breaker::caller_stalls_between_admission_and_call::scenario(),
        breaker::openers_and_callers_in_any_order::scenario(),
        breaker::openers_always_open::scenario(),
        breaker::breaker_swarm::scenario(),
        rules::a_slow_service_is_tried::scenario(),
        rules::a_trial_is_silent::scenario(),
        rules::done_by_hand::scenario(),
        rules::windows_swarm::scenario(),
        rules::every_rule_swarm::scenario(),
        ways::a_wrapped_function_is_a_call::scenario(),
        ways::rejected_callers_get_the_fallback::scenario(),
        ways::a_plain_function_beside_a_breaker::scenario(),
        ways::the_failure_rate_is_exact::scenario(),
        registry::callers_race_for_a_name::scenario(),
        registry::a_conflicting_configuration_is_refused::scenario(),
        crowd::a_hundred_callers_make_a_hundred_calls::scenario(),
        crowd::a_thousand_callers_share_a_breaker::scenario(),
        unheard::a_few_calls_overlap::scenario(),
        unheard::an_interval_ends_among_a_few_calls::scenario(),
        unheard::results_meet_changes::scenario(),
        unheard::anything_overlaps::scenario(),
        unheard::windows_fill_while_calls_overlap::scenario(),
        nesting::calls_inside_calls::scenario(),
        unheard::statistics_are_read_while_calls_overlap::scenario(),
        keyed::a_busy_key_keeps_its_place::scenario(),
        keyed::idle_keys_go_in_time::scenario(),
        keyed::keyed_swarm::scenario(),
        hostile::the_clock_shows_anything::scenario(),
        listeners::a_slow_listener_is_told_in_order::scenario(),
        listeners::a_slow_listener_misses_events::scenario(),
        listeners::a_listener_panics_while_others_go_on::scenario(),
        listeners::listeners_swarm::scenario(),
        // What other crates publish, and ours beside it.
        peers::failsafe_late_success_during_a_trial::scenario(),
        peers::failsafe_everyone_calls_while_half_open::scenario(),
        peers::recloser_late_success_during_a_trial::scenario(),
        peers::circuitbreaker_rs_everyone_calls_while_half_open::scenario(),
        peers::circuitbreaker_rs_trials_are_given_up::scenario(),
        peers::circuitbreaker_rs_late_success_during_a_trial::scenario(),
        peers::retrip_late_success_during_a_trial::scenario(),
        peers::retrip_everyone_calls_while_half_open::scenario(),
        peers::retrip_trials_are_given_up::scenario(),
    ])
    .expect("every scenario has a name of its own")
    .started_by("cargo run --")
}

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;
