//! Does `failed_trial_restarts_interval` want the opening at the failure itself, and a whole interval from there?

use crate::entry::*;
use crate::verdict::{breaks, breaks_at_end, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::{
    FailedTrialRestartsInterval, OpenFor, failed_trial_restarts_interval,
};
use std::time::Duration;

fn promise() -> FailedTrialRestartsInterval {
    failed_trial_restarts_interval("llm", Duration::from_secs(30))
}

/// Half-open, generation 2, with one trial.
fn trial() -> Vec<(u64, Entry, char)> {
    vec![
        (S, failed(), '.'),
        (2 * S, trips(), '.'),
        (3 * S, rejected(29 * S), '.'),
        (32 * S, half_opens(), '.'),
        (32 * S, tried(), '.'),
    ]
}

fn trial_fails() -> Vec<(u64, Entry, char)> {
    trial().into_iter().chain([(35 * S, failed(), '.')]).collect()
}

fn reopened() -> Vec<(u64, Entry, char)> {
    trial_fails().into_iter().chain([(35 * S, reopens(), '.')]).collect()
}

#[test]
fn a_whole_interval_after_the_failed_trial_keeps_it() {
    let log = reopened().into_iter().chain([
        (35 * S, rejected(30 * S), '+'),
        (65 * S - 1, rejected(1), '+'),
        (65 * S, half_opens(), '+'),
        (66 * S, rejected_for_trials(), '.'),
        (67 * S, failed(), '.'),
        (67 * S, reopens(), '.'),
        (97 * S, half_opens(), '+'),
        (98 * S, closes(), '.'),
        (99 * S, failed(), '.'),
    ]);
    keeps(promise(), log, '.');
}

#[test]
fn half_opening_one_nanosecond_early_breaks_it() {
    let early = (65 * S - 1, half_opens());
    let found = "half-opens at 64.999999999s";
    breaks(promise(), reopened(), early, "rejected until 65.000s", found);
}

#[test]
fn anything_but_opening_at_the_failure_breaks_it() {
    let wanted = "opens again";
    breaks(promise(), trial_fails(), (35 * S, rejected_for_trials()), wanted, "it rejected");
    breaks(promise(), trial_fails(), (36 * S, closes()), wanted, "it closes");
    breaks_at_end(promise(), trial_fails(), wanted, "it stays half-open");
}

#[test]
fn opening_one_nanosecond_later_breaks_it() {
    let late = (35 * S + 1, reopens());
    let found = "opens at 35.000000001s";
    breaks(promise(), trial_fails(), late, "opens again at 35.000s", found);
}

#[test]
fn opening_although_no_trial_failed_breaks_it() {
    let (wanted, found) = ("opens when a trial fails", "opens, and no trial failed");
    for end in [ok(), ignored(), failed().admitted(0, S)] {
        let log = trial().into_iter().chain([(35 * S, end, '.')]);
        breaks(promise(), log, (35 * S, reopens()), wanted, found);
    }
}

#[test]
fn a_failure_that_is_no_trial_opens_nothing() {
    keeps(promise(), trial().into_iter().chain([(35 * S, failed().admitted(0, S), '.')]), '.');
    let closed = [(35 * S, ok(), '.'), (35 * S, closes(), '.'), (36 * S, failed(), '.')];
    keeps(promise(), trial().into_iter().chain(closed), '.');
    let late = [(35 * S, reset(State::HalfOpen), '.'), (36 * S, failed().admitted(2, 32 * S), '.')];
    keeps(promise(), trial().into_iter().chain(late), '.');
}

#[test]
fn other_openings_have_other_promises() {
    // The first opening, of a failure too many.
    let first = [(2 * S, trips(), '.'), (3 * S, rejected(1), '.'), (4 * S, half_opens(), '.')];
    keeps(promise(), first, '.');
    let forced = [
        (40 * S, stays(State::Open, Cause::Forced), '.'),
        (41 * S, rejected_until_reset(), '.'),
        (42 * S, half_opens(), '.'),
    ];
    keeps(promise(), reopened().into_iter().chain(forced), '.');
    let reset = [(40 * S, reset(State::Open), '.'), (41 * S, rejected(1), '.')];
    keeps(promise(), reopened().into_iter().chain(reset), '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = trial_fails().into_iter().chain([
        (35 * S, rejected(1).about("db"), '.'),
        (35 * S, reopens().about("db"), '.'),
        (35 * S, reopens(), '.'),
        (36 * S, half_opens().about("db"), '.'),
        (36 * S, rejected(29 * S), '+'),
    ]);
    keeps(promise(), log, '.');
}

