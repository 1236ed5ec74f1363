//! Does `permits_are_given` allow a half-open rejection only where each permit is with a trial that still has it?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::State;
use retrip_sim::check::breaker::{PermitsAreGiven, permits_are_given};

fn promise() -> PermitsAreGiven {
    permits_are_given("llm", 2)
}

/// A half-open period, generation 2, with both permits taken.
fn both() -> Vec<(u64, Entry, char)> {
    vec![
        (2 * S, trips(), '.'),
        (32 * S, half_opens(), '.'),
        (32 * S, tried(), '.'),
        (33 * S, tried(), '.'),
        (33 * S, rejected_for_trials(), '+'),
    ]
}

const ONE: &str = "a trial: 1 of 2 permits are taken";

#[test]
fn whoever_is_rejected_while_a_permit_is_free_breaks_it() {
    keeps(promise(), both(), '.');
    let none = [(2 * S, trips(), '.'), (32 * S, half_opens(), '.')];
    let wanted = "a trial: 0 of 2 permits are taken";
    breaks(promise(), none, (32 * S, rejected_for_trials()), wanted, "a rejection");
    let one = both().into_iter().take(3);
    breaks(promise(), one, (32 * S, rejected_for_trials()), ONE, "a rejection");
}

#[test]
fn a_success_keeps_its_permit_and_every_other_end_gives_it_back() {
    let kept = [(34 * S, ok(), '.'), (35 * S, rejected_for_trials(), '+')];
    keeps(promise(), both().into_iter().chain(kept), '.');
    for end in [failed(), ignored(), reclaimed(32 * S)] {
        let log = both().into_iter().chain([(34 * S, end, '.')]);
        breaks(promise(), log, (35 * S, rejected_for_trials()), ONE, "a rejection");
    }
}

#[test]
fn a_silent_trial_gives_its_permit_back_once() {
    let log = both().into_iter().chain([
        (34 * S, reclaimed(32 * S), '.'),
        (34 * S, tried(), '.'),
        (35 * S, ignored().admitted(2, 32 * S), '.'),
        (35 * S, rejected_for_trials(), '+'),
    ]);
    keeps(promise(), log, '.');
}

#[test]
fn calls_of_earlier_generations_have_no_permit_to_give_back() {
    let late = [(34 * S, ignored().admitted(0, S), '.'), (35 * S, rejected_for_trials(), '+')];
    keeps(promise(), both().into_iter().chain(late), '.');
}

#[test]
fn who_is_rejected_because_it_is_open_is_no_concern_of_it() {
    keeps(promise(), [(2 * S, trips(), '.'), (3 * S, rejected(29 * S), '.')], '.');
    let again =
        [(34 * S, failed(), '.'), (34 * S, reopens(), '.'), (35 * S, rejected(29 * S), '.')];
    keeps(promise(), both().into_iter().chain(again), '.');
    for ends in [closes(), forced(State::HalfOpen), reset(State::HalfOpen)] {
        keeps(promise(), both().into_iter().chain([(34 * S, ends, '.')]), '.');
    }
}

#[test]
fn a_success_that_is_slow_gives_its_permit_back_where_that_counts_as_a_failure() {
    let ends_at = |at| both().into_iter().chain([(at, ok().admitted(2, 33 * S), '.')]);
    let rejection = |at| (at, rejected_for_trials());
    let counts_slow_ones = || promise().with_slow_calls(slow_calls());
    breaks(counts_slow_ones(), ends_at(34 * S + 1), rejection(35 * S), ONE, "a rejection");
    for (promise, at) in [(counts_slow_ones(), 34 * S), (promise(), 34 * S + 1)] {
        keeps(promise, ends_at(at).chain([(35 * S, rejected_for_trials(), '+')]), '.');
    }
}
