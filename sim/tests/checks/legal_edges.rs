//! Does `legal_edges` know every edge with its cause, and no other, and the number of each change?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::legal_edges;

const STATES: [State; 3] = [State::Closed, State::Open, State::HalfOpen];
const CAUSES: [Cause; 7] = [
    Cause::Threshold,
    Cause::IntervalOver,
    Cause::TrialFailed,
    Cause::TrialSlow,
    Cause::TrialsSucceeded,
    Cause::Forced,
    Cause::Reset,
];
const EDGES: [(State, State, Cause); 9] = [
    (State::Closed, State::Open, Cause::Threshold),
    (State::Open, State::HalfOpen, Cause::IntervalOver),
    (State::HalfOpen, State::Open, Cause::TrialFailed),
    (State::HalfOpen, State::Open, Cause::TrialSlow),
    (State::HalfOpen, State::Closed, Cause::TrialsSucceeded),
    (State::Closed, State::Open, Cause::Forced),
    (State::HalfOpen, State::Open, Cause::Forced),
    (State::Open, State::Closed, Cause::Reset),
    (State::HalfOpen, State::Closed, Cause::Reset),
];
const COMMANDS: [(State, Cause); 2] = [(State::Open, Cause::Forced), (State::Closed, Cause::Reset)];

/// How a breaker comes to be in `state`.
fn into(state: State) -> Vec<(u64, Entry, char)> {
    match state {
        State::Closed => vec![],
        State::Open => vec![(2 * S, trips(), '+')],
        State::HalfOpen => vec![(2 * S, trips(), '+'), (32 * S, half_opens(), '+')],
    }
}

#[test]
fn the_legal_edges_keep_it_and_every_other_one_breaks_it() {
    for from in STATES {
        for to in STATES {
            for cause in CAUSES {
                let change = changes(from, to, cause);
                if EDGES.contains(&(from, to, cause)) {
                    keeps(
                        legal_edges("llm"),
                        into(from).into_iter().chain([(33 * S, change, '+')]),
                        '.',
                    );
                } else {
                    let wanted = format!("a legal change from {from}");
                    let found = format!("{from} to {to} ({cause:?})");
                    breaks(legal_edges("llm"), into(from), (33 * S, change), &wanted, &found);
                }
            }
        }
    }
}

#[test]
fn a_command_that_asks_for_the_state_that_is_there_keeps_it_and_no_other_does() {
    for before in STATES {
        for state in STATES {
            for cause in CAUSES {
                let command = stays(state, cause);
                if before == state && COMMANDS.contains(&(state, cause)) {
                    let log = into(before).into_iter().chain([(33 * S, command, '+')]);
                    keeps(legal_edges("llm"), log, '.');
                } else {
                    let wanted = format!("a command that leaves it {before}");
                    let found = format!("it stays {state} ({cause:?})");
                    breaks(legal_edges("llm"), into(before), (33 * S, command), &wanted, &found);
                }
            }
        }
    }
}

#[test]
fn a_change_that_does_not_begin_where_the_one_before_ended_breaks_it() {
    for before in STATES {
        for (from, to, cause) in EDGES.into_iter().filter(|edge| edge.0 != before) {
            let (wanted, found) = (format!("a change from {before}"), format!("from {from}"));
            let change = (33 * S, changes(from, to, cause));
            breaks(legal_edges("llm"), into(before), change, &wanted, &found);
        }
    }
}

#[test]
fn each_change_and_each_command_begins_the_next_generation_and_nothing_else_does() {
    let log = [
        (S, ok(), '.'),
        (S, stays(State::Closed, Cause::Reset), '+'),
        (2 * S, trips(), '+'),
        (3 * S, rejected(S), '.'),
        (32 * S, half_opens(), '+'),
        (32 * S, tried(), '.'),
    ];
    keeps(legal_edges("llm"), log.clone(), '.');
    let cases = [
        (ok().stamped(2), "generation 3", "generation 2"),
        (ok().stamped(4), "generation 3", "generation 4"),
        (reopens().stamped(3), "generation 4", "generation 3"),
        (reopens().stamped(5), "generation 4", "generation 5"),
    ];
    for (entry, wanted, found) in cases {
        breaks(legal_edges("llm"), log.clone(), (33 * S, entry), wanted, found);
    }
    let renewed = (S, stays(State::Closed, Cause::Reset).stamped(0));
    breaks(legal_edges("llm"), [], renewed, "generation 1", "generation 0");
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (S, closes().about("db"), '.'),
        (S, ok().stamped(9).about("db"), '.'),
        (2 * S, trips(), '+'),
        (32 * S, half_opens(), '+'),
    ];
    keeps(legal_edges("llm"), log, '.');
}