#[test]
fn an_interval_that_it_names_begins_at_the_failure() {
    let as_told = || failed_trial_restarts_interval("llm", OpenFor::AsTold { half_open_for: None });
    let log = trial_fails().into_iter().chain([(35 * S, reopens().lasting(20 * S), '.')]);
    let (wanted, found) = ("rejected until 55.000s", "half-opens at 54.999999999s");
    breaks(as_told(), log.clone(), (55 * S - 1, half_opens()), wanted, found);
    keeps(as_told(), log.chain([(54 * S, rejected(S), '+'), (55 * S, half_opens(), '+')]), '.');
}

#[test]
fn as_many_trials_as_are_tolerated_open_nothing_and_one_more_does() {
    let two = || promise().tolerating(2);
    let fails = |at: u64| (at * S, failed(), '.');
    let log = || trial().into_iter().chain([fails(33), fails(34)]);
    keeps(two(), log().chain([(35 * S, closes(), '.')]), '.');
    keeps(two(), log(), '.');
    let (wanted, found) = ("opens when a trial fails", "opens, and no trial failed");
    breaks(two(), log(), (34 * S, reopens()), wanted, found);
    let third = || log().chain([(34 * S, ok(), '.'), fails(35)]);
    keeps(two(), third().chain([(35 * S, reopens(), '.'), (65 * S, half_opens(), '+')]), '.');
    breaks_at_end(two(), third(), "opens again", "it stays half-open");
    // Each period has its own.
    let next = [(35 * S, reopens(), '.'), (65 * S, half_opens(), '+'), fails(66), fails(67)];
    keeps(two(), third().chain(next), '.');
    // Ignored trials and calls from before the period have not failed.
    let others = [(34 * S, ignored(), '.'), (34 * S, failed().admitted(0, S), '.')];
    keeps(two(), log().chain(others), '.');
}

#[test]
fn a_trial_that_was_silent_for_too_long_opens_nothing() {
    let silent = || trial().into_iter().chain([(62 * S, reclaimed(32 * S), '.')]);
    let late = || (63 * S, failed().began(32 * S), '.');
    keeps(promise(), silent().chain([late(), (63 * S, tried(), '.')]), '.');
    let in_time = [late(), (64 * S, failed().began(63 * S), '.'), (64 * S, reopens(), '.')];
    keeps(promise(), silent().chain(in_time), '.');
}

#[test]
fn lifting_and_isolating_are_for_whoever_does_it_to_say() {
    let log = [
        (40 * S, isolated(State::Open, S), '.'),
        (41 * S, rejected(1), '.'),
        (41 * S, half_opens(), '.'),
    ];
    keeps(promise(), reopened().into_iter().chain(log), '.');
    keeps(promise(), reopened().into_iter().chain([(36 * S, lifted(State::Open), '.')]), '.');
}

#[test]
fn a_trial_that_is_slow_opens_it_where_that_counts_as_a_failure() {
    let ends_at = |at| trial().into_iter().chain([(at, ok().admitted(2, 32 * S), '.')]);
    let counts_slow_ones = || promise().with_slow_calls(slow_calls());
    let opens = || changes(State::HalfOpen, State::Open, Cause::TrialSlow);
    let late = 33 * S + 1;
    let again = [(late, opens(), '.'), (63 * S + 1, half_opens(), '+')];
    keeps(counts_slow_ones(), ends_at(late).chain(again), '.');
    breaks(counts_slow_ones(), ends_at(late), (late, closes()), "opens again", "it closes");
    let (wanted, found) = ("opens when a trial fails", "opens, and no trial failed");
    for (promise, at) in [(counts_slow_ones(), 33 * S), (promise(), late)] {
        breaks(promise, ends_at(at), (at, opens()), wanted, found);
    }
}
