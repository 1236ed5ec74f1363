//! Does `open_rejects` let nothing through before the end of an interval, to the nanosecond, and nothing while forced open?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::{OpenFor, OpenRejects, open_rejects};
use std::time::Duration;

fn promise() -> OpenRejects {
    open_rejects("llm", Duration::from_secs(30))
}

/// Of a breaker that may be half-open for a minute.
fn as_told() -> OpenRejects {
    open_rejects("llm", OpenFor::AsTold { half_open_for: Some(Duration::from_secs(60)) })
}

#[test]
fn rejections_until_the_interval_is_over_keep_it() {
    let log = [
        (S, ok(), '.'),
        (2 * S, trips(), '.'),
        (2 * S, rejected(30 * S), '+'),
        (3 * S, failed().admitted(0, S), '.'),
        (32 * S - 1, rejected(1), '+'),
        (32 * S, half_opens(), '+'),
        (32 * S, tried(), '.'),
        (32 * S, rejected_for_trials(), '.'),
        (33 * S, ok(), '.'),
        (33 * S, closes(), '.'),
        (34 * S, ok(), '.'),
    ];
    keeps(promise(), log, '.');
}

#[test]
fn one_nanosecond_early_breaks_it() {
    let early = (32 * S - 1, half_opens());
    let found = "half-opens at 31.999999999s";
    breaks(promise(), [(2 * S, trips(), '.')], early, "rejected until 32.000s", found);
    // What counts is when it was decided, not when it was heard.
    let heard_late = (33 * S, half_opens().decided(32 * S - 1));
    breaks(promise(), [(2 * S, trips(), '.')], heard_late, "rejected until 32.000s", found);
}

#[test]
fn the_interval_of_a_reopening_begins_anew() {
    let log = [(2 * S, trips(), '.'), (32 * S, half_opens(), '+'), (33 * S, reopens(), '.')];
    let early = (63 * S - 1, half_opens());
    let found = "half-opens at 62.999999999s";
    breaks(promise(), log.clone(), early, "rejected until 63.000s", found);
    keeps(promise(), log.into_iter().chain([(63 * S, half_opens(), '+')]), '.');
}

#[test]
fn a_trial_or_a_call_while_open_breaks_it() {
    let open = [(2 * S, trips(), '.')];
    let wanted = "rejected until 32.000s";
    breaks(promise(), open.clone(), (9 * S, tried()), wanted, "a trial begins at 9.000s");
    let through = (9 * S, ok().admitted(1, 8 * S));
    breaks(promise(), open, through, wanted, "a call was admitted at 8.000s");
}

#[test]
fn a_call_that_came_through_while_open_breaks_it_whenever_it_ends() {
    let log = [
        (2 * S, trips(), '.'),
        (32 * S, half_opens(), '+'),
        (33 * S, reopens(), '.'),
        (40 * S, stays(State::Open, Cause::Forced), '.'),
        (50 * S, reset(State::Open), '.'),
        (51 * S, ok().admitted(2, 32 * S), '.'),
    ];
    let through = |generation, at| (60 * S, failed().admitted(generation, at));
    let cases = [
        (1, 9 * S, "rejected until 32.000s", "a call was admitted at 9.000s"),
        (3, 34 * S, "rejected until 63.000s", "a call was admitted at 34.000s"),
        (4, 41 * S, "rejected until it is reset", "a call was admitted at 41.000s"),
    ];
    for (generation, at, wanted, found) in cases {
        breaks(promise(), log.clone(), through(generation, at), wanted, found);
    }
    keeps(promise(), log.into_iter().chain([(60 * S, ok(), '.')]), '.');
}

#[test]
fn forced_open_it_ends_by_hand_only() {
    let by_hand = [(2 * S, forced(State::Closed), '.')];
    let while_open = [(2 * S, trips(), '.'), (31 * S, stays(State::Open, Cause::Forced), '.')];
    let wanted = "rejected until it is reset";
    let late = (900 * S, half_opens());
    breaks(promise(), by_hand.clone(), late.clone(), wanted, "half-opens at 900.000s");
    breaks(promise(), while_open, late, wanted, "half-opens at 900.000s");
    let lifted = [
        (900 * S, rejected_until_reset(), '+'),
        (901 * S, reset(State::Open), '.'),
        (901 * S, ok(), '.'),
        (902 * S, rejected(1), '.'),
    ];
    keeps(promise(), by_hand.into_iter().chain(lifted), '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (S, trips().about("db"), '.'),
        (2 * S, half_opens().about("db"), '.'),
        (2 * S, tried(), '.'),
        (3 * S, trips(), '.'),
        (4 * S, half_opens().about("db"), '.'),
        (4 * S, tried().about("db"), '.'),
        (5 * S, rejected(28 * S), '+'),
    ];
    keeps(promise(), log, '.');
}

