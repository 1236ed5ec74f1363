//! Does `recovery_takes` measure from the first opening to the closing, to the nanosecond?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::State;
use retrip_sim::check::breaker::{RecoveryTakes, recovery_takes};
use std::time::Duration;

fn promise() -> RecoveryTakes {
    recovery_takes("llm", Duration::from_secs(40))
}

#[test]
fn exactly_the_time_from_the_first_opening_to_the_closing_keeps_it() {
    let log = [
        (2 * S, trips(), '.'),
        (32 * S, half_opens(), '.'),
        (33 * S, reopens(), '.'),
        (41 * S, half_opens(), '.'),
        (42 * S, ok(), '.'),
        (42 * S, closes(), '+'),
        (50 * S, reset(State::HalfOpen), '.'),
        (60 * S, forced(State::Closed), '.'),
        (100 * S, reset(State::Open), '+'),
    ];
    keeps(promise(), log, '.');
}

#[test]
fn one_nanosecond_more_or_less_breaks_it() {
    let log = [(2 * S, trips(), '.'), (32 * S, half_opens(), '.')];
    let cases = [(42 * S + 1, "40.000000001s"), (42 * S - 1, "39.999999999s")];
    for (at, found) in cases {
        breaks(promise(), log.clone(), (at, closes()), "40.000s", found);
        // What counts is when it was decided.
        breaks(promise(), log.clone(), (42 * S, closes().decided(at)), "40.000s", found);
    }
}

#[test]
fn each_recovery_is_measured_from_its_own_opening() {
    let log = [(2 * S, trips(), '.'), (42 * S, closes(), '+'), (50 * S, trips(), '.')];
    breaks(promise(), log, (89 * S, closes()), "40.000s", "39.000s");
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (S, trips().about("db"), '.'),
        (2 * S, closes(), '.'),
        (3 * S, trips(), '.'),
        (9 * S, closes().about("db"), '.'),
        (43 * S, closes(), '+'),
    ];
    keeps(promise(), log, '.');
}
