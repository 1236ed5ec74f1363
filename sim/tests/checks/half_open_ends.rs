//! Does `half_open_ends` end a half-open period when its time is over: not one nanosecond before, and not later than anything?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::{HalfOpenEnds, half_open_ends};
use std::time::Duration;

fn promise() -> HalfOpenEnds {
    half_open_ends("llm", Duration::from_secs(30))
}

/// Half-open from 32 seconds on, and so until 62 seconds.
fn trial() -> Vec<(u64, Entry, char)> {
    vec![(2 * S, trips(), '.'), (32 * S, half_opens(), '.'), (32 * S, tried(), '.')]
}

fn then(more: impl IntoIterator<Item = (u64, Entry, char)>) -> Vec<(u64, Entry, char)> {
    trial().into_iter().chain(more).collect()
}

/// What happens to a half-open breaker, but by hand, and how that reads.
fn happenings() -> [(Entry, &'static str); 9] {
    [
        (tried(), "it is tried"),
        (ok(), "it call ok"),
        (failed(), "it call failed"),
        (ignored().admitted(0, S), "it call ignored"),
        (rejected_for_trials(), "it rejected"),
        (reclaimed(32 * S), "it trial is silent"),
        (closes(), "it closes"),
        (reopens(), "it opens"),
        (lifted(State::Open), "it half-opens"),
    ]
}

#[test]
fn opening_when_the_time_is_over_keeps_it_whenever_somebody_notices() {
    for at in [62 * S, 62 * S + 1, 900 * S] {
        keeps(promise(), then([(at, expires(), '+')]), '.');
    }
    // What counts is when it was decided, not when it was heard.
    keeps(promise(), then([(63 * S, ok().decided(62 * S - 1), '.')]), '.');
    let heard_late = [(33 * S, half_opens().decided(32 * S), '.'), (62 * S, expires(), '+')];
    keeps(promise(), heard_late, '.');
    // Nobody came to notice.
    keeps(promise(), trial(), '.');
}

#[test]
fn opening_one_nanosecond_early_breaks_it() {
    let (wanted, found) = ("half-open for 30.000s", "opens early");
    breaks(promise(), trial(), (62 * S - 1, expires()), wanted, found);
    let heard_late = (63 * S, expires().decided(62 * S - 1));
    breaks(promise(), trial(), heard_late, wanted, found);
    // What is not half-open has not been it for too long.
    breaks(promise(), [], (99 * S, expires()), wanted, found);
    let closed = then([(40 * S, closes(), '.')]);
    breaks(promise(), closed, (99 * S, expires()), wanted, found);
}

#[test]
fn anything_else_at_the_end_of_the_time_breaks_it_and_one_nanosecond_before_does_not() {
    let wanted = "opens after 30.000s of half-open";
    for (entry, found) in happenings() {
        breaks(promise(), trial(), (62 * S, entry.clone()), wanted, found);
        keeps(promise(), then([(62 * S - 1, entry, '.')]), '.');
    }
    let lifted = (62 * S, stays(State::Closed, Cause::Lifted));
    breaks(promise(), trial(), lifted, wanted, "it is lifted");
}

#[test]
fn whoever_does_it_by_hand_need_not_notice() {
    let commands = [
        forced(State::HalfOpen),
        isolated(State::HalfOpen, S),
        disabled(State::HalfOpen),
        only_measures(State::HalfOpen),
        reset(State::HalfOpen),
        stays(State::Open, Cause::Forced),
        stays(State::Closed, Cause::Reset),
    ];
    for command in commands {
        keeps(promise(), then([(62 * S, command, '.')]), '.');
    }
}

#[test]
fn what_is_no_longer_half_open_has_no_time_to_end() {
    let ends = [
        closes(),
        reopens(),
        forced(State::HalfOpen),
        isolated(State::HalfOpen, 90 * S),
        reset(State::HalfOpen),
    ];
    for end in ends {
        keeps(promise(), then([(40 * S, end, '.'), (99 * S, rejected(S), '.')]), '.');
    }
}

#[test]
fn each_period_has_its_own_time() {
    // The interval that follows was over already: half-open again, at once.
    let again = [(90 * S, expires(), '+'), (90 * S, half_opens(), '.'), (90 * S, tried(), '.')];
    let wanted = "opens after 30.000s of half-open";
    breaks(promise(), then(again.clone()), (120 * S, ok()), wanted, "it call ok");
    let in_time = [(120 * S - 1, ok(), '.'), (120 * S, expires(), '+')];
    keeps(promise(), then(again.into_iter().chain(in_time)), '.');
    let lifted = [(40 * S, forced(State::HalfOpen), '.'), (50 * S, lifted(State::Open), '.')];
    breaks(promise(), then(lifted.clone()), (80 * S, tried()), wanted, "it is tried");
    keeps(promise(), then(lifted.into_iter().chain([(80 * S - 1, tried(), '.')])), '.');
}

#[test]
fn a_time_that_is_longer_than_a_clock_can_tell_does_not_end() {
    let log = [(0, half_opens(), '.'), (u64::MAX, tried(), '.')];
    keeps(half_open_ends("llm", Duration::MAX), log, '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = then([
        (40 * S, half_opens().about("db"), '.'),
        (50 * S, closes().about("db"), '.'),
        (62 * S, tried().about("db"), '.'),
        (62 * S, expires().about("db"), '.'),
        (62 * S, expires(), '+'),
    ]);
    keeps(promise(), log, '.');
}
