//! Does `bounded_trials` count the trials of each half-open period, in flight and succeeded, up to the permits?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::State;
use retrip_sim::check::breaker::{BoundedTrials, bounded_trials};

fn promise() -> BoundedTrials {
    bounded_trials("llm", 2)
}

/// A half-open period, generation 2, with both permits taken.
fn both() -> Vec<(u64, Entry, char)> {
    vec![
        (2 * S, trips(), '.'),
        (32 * S, half_opens(), '.'),
        (32 * S, tried(), '+'),
        (33 * S, tried(), '+'),
    ]
}

const WANTED: &str = "at most 2 trials";

#[test]
fn as_many_trials_as_permits_keep_it_and_one_more_breaks_it() {
    keeps(promise(), both(), '.');
    breaks(promise(), both(), (34 * S, tried()), WANTED, "trial 3 begins");
}

#[test]
fn a_success_keeps_its_permit() {
    let log = both().into_iter().chain([(34 * S, ok(), '.')]);
    breaks(promise(), log, (35 * S, tried()), WANTED, "trial 3 begins");
}

#[test]
fn an_ignored_trial_gives_its_permit_back_once() {
    let log = both().into_iter().chain([(34 * S, ignored(), '.'), (35 * S, tried(), '+')]);
    breaks(promise(), log, (35 * S, tried()), WANTED, "trial 3 begins");
}

#[test]
fn an_ignored_call_of_an_earlier_generation_gives_no_permit_back() {
    let log = both().into_iter().chain([(34 * S, ignored().admitted(0, S), '.')]);
    breaks(promise(), log, (35 * S, tried()), WANTED, "trial 3 begins");
}

#[test]
fn a_call_that_ends_without_having_begun_as_a_trial_breaks_it() {
    let (wanted, found) =
        ("every call of a half-open period is a trial", "one ends that never began");
    for end in [ok(), failed(), ignored()] {
        let log = [(2 * S, trips(), '.'), (32 * S, half_opens(), '.')];
        breaks(promise(), log, (32 * S, end.clone()), wanted, found);
        let log = both().into_iter().chain([(34 * S, ok(), '.'), (34 * S, ignored(), '.')]);
        breaks(promise(), log, (35 * S, end), wanted, found);
    }
    // Calls from before the period are no trials.
    let log = both().into_iter().chain([
        (34 * S, ok().admitted(0, S), '.'),
        (34 * S, failed().admitted(0, S), '.'),
        (35 * S, ok(), '.'),
        (35 * S, ok(), '.'),
    ]);
    keeps(promise(), log, '.');
}

#[test]
fn each_period_has_its_own_permits() {
    let again = [
        (34 * S, failed(), '.'),
        (34 * S, reopens(), '.'),
        (64 * S, half_opens(), '.'),
        (64 * S, tried(), '+'),
        (65 * S, ignored().admitted(2, 33 * S), '.'),
        (65 * S, tried(), '+'),
    ];
    let log = both().into_iter().chain(again);
    breaks(promise(), log, (66 * S, tried()), WANTED, "trial 3 begins");
}

#[test]
fn what_is_not_half_open_has_no_trials_to_count() {
    for ends in [closes(), reopens(), forced(State::HalfOpen), reset(State::HalfOpen)] {
        let log = both().into_iter().chain([(34 * S, ends, '.'), (35 * S, tried(), '.')]);
        keeps(promise(), log, '.');
    }
    keeps(promise(), [(S, tried(), '.'), (2 * S, ignored(), '.')], '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = both().into_iter().chain([
        (34 * S, tried().about("db"), '.'),
        (34 * S, ignored().admitted(2, 33 * S).about("db"), '.'),
        (34 * S, half_opens().about("db"), '.'),
    ]);
    breaks(promise(), log, (35 * S, tried()), WANTED, "trial 3 begins");
}

#[test]
fn a_success_that_is_slow_gives_its_permit_back_where_that_counts_as_a_failure() {
    let ends_at = |at| both().into_iter().chain([(at, ok().admitted(2, 33 * S), '.')]);
    let counts_slow_ones = || promise().with_slow_calls(slow_calls());
    keeps(counts_slow_ones(), ends_at(34 * S + 1).chain([(35 * S, tried(), '+')]), '.');
    for (promise, at) in [(counts_slow_ones(), 34 * S), (promise(), 34 * S + 1)] {
        breaks(promise, ends_at(at), (35 * S, tried()), WANTED, "trial 3 begins");
    }
}
