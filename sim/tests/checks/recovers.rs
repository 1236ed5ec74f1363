//! Does `recovers` count the calls that could have helped, from the end of the interval on, and those only?

use crate::entry::*;
use crate::verdict::{breaks, breaks_at_end, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::{Recovers, recovers};
use retrip_sim::log::BackendEvent;
use std::time::Duration;

fn promise() -> Recovers {
    recovers("llm", Duration::from_secs(30), 2)
}

/// Open from 2 s on, generation 1, and half-open from 32 s on, generation 2.
fn trial() -> Vec<(u64, Entry, char)> {
    vec![(2 * S, trips(), '.'), (32 * S, half_opens(), '.'), (32 * S, tried(), '.')]
}

fn then(log: Vec<(u64, Entry, char)>, more: &[(u64, Entry, char)]) -> Vec<(u64, Entry, char)> {
    log.into_iter().chain(more.iter().cloned()).collect()
}

fn fails() -> Entry {
    backend(BackendEvent::Fails)
}

fn heals() -> Entry {
    backend(BackendEvent::Recovers)
}

const WANTED: &str = "closes at call 2 after the interval";
const NOT_CLOSED: &str = "it is not closed at the end";

#[test]
fn closing_at_the_second_call_keeps_it() {
    let more = [(33 * S, ok(), '+'), (34 * S, ok(), '+'), (34 * S, closes(), '+')];
    keeps(promise(), then(trial(), &more), '.');
    // Not enough calls to be expected to close.
    keeps(promise(), trial(), '.');
    keeps(promise(), then(trial(), &more[..1]), '.');
}

#[test]
fn one_call_more_breaks_it_and_so_does_the_end() {
    let two = then(trial(), &[(33 * S, ok(), '+'), (34 * S, ok(), '+')]);
    let found = "call ok at call 3, and it is not closed";
    breaks(promise(), two.clone(), (35 * S, ok()), WANTED, found);
    let found = "rejected at call 3, and it is not closed";
    breaks(promise(), two.clone(), (35 * S, rejected_for_trials()), WANTED, found);
    breaks_at_end(promise(), two, WANTED, NOT_CLOSED);
}

#[test]
fn a_rejection_counts_as_a_call_that_did_not_help() {
    let open = vec![(2 * S, trips(), '.')];
    let once = then(open, &[(32 * S, rejected(1), '+')]);
    let found = "rejected at call 2, and it is not closed";
    breaks(promise(), once.clone(), (33 * S, rejected(1)), WANTED, found);
    let served = then(once, &[(34 * S, half_opens(), '.'), (34 * S, ok(), '+')]);
    breaks_at_end(promise(), served.clone(), WANTED, NOT_CLOSED);
    let found = "call ok at call 3, and it is not closed";
    breaks(promise(), served, (35 * S, ok()), WANTED, found);
}

#[test]
fn calls_count_from_exactly_the_end_of_the_interval_on() {
    let early = [
        (32 * S - 1, rejected(1), '.'),
        (33 * S, rejected(1).decided(32 * S - 1), '.'),
        (33 * S, ok().admitted(0, 32 * S - 1), '.'),
        (33 * S, ok().admitted(0, S), '.'),
    ];
    let early = then(vec![(2 * S, trips(), '.')], &early);
    keeps(promise(), early.clone(), '.');
    let in_time = [(32 * S, rejected(1), '+'), (34 * S, ok().admitted(1, 32 * S), '+')];
    breaks_at_end(promise(), then(early, &in_time), WANTED, NOT_CLOSED);
}

#[test]
fn calls_while_the_backend_fails_do_not_count_and_its_recovery_begins_the_count_anew() {
    let failing = [
        (33 * S, ok(), '+'),
        (34 * S, fails(), '.'),
        (35 * S, ok(), '.'),
        (36 * S, rejected(1), '.'),
    ];
    let failing = then(trial(), &failing);
    keeps(promise(), failing.clone(), '.');
    let healed = then(failing, &[(37 * S, heals(), '.'), (38 * S, ok(), '+')]);
    keeps(promise(), healed.clone(), '.');
    breaks_at_end(promise(), then(healed, &[(39 * S, ok(), '+')]), WANTED, NOT_CLOSED);
}

#[test]
fn a_failed_trial_begins_the_count_and_the_interval_anew() {
    let again = [
        (33 * S, ok(), '+'),
        (35 * S, failed(), '.'),
        (35 * S, reopens(), '.'),
        (36 * S, ok().admitted(2, 33 * S), '.'),
        (65 * S - 1, rejected(1), '.'),
        (65 * S, half_opens(), '.'),
        (65 * S, ok(), '+'),
    ];
    let again = then(trial(), &again);
    keeps(promise(), again.clone(), '.');
    let more = [(66 * S, ok(), '+'), (66 * S, closes(), '+')];
    keeps(promise(), then(again.clone(), &more), '.');
    breaks_at_end(promise(), then(again, &more[..1]), WANTED, NOT_CLOSED);
}

#[test]
fn results_that_neither_succeed_nor_are_rejected_do_not_count() {
    let log =
        then(trial(), &[(33 * S, ignored(), '.'), (34 * S, ok(), '+'), (35 * S, tried(), '.')]);
    keeps(promise(), log, '.');
}

#[test]
fn forced_open_it_cannot_recover() {
    let rejections = [(90 * S, rejected_until_reset(), '.'), (91 * S, rejected_until_reset(), '.')];
    keeps(promise(), then(vec![(2 * S, forced(State::Closed), '.')], &rejections), '.');
    let while_open = vec![(2 * S, trips(), '.'), (9 * S, stays(State::Open, Cause::Forced), '.')];
    keeps(promise(), then(while_open, &rejections), '.');
    let on_trial = then(trial(), &[(33 * S, ok(), '+'), (34 * S, forced(State::HalfOpen), '.')]);
    keeps(promise(), then(on_trial, &rejections), '.');
}

#[test]
fn a_reset_is_no_recovery_and_nothing_is_owed_after_it() {
    let log = [
        (33 * S, ok(), '+'),
        (34 * S, reset(State::HalfOpen), '.'),
        (35 * S, ok(), '.'),
        (36 * S, rejected(1), '.'),
        (37 * S, stays(State::Closed, Cause::Reset), '.'),
        (38 * S, ok(), '.'),
        (39 * S, closes(), '.'),
    ];
    keeps(promise(), then(trial(), &log), '.');
}

#[test]
fn another_breaker_and_its_backend_are_not_its_business() {
    let log = [
        (33 * S, fails().about("db"), '.'),
        (33 * S, ok(), '+'),
        (34 * S, heals().about("db"), '.'),
        (34 * S, rejected(1).about("db"), '.'),
        (34 * S, closes().about("db"), '.'),
        (34 * S, ok(), '+'),
    ];
    breaks_at_end(promise(), then(trial(), &log), WANTED, NOT_CLOSED);
    let log = [(33 * S, fails(), '.'), (34 * S, heals().about("db"), '.'), (35 * S, ok(), '.')];
    keeps(promise(), then(trial(), &log), '.');
}
