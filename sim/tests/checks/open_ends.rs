//! Does `open_ends` break at the first call that is rejected when the interval is over, and not one nanosecond before?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::{OpenEnds, OpenFor, open_ends};
use std::time::Duration;

fn promise() -> OpenEnds {
    open_ends("llm", Duration::from_secs(30))
}

/// Of a breaker that may be half-open for a minute.
fn as_told() -> OpenEnds {
    open_ends("llm", OpenFor::AsTold { half_open_for: Some(Duration::from_secs(60)) })
}

const WANTED: &str = "half-opens after 30.000s";

#[test]
fn a_half_opening_keeps_it_and_a_rejection_for_trials_after_that_does() {
    let log = [
        (2 * S, trips(), '.'),
        (32 * S - 1, rejected(1), '.'),
        (40 * S, half_opens(), '+'),
        (40 * S, tried(), '.'),
        (41 * S, rejected_for_trials(), '.'),
        (42 * S, reopens(), '.'),
        (72 * S - 1, rejected(1), '.'),
        (72 * S, half_opens(), '+'),
        (73 * S, closes(), '.'),
        (99 * S, rejected(1), '.'),
    ];
    keeps(promise(), log, '.');
}

#[test]
fn a_rejection_when_the_interval_is_exactly_over_breaks_it() {
    let late = (32 * S, rejected(S / 2));
    breaks(promise(), [(2 * S, trips(), '.')], late, WANTED, "rejected for 0.500s more");
    // What counts is when it was decided.
    let log = [(2 * S, trips(), '.'), (33 * S, rejected(1).decided(32 * S - 1), '.')];
    keeps(promise(), log, '.');
}

#[test]
fn a_rejection_for_trials_of_a_breaker_that_never_half_opened_breaks_it() {
    let late = (32 * S, rejected_for_trials());
    breaks(promise(), [(2 * S, trips(), '.')], late, WANTED, "rejected while trials run");
}

#[test]
fn the_interval_of_a_reopening_ends_too() {
    let log = [(2 * S, trips(), '.'), (32 * S, half_opens(), '+'), (33 * S, reopens(), '.')];
    breaks(promise(), log, (63 * S, rejected(1)), WANTED, "rejected for 0.000000001s more");
}

#[test]
fn forced_open_or_reset_it_has_no_interval_to_end() {
    let forced = [(2 * S, forced(State::Closed), '.'), (99 * S, rejected_until_reset(), '.')];
    keeps(promise(), forced, '.');
    let while_open = [
        (2 * S, trips(), '.'),
        (9 * S, stays(State::Open, Cause::Forced), '.'),
        (99 * S, rejected_until_reset(), '.'),
        (99 * S, half_opens(), '.'),
    ];
    keeps(promise(), while_open, '.');
    let reset =
        [(2 * S, trips(), '.'), (9 * S, reset(State::Open), '.'), (99 * S, rejected(1), '.')];
    keeps(promise(), reset, '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (2 * S, trips().about("db"), '.'),
        (99 * S, rejected(1), '.'),
        (99 * S, trips(), '.'),
        (199 * S, rejected(1).about("db"), '.'),
        (199 * S, half_opens().about("db"), '.'),
        (199 * S, half_opens(), '+'),
    ];
    keeps(promise(), log, '.');
}

#[test]
fn an_interval_that_no_clock_can_tell_the_end_of_does_not_end() {
    let log = [(u64::MAX - 5, trips(), '.'), (u64::MAX, rejected(1), '.')];
    keeps(open_ends("llm", Duration::from_nanos(6)), log.clone(), '.');
    keeps(open_ends("llm", Duration::MAX), log.clone(), '.');
    let [opens, (at, late, _)] = log;
    let found = "rejected for 0.000000001s more";
    let promise = open_ends("llm", Duration::from_nanos(5));
    breaks(promise, [opens], (at, late), "half-opens after 0.000000005s", found);
}

#[test]
fn an_interval_that_it_names_ends_after_so_long() {
    let wanted = "half-opens after the interval that it names";
    let log = [
        (2 * S, trips().lasting(10 * S), '.'),
        (12 * S - 1, rejected(1), '.'),
        (12 * S, half_opens(), '+'),
        (13 * S, reopens().lasting(20 * S), '.'),
        (33 * S - 1, rejected(1), '.'),
    ];
    breaks(as_told(), log.clone(), (33 * S, rejected(S)), wanted, "rejected for 1.000s more");
    keeps(as_told(), log.into_iter().chain([(34 * S, half_opens(), '+')]), '.');
    keeps(as_told(), [(2 * S, trips(), '.'), (900 * S, rejected(1), '.')], '.');
    // It has been open since its half-open period should have been over.
    let late = [(3 * S, half_opens(), '.'), (70 * S, expires().lasting(9 * S).after(67 * S), '.')];
    keeps(as_told(), late.clone().into_iter().chain([(72 * S - 1, rejected(1), '.')]), '.');
    breaks(as_told(), late, (72 * S, rejected(S)), wanted, "rejected for 1.000s more");
}

#[test]
fn isolation_ends_after_the_time_that_was_said() {
    for promise in [promise, as_told] {
        let log = [(2 * S, isolated(State::Closed, 40 * S), '.'), (42 * S - 1, rejected(1), '.')];
        keeps(promise(), log.clone().into_iter().chain([(42 * S, half_opens(), '+')]), '.');
    }
    let log = [(2 * S, trips(), '.'), (9 * S, isolated(State::Open, S), '.')];
    breaks(promise(), log, (10 * S, rejected(S)), WANTED, "rejected for 1.000s more");
}

#[test]
fn an_opening_lasts_for_as_long_as_its_failure_asks_for_and_the_next_one_for_as_long_as_ever() {
    let asks = || failed().asks(50 * S);
    let log = || vec![(2 * S, asks(), '.'), (2 * S, trips().lasting(50 * S), '.')];
    let found = "rejected for 0.000000001s more";
    keeps(promise(), log().into_iter().chain([(52 * S - 1, rejected(1), '.')]), '.');
    breaks(promise(), log(), (52 * S, rejected(1)), WANTED, found);
    let again = log().into_iter().chain([
        (60 * S, half_opens(), '+'),
        (60 * S, failed(), '.'),
        (60 * S, reopens(), '.'),
    ]);
    breaks(promise(), again, (90 * S, rejected(1)), WANTED, found);
}
