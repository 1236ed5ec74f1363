//! Does `rejection_runs_nothing` find a call that was served although it was rejected, and one that was not served?

use crate::entry::*;
use crate::verdict::{breaks_at_end, keeps};
use retrip_sim::check::breaker::rejection_runs_nothing;

#[test]
fn serving_the_admitted_calls_only_keeps_it() {
    let log = [
        (S, serves(), '.'),
        (S, ok(), '.'),
        (2 * S, serves(), '.'),
        (2 * S, failed(), '.'),
        (2 * S, trips(), '.'),
        (3 * S, rejected(29 * S), '.'),
        (4 * S, serves(), '.'),
        (5 * S, ignored(), '.'),
    ];
    keeps(rejection_runs_nothing("llm"), log, '+');
}

#[test]
fn one_call_served_more_or_fewer_than_were_admitted_breaks_it() {
    let more =
        [(S, serves(), '.'), (S, ok(), '.'), (2 * S, rejected(S), '.'), (2 * S, serves(), '.')];
    let wanted = "serves the 1 calls that were admitted";
    let found = "serves 2 calls, 1 were rejected";
    breaks_at_end(rejection_runs_nothing("llm"), more, wanted, found);
    let fewer = [(S, ok(), '.'), (2 * S, rejected(S), '.'), (3 * S, rejected(S), '.')];
    let found = "serves 0 calls, 2 were rejected";
    breaks_at_end(rejection_runs_nothing("llm"), fewer, wanted, found);
}

#[test]
fn without_a_rejection_there_is_nothing_to_judge() {
    keeps(rejection_runs_nothing("llm"), [(S, serves(), '.'), (S, serves(), '.')], '.');
}

#[test]
fn calls_under_way_at_a_last_reading_were_admitted() {
    let log = vec![
        (S, serves(), '.'),
        (S, serves(), '.'),
        (S, serves(), '.'),
        (2 * S, ok(), '.'),
        (3 * S, rejected(S), '.'),
        (9 * S, read(&[("in flight", count(2))]), '.'),
    ];
    keeps(rejection_runs_nothing("llm"), log.clone(), '+');
    let and_then = |entry| log.iter().cloned().chain([(10 * S, entry, '.')]);
    keeps(rejection_runs_nothing("llm"), and_then(rejected(1).about("db")), '+');
    // Something happened after it, so nobody knows what is under way at the end.
    let (wanted, found) =
        ("serves the 1 calls that were admitted", "serves 3 calls, 2 were rejected");
    breaks_at_end(rejection_runs_nothing("llm"), and_then(rejected(1)), wanted, found);
    let too_few = read(&[("in flight", count(1))]);
    let (wanted, found) =
        ("serves the 2 calls that were admitted", "serves 3 calls, 1 were rejected");
    breaks_at_end(rejection_runs_nothing("llm"), and_then(too_few), wanted, found);
}

#[test]
fn another_breaker_and_other_notes_are_not_its_business() {
    let log = [
        (S, serves(), '.'),
        (S, serves().about("db"), '.'),
        (S, does("waits", &[]), '.'),
        (2 * S, ok(), '.'),
        (2 * S, ok().about("db"), '.'),
        (2 * S, ok().about("db"), '.'),
    ];
    keeps(rejection_runs_nothing("llm"), log.clone(), '.');
    let not_its = log.clone().into_iter().chain([
        (3 * S, rejected(S).about("db"), '.'),
        (4 * S, read(&[("in flight", count(5))]).about("db"), '.'),
    ]);
    keeps(rejection_runs_nothing("llm"), not_its.clone(), '.');
    keeps(rejection_runs_nothing("llm"), not_its.chain([(5 * S, rejected(S), '.')]), '+');
}