#[test]
fn an_interval_that_no_clock_can_tell_the_end_of_does_not_end() {
    let wanted = "rejected until the end of time";
    let found = "half-opens at 18446744073.709551615s";
    let last = (u64::MAX, half_opens());
    for (open_for, opens) in [(Duration::from_nanos(6), u64::MAX - 5), (Duration::MAX, 0)] {
        let promise = open_rejects("llm", open_for);
        breaks(promise, [(opens, trips(), '.')], last.clone(), wanted, found);
    }
    let log = [(u64::MAX - 5, trips(), '.'), (u64::MAX, half_opens(), '+')];
    keeps(open_rejects("llm", Duration::from_nanos(5)), log, '.');
}

#[test]
fn what_is_isolated_rejects_for_as_long_as_was_said() {
    for promise in [promise, as_told] {
        let log = [
            (2 * S, trips().lasting(30 * S), '.'),
            (9 * S, isolated(State::Open, 40 * S), '.'),
            (32 * S, rejected(17 * S), '+'),
        ];
        let (early, wanted) = ((49 * S - 1, half_opens()), "rejected until 49.000s");
        breaks(promise(), log.clone(), early, wanted, "half-opens at 48.999999999s");
        keeps(promise(), log.into_iter().chain([(49 * S, half_opens(), '+')]), '.');
        let shorter = [(2 * S, isolated(State::Closed, S), '.'), (3 * S, half_opens(), '+')];
        keeps(promise(), shorter, '.');
    }
}

#[test]
fn an_interval_that_it_names_rejects_for_so_long() {
    let log = [
        (2 * S, trips().lasting(10 * S), '.'),
        (12 * S - 1, rejected(1), '+'),
        (12 * S, half_opens(), '+'),
        (13 * S, reopens().lasting(20 * S), '.'),
    ];
    let (early, wanted) = ((33 * S - 1, half_opens()), "rejected until 33.000s");
    breaks(as_told(), log.clone(), early, wanted, "half-opens at 32.999999999s");
    keeps(as_told(), log.into_iter().chain([(33 * S, half_opens(), '+')]), '.');
    let (unnamed, late) = ([(2 * S, trips(), '.')], (900 * S, half_opens()));
    let found = "half-opens at 900.000s";
    breaks(as_told(), unnamed, late.clone(), "rejected until the end of time", found);
    let forced = [(2 * S, forced(State::Closed).lasting(S), '.')];
    breaks(as_told(), forced, late, "rejected until it is reset", found);
}

#[test]
fn what_opens_too_late_has_rejected_since_it_was_time() {
    let opened = |after| {
        let expires = expires().lasting(10 * S).after(after);
        [(2 * S, trips().lasting(S), '.'), (3 * S, half_opens(), '+'), (75 * S, expires, '.')]
    };
    let cases = [
        (60 * S, 85 * S, "rejected until 85.000s", "half-opens at 84.999999999s"),
        (63 * S, 82 * S, "rejected until 82.000s", "half-opens at 81.999999999s"),
        // Early, it begins as it is told.
        (50 * S, 85 * S, "rejected until 85.000s", "half-opens at 84.999999999s"),
    ];
    for (after, end, wanted, found) in cases {
        breaks(as_told(), opened(after), (end - 1, half_opens()), wanted, found);
        keeps(as_told(), opened(after).into_iter().chain([(end, half_opens(), '+')]), '.');
    }
    // The interval is over already.
    keeps(as_told(), opened(70 * S).into_iter().chain([(75 * S, half_opens(), '+')]), '.');
}

#[test]
fn lifting_is_for_whoever_lifts_to_say() {
    let forced = [(2 * S, forced(State::Closed), '.'), (3 * S, rejected_until_reset(), '+')];
    let isolated = [(2 * S, isolated(State::Closed, 90 * S), '.'), (3 * S, rejected(89 * S), '+')];
    for log in [forced, isolated] {
        let lifted = [
            (4 * S, lifted(State::Open), '.'),
            (4 * S, tried(), '.'),
            (5 * S, rejected_for_trials(), '.'),
        ];
        keeps(promise(), log.into_iter().chain(lifted), '.');
    }
}
