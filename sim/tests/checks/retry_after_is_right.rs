//! Does `retry_after_is_right` know when a call may pass again, to the nanosecond, and when nobody can know?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::{OpenFor, RetryAfterIsRight, retry_after_is_right};
use std::time::Duration;

fn promise() -> RetryAfterIsRight {
    retry_after_is_right("llm", Duration::from_secs(30))
}

/// Of a breaker that may be half-open for a minute.
fn as_told() -> RetryAfterIsRight {
    let half_open_for = Some(Duration::from_secs(60));
    retry_after_is_right("llm", OpenFor::AsTold { half_open_for })
}

const NEVER: &str = "no time is said";
const AT_ONCE: &str = "after 0.000s";

#[test]
fn the_time_to_the_end_of_the_interval_keeps_it() {
    let log = [
        (2 * S, trips(), '.'),
        (2 * S, rejected(30 * S), '+'),
        (32 * S - 1, rejected(1), '+'),
        // Decided then, and heard of later.
        (32 * S, rejected(2).decided(32 * S - 2), '+'),
        (32 * S, half_opens(), '.'),
        (32 * S, tried(), '.'),
        (33 * S, rejected_for_trials(), '+'),
        (34 * S, reopens(), '.'),
        (35 * S, rejected(29 * S), '+'),
    ];
    keeps(promise(), log, '.');
}

#[test]
fn one_nanosecond_more_or_less_breaks_it_and_so_does_no_time() {
    let cases = [
        (rejected(29 * S + 1), "after 29.000000001s"),
        (rejected(29 * S - 1), "after 28.999999999s"),
        (rejected_for_trials(), AT_ONCE),
        (rejected_until_reset(), NEVER),
    ];
    for (entry, found) in cases {
        breaks(promise(), [(2 * S, trips(), '.')], (3 * S, entry), "after 29.000s", found);
    }
}

#[test]
fn whoever_need_not_wait_for_an_interval_is_told_no_time() {
    let half_open = [(2 * S, trips(), '.'), (32 * S, half_opens(), '.')];
    let found = "after 0.000000001s";
    breaks(promise(), half_open, (33 * S, rejected(1)), AT_ONCE, found);
    breaks(promise(), [], (S, rejected(1)), AT_ONCE, found);
    keeps(promise(), [(S, rejected(0), '+')], '.');
    // That it should have half-opened, another promise says.
    let over = [(2 * S, trips(), '.'), (32 * S, rejected(0), '+'), (33 * S, rejected(0), '+')];
    keeps(promise(), over.clone(), '.');
    breaks(promise(), over, (33 * S, rejected(1)), AT_ONCE, found);
}

#[test]
fn forced_open_nobody_knows() {
    let by_hand = vec![(2 * S, forced(State::Closed), '.')];
    let while_open = vec![(2 * S, trips(), '.'), (9 * S, stays(State::Open, Cause::Forced), '.')];
    for log in [by_hand, while_open] {
        let found = [(rejected(23 * S), "after 23.000s"), (rejected_for_trials(), AT_ONCE)];
        for (entry, found) in found {
            breaks(promise(), log.clone(), (9 * S, entry), NEVER, found);
        }
        let lifted = [
            (9 * S, rejected_until_reset(), '+'),
            (10 * S, lifted(State::Open), '.'),
            (10 * S, rejected_for_trials(), '+'),
        ];
        keeps(promise(), log.into_iter().chain(lifted), '.');
    }
}

#[test]
fn isolated_it_is_the_time_that_was_said_from_then_on() {
    for promise in [promise, as_told] {
        let log = [
            (2 * S, trips().lasting(30 * S), '.'),
            (9 * S, isolated(State::Open, 7 * S), '.'),
            (10 * S, rejected(6 * S), '+'),
            (11 * S, isolated(State::Open, 7 * S), '.'),
        ];
        keeps(promise(), log.clone().into_iter().chain([(18 * S - 1, rejected(1), '+')]), '.');
        let late = (12 * S, rejected(4 * S));
        breaks(promise(), log, late, "after 6.000s", "after 4.000s");
        let from_closed = [(S, isolated(State::Closed, 7 * S), '.'), (S, rejected(7 * S), '+')];
        keeps(promise(), from_closed, '.');
    }
}

#[test]
fn an_interval_that_it_names_is_the_one_that_is_left() {
    let log = [
        (2 * S, trips().lasting(10 * S), '.'),
        (3 * S, rejected(9 * S), '+'),
        (12 * S, half_opens(), '.'),
        (13 * S, reopens().lasting(20 * S), '.'),
        (14 * S, rejected(19 * S), '+'),
        (15 * S, stays(State::Open, Cause::Forced), '.'),
        (16 * S, rejected_until_reset(), '+'),
    ];
    keeps(as_told(), log.clone(), '.');
    let named = log.into_iter().take(4);
    breaks(as_told(), named, (14 * S, rejected(29 * S)), "after 19.000s", "after 29.000s");
    let unnamed = [(2 * S, trips(), '.')];
    breaks(as_told(), unnamed, (3 * S, rejected(S)), NEVER, "after 1.000s");
}

#[test]
fn what_opens_too_late_has_been_open_since_it_was_time() {
    let half_open = [(2 * S, trips().lasting(10 * S), '.'), (12 * S, half_opens(), '.')];
    let opened = |at, after| {
        let expires = (at, expires().lasting(10 * S).after(after), '.');
        half_open.clone().into_iter().chain([expires])
    };
    keeps(as_told(), opened(72 * S, 60 * S).chain([(72 * S, rejected(10 * S), '+')]), '.');
    keeps(as_told(), opened(75 * S, 63 * S).chain([(75 * S, rejected(7 * S), '+')]), '.');
    let late = (75 * S, rejected(10 * S));
    breaks(as_told(), opened(75 * S, 63 * S), late, "after 7.000s", "after 10.000s");
    // Nothing but that begins earlier than it is told, and nothing does where no time is set.
    let failed = (75 * S, reopens().lasting(10 * S).after(63 * S), '.');
    let log = half_open.clone().into_iter().chain([failed, (75 * S, rejected(10 * S), '+')]);
    keeps(as_told(), log, '.');
    let endless = retry_after_is_right("llm", OpenFor::AsTold { half_open_for: None });
    keeps(endless, opened(75 * S, 63 * S).chain([(75 * S, rejected(10 * S), '+')]), '.');
}

#[test]
fn an_interval_that_no_clock_can_tell_the_end_of_is_told_all_the_same() {
    let log = [(u64::MAX - 5, trips(), '.'), (u64::MAX, rejected(30 * S - 5), '+')];
    keeps(promise(), log, '.');
    let endless = retry_after_is_right("llm", Duration::from_nanos(u64::MAX));
    keeps(endless, [(7, trips(), '.'), (9, rejected(u64::MAX - 2), '+')], '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (S, trips().about("db"), '.'),
        (2 * S, trips(), '.'),
        (3 * S, half_opens().about("db"), '.'),
        (3 * S, rejected(S).about("db"), '.'),
        (4 * S, rejected(28 * S), '+'),
    ];
    keeps(promise(), log, '.');
}
