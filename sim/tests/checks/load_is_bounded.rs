//! Does `load_is_bounded` count the calls that were served within each window, to the nanosecond at its ends?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_sim::check::breaker::{LoadIsBounded, load_is_bounded};
use std::time::Duration;

fn promise() -> LoadIsBounded {
    load_is_bounded("llm", Duration::from_secs(10), 2)
}

#[test]
fn as_many_as_may_be_within_any_window_keep_it() {
    let log = [
        (S, serves(), '+'),
        (S, failed(), '.'),
        (5 * S, serves(), '+'),
        (6 * S, rejected(S), '.'),
        // The first one is ten seconds old by now, and the second one is at the next.
        (11 * S, serves(), '+'),
        (15 * S, serves(), '+'),
        (15 * S, serves().about("db"), '.'),
    ];
    keeps(promise(), log, '.');
}

#[test]
fn one_more_within_a_window_breaks_it() {
    let log = [(S, serves(), '+'), (5 * S, serves(), '+')];
    let wanted = "serves at most 2 calls in 10.000s";
    breaks(promise(), log.clone(), (11 * S - 1, serves()), wanted, "serves 3");
    breaks(promise(), log, (5 * S, serves()), wanted, "serves 3");
}
