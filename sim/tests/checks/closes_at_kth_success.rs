//! Does `closes_at_kth_success` want the closing at the k-th success of one period: not one sooner, later, or elsewhen?

use crate::entry::*;
use crate::verdict::{breaks, breaks_at_end, keeps};
use retrip_core::breaker::State;
use retrip_sim::check::breaker::{ClosesAtKthSuccess, closes_at_kth_success};

fn promise() -> ClosesAtKthSuccess {
    closes_at_kth_success("llm", 2)
}

/// Half-open, generation 2, with one success.
fn one() -> Vec<(u64, Entry, char)> {
    vec![
        (S, ok(), '.'),
        (2 * S, trips(), '.'),
        (32 * S, half_opens(), '.'),
        (32 * S, tried(), '.'),
        (33 * S, ok(), '+'),
    ]
}

fn two() -> Vec<(u64, Entry, char)> {
    one().into_iter().chain([(34 * S, ok(), '+')]).collect()
}

const WANTED: &str = "closes at success 2 of one half-open period";

#[test]
fn closing_at_the_second_success_keeps_it() {
    keeps(promise(), two().into_iter().chain([(34 * S, closes(), '+')]), '.');
    keeps(promise(), one(), '.');
}

#[test]
fn closing_one_success_sooner_breaks_it() {
    breaks(promise(), one(), (33 * S, closes()), WANTED, "closes at success 1");
    breaks(promise(), [], (33 * S, closes()), WANTED, "closes at success 0");
}

#[test]
fn anything_but_closing_at_the_second_success_breaks_it() {
    breaks(promise(), two(), (34 * S, rejected_for_trials()), WANTED, "it rejected");
    breaks(promise(), two(), (34 * S, reopens()), WANTED, "it opens");
    breaks(promise(), two(), (34 * S, tried()), WANTED, "it is tried");
    breaks_at_end(promise(), two(), WANTED, "it stays half-open");
}

#[test]
fn closing_one_nanosecond_later_breaks_it() {
    let late = (34 * S + 1, closes());
    breaks(promise(), two(), late, "closes at 34.000s", "closes at 34.000000001s");
    let heard_late = (35 * S, closes().decided(34 * S), '+');
    keeps(promise(), two().into_iter().chain([heard_late]), '.');
}

#[test]
fn results_of_other_generations_and_of_other_kinds_do_not_count() {
    let log = one().into_iter().chain([
        (34 * S, ok().admitted(0, S), '.'),
        (34 * S, ok().admitted(1, 9 * S), '.'),
        (34 * S, failed(), '.'),
        (34 * S, ignored(), '.'),
    ]);
    breaks(promise(), log, (34 * S, closes()), WANTED, "closes at success 1");
}

#[test]
fn each_period_counts_its_own_successes() {
    let log: Vec<_> = one()
        .into_iter()
        .chain([
            (34 * S, reopens(), '.'),
            (35 * S, ok().admitted(2, 33 * S), '.'),
            (64 * S, half_opens(), '.'),
            (64 * S, ok().admitted(2, 33 * S), '.'),
            (65 * S, ok(), '+'),
        ])
        .collect();
    breaks(promise(), log.clone(), (65 * S, closes()), WANTED, "closes at success 1");
    let log = log.into_iter().chain([(66 * S, ok(), '+'), (66 * S, closes(), '+')]);
    keeps(promise(), log, '.');
}

#[test]
fn a_command_ends_the_period_without_a_success_too_many() {
    for command in [reset(State::HalfOpen), forced(State::HalfOpen)] {
        let log = one().into_iter().chain([
            (34 * S, command, '.'),
            (35 * S, ok().admitted(2, 33 * S), '.'),
            (36 * S, ok(), '.'),
        ]);
        keeps(promise(), log, '.');
    }
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = two().into_iter().chain([
        (34 * S, ok().about("db"), '.'),
        (34 * S, closes().about("db"), '.'),
        (34 * S, closes(), '+'),
    ]);
    keeps(promise(), log, '.');
}

#[test]
fn a_success_that_is_slow_is_none_where_that_counts_as_a_failure() {
    let ends_at = |at, judged| one().into_iter().chain([(at, ok().admitted(2, 33 * S), judged)]);
    let counts_slow_ones = || promise().with_slow_calls(slow_calls());
    let late = 34 * S + 1;
    breaks(counts_slow_ones(), ends_at(late, '.'), (late, closes()), WANTED, "closes at success 1");
    for (promise, at) in [(counts_slow_ones(), 34 * S), (promise(), late)] {
        keeps(promise, ends_at(at, '+').chain([(at, closes(), '+')]), '.');
    }
}
