//! Does `manual_wins` let what was done by hand stand against everything but another command, and isolation until its end?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::manual_wins;

const FORCED: &str = "forced open until it is lifted";
const ISOLATED: &str = "isolated until that is over";
const DISABLED: &str = "disabled until it is lifted";
const MEASURES: &str = "measures only until it is lifted";

/// What was done by hand: the word for it, the command, and whether that leaves the breaker open.
fn by_hand() -> [(&'static str, Entry, State); 4] {
    [
        (FORCED, forced(State::Closed), State::Open),
        (ISOLATED, isolated(State::Closed, 9 * S), State::Open),
        (DISABLED, disabled(State::Closed), State::Closed),
        (MEASURES, only_measures(State::Closed), State::Closed),
    ]
}

/// Every change that a breaker makes by itself but the end of an interval, and how it reads.
fn changes_by_itself() -> [(Entry, &'static str); 6] {
    [
        (trips(), "it opens"),
        (changes(State::Closed, State::Open, Cause::FailureRate), "it opens"),
        (changes(State::Closed, State::Open, Cause::SlowRate), "it opens"),
        (reopens(), "it opens"),
        (expires(), "it opens"),
        (closes(), "it closes"),
    ]
}

/// Every command that changes the state.
fn commands() -> [Entry; 6] {
    [
        forced(State::Closed),
        isolated(State::Closed, S),
        disabled(State::Open),
        only_measures(State::Open),
        lifted(State::Open),
        reset(State::Open),
    ]
}

#[test]
fn results_and_rejections_keep_it_where_it_is_open_by_hand() {
    for (_, command, _) in by_hand().into_iter().filter(|(_, _, state)| *state == State::Open) {
        let log = [
            (S, command, '.'),
            (2 * S, rejected_until_reset(), '+'),
            (2 * S, rejected(8 * S), '+'),
            (3 * S, ok().admitted(0, 0), '+'),
            (3 * S, failed().admitted(0, 0), '+'),
            (4 * S, reclaimed(S), '.'),
        ];
        keeps(manual_wins("llm"), log, '.');
    }
}

#[test]
fn results_keep_it_where_it_is_closed_by_hand_and_rejections_break_it() {
    for (wanted, command, _) in by_hand().into_iter().filter(|(_, _, state)| *state != State::Open)
    {
        let log = [
            (S, command, '.'),
            (2 * S, ok(), '+'),
            (3 * S, failed(), '+'),
            (3 * S, failed().admitted(0, 0), '+'),
            (4 * S, ignored(), '+'),
        ];
        keeps(manual_wins("llm"), log.clone(), '.');
        for rejection in [rejected(S), rejected_for_trials(), rejected_until_reset()] {
            breaks(manual_wins("llm"), log.clone(), (5 * S, rejection), wanted, "it rejected");
        }
    }
}

#[test]
fn every_change_that_it_makes_by_itself_breaks_it_and_so_does_a_trial() {
    for (wanted, command, _) in by_hand() {
        for (entry, found) in changes_by_itself().into_iter().chain([(tried(), "it is tried")]) {
            let log = [(S, command.clone(), '.')];
            breaks(manual_wins("llm"), log, (9 * S, entry), wanted, found);
        }
    }
}

#[test]
fn only_isolation_ends_with_its_time() {
    for (wanted, command, _) in by_hand() {
        let log = [(S, command, '.')];
        if wanted != ISOLATED {
            breaks(manual_wins("llm"), log, (10 * S, half_opens()), wanted, "it half-opens");
            continue;
        }
        let over = [
            (10 * S, half_opens(), '+'),
            (10 * S, tried(), '.'),
            (11 * S, failed(), '.'),
            (11 * S, reopens(), '.'),
        ];
        keeps(manual_wins("llm"), log.into_iter().chain(over), '.');
    }
}

#[test]
fn a_command_keeps_it_and_what_it_does_holds_from_then_on() {
    for (_, first, _) in by_hand() {
        for command in commands() {
            keeps(manual_wins("llm"), [(S, first.clone(), '.'), (2 * S, command, '+')], '.');
        }
    }
    let stays_open =
        [(S, isolated(State::Closed, 9 * S), '.'), (2 * S, stays(State::Open, Cause::Forced), '.')];
    breaks(manual_wins("llm"), stays_open, (10 * S, half_opens()), FORCED, "it half-opens");
    let stays_closed =
        [(S, disabled(State::Closed), '.'), (2 * S, only_measures(State::Closed), '.')];
    breaks(manual_wins("llm"), stays_closed, (3 * S, trips()), MEASURES, "it opens");
    let closed = [(S, forced(State::Closed), '.'), (2 * S, disabled(State::Open), '+')];
    breaks(manual_wins("llm"), closed, (3 * S, rejected(S)), DISABLED, "it rejected");
    let opened = [(S, disabled(State::Closed), '.'), (2 * S, isolated(State::Closed, S), '+')];
    breaks(manual_wins("llm"), opened, (3 * S, tried()), ISOLATED, "it is tried");
}

#[test]
fn lifted_or_reset_it_does_everything_by_itself_again() {
    let everything = || {
        let changes = changes_by_itself().into_iter().map(|(entry, _)| entry);
        let others = [half_opens(), tried(), rejected(S), rejected_until_reset(), ok(), failed()];
        changes.chain(others).map(|entry| (9 * S, entry, '.'))
    };
    for (_, command, state) in by_hand() {
        let mark = if state == State::Open { '+' } else { '.' };
        let reset = if state == State::Open { reset(state) } else { stays(state, Cause::Reset) };
        for end in [lifted(state), reset] {
            let log = [(S, command.clone(), '.'), (2 * S, end, mark)];
            keeps(manual_wins("llm"), log.into_iter().chain(everything()), '.');
        }
    }
    // Nothing was done to it.
    keeps(manual_wins("llm"), everything(), '.');
    keeps(manual_wins("llm"), commands().map(|command| (S, command, '.')).into_iter().take(1), '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = [
        (S, forced(State::Closed).about("db"), '.'),
        (2 * S, trips(), '.'),
        (3 * S, half_opens(), '.'),
        (4 * S, forced(State::HalfOpen), '.'),
        (5 * S, half_opens().about("db"), '.'),
        (5 * S, reset(State::Open).about("db"), '.'),
        (6 * S, rejected_until_reset(), '+'),
    ];
    keeps(manual_wins("llm"), log, '.');
}
