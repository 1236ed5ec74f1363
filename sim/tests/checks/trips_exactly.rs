//! Does `trips_exactly` want the opening at the n-th failure in a row: not one sooner, later, or elsewhen?

use crate::entry::*;
use crate::verdict::{breaks, breaks_at_end, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::{TripsExactly, trips_exactly};

fn promise() -> TripsExactly {
    trips_exactly("llm", 3)
}

/// So many failures, one a second from the first second on.
fn failures(count: u64) -> Vec<(u64, Entry, char)> {
    (1..=count).map(|nth| (nth * S, failed(), '+')).collect()
}

fn then(log: Vec<(u64, Entry, char)>, more: &[(u64, Entry, char)]) -> Vec<(u64, Entry, char)> {
    log.into_iter().chain(more.iter().cloned()).collect()
}

const WANTED: &str = "opens at failure 3 in a row";

#[test]
fn opening_at_the_third_failure_keeps_it() {
    keeps(promise(), then(failures(3), &[(3 * S, trips(), '+')]), '.');
    keeps(promise(), failures(2), '.');
    // Decided at that time, heard of later.
    keeps(promise(), then(failures(3), &[(9 * S, trips().decided(3 * S), '+')]), '.');
}

#[test]
fn opening_one_failure_sooner_breaks_it() {
    let found = [
        "opens at failure 0 in a row",
        "opens at failure 1 in a row",
        "opens at failure 2 in a row",
    ];
    for (count, found) in (0..).zip(found) {
        breaks(promise(), failures(count), (count * S, trips()), WANTED, found);
    }
}

#[test]
fn anything_but_opening_at_the_third_failure_breaks_it() {
    breaks(promise(), failures(3), (3 * S, rejected(S)), WANTED, "it rejected");
    breaks(promise(), failures(3), (4 * S, failed()), WANTED, "it call failed");
    breaks(promise(), failures(3), (4 * S, ok()), WANTED, "it call ok");
    breaks(promise(), failures(3), (3 * S, forced(State::Closed)), WANTED, "it opens");
    breaks_at_end(promise(), failures(3), WANTED, "it stays closed");
}

#[test]
fn opening_one_nanosecond_later_breaks_it() {
    let late = (3 * S + 1, trips());
    breaks(promise(), failures(3), late, "opens at 3.000s", "opens at 3.000000001s");
}

#[test]
fn a_success_ends_a_row_and_an_ignored_result_neither_counts_nor_ends_it() {
    let log = then(failures(2), &[(3 * S, ok(), '+'), (4 * S, failed(), '+')]);
    breaks(promise(), log, (4 * S, trips()), WANTED, "opens at failure 1 in a row");
    let ignores = then(failures(2), &[(3 * S, ignored(), '+')]);
    breaks(promise(), ignores.clone(), (3 * S, trips()), WANTED, "opens at failure 2 in a row");
    let more = [(4 * S, failed(), '+'), (4 * S, trips(), '+')];
    keeps(promise(), then(ignores, &more), '.');
}

#[test]
fn results_of_earlier_generations_neither_count_nor_end_a_row() {
    let again = vec![(S, stays(State::Closed, Cause::Reset), '.')];
    let two = [(2 * S, failed(), '+'), (3 * S, failed(), '+')];
    let late = |entry: Entry| (3 * S, entry.admitted(0, 0), '+');
    let log = then(then(again, &two), &[late(failed())]);
    breaks(promise(), log.clone(), (3 * S, trips()), WANTED, "opens at failure 2 in a row");
    let more = [late(ok()), late(failed()), (4 * S, failed(), '+'), (4 * S, trips(), '+')];
    keeps(promise(), then(log, &more), '.');
}

#[test]
fn a_row_begins_anew_with_a_reset_and_with_a_closing() {
    let found = "opens at failure 1 in a row";
    let again = [(2 * S, stays(State::Closed, Cause::Reset), '.'), (3 * S, failed(), '+')];
    breaks(promise(), then(failures(2), &again), (3 * S, trips()), WANTED, found);
    let closed = [
        (3 * S, trips(), '+'),
        (33 * S, half_opens(), '.'),
        (33 * S, ok(), '+'),
        (33 * S, closes(), '.'),
        (34 * S, failed(), '+'),
    ];
    breaks(promise(), then(failures(3), &closed), (34 * S, trips()), WANTED, found);
    let more = [(35 * S, failed(), '+'), (36 * S, failed(), '+'), (36 * S, trips(), '+')];
    keeps(promise(), then(then(failures(3), &closed), &more), '.');
}

#[test]
fn only_a_closed_breaker_trips() {
    let opened = vec![
        (S, failed(), '+'),
        (S, trips(), '+'),
        (2 * S, failed(), '+'),
        (2 * S, rejected(S), '.'),
        (31 * S, half_opens(), '.'),
        (32 * S, failed(), '+'),
        (32 * S, reopens(), '.'),
        (62 * S, half_opens(), '.'),
    ];
    keeps(trips_exactly("llm", 1), opened.clone(), '.');
    let (wanted, found) = ("opens at failure 1 in a row", "opens at failure 0 in a row");
    breaks(trips_exactly("llm", 1), opened, (63 * S, trips()), wanted, found);
    // As many failures in a row as it takes, but of trials.
    let trials = vec![(S, forced(State::Closed), '.')];
    let trials = then(trials, &[(31 * S, half_opens(), '.'), (32 * S, failed(), '+')]);
    keeps(trips_exactly("llm", 1), trials, '.');
}

#[test]
fn another_breaker_is_not_its_business() {
    let log = then(
        failures(2),
        &[
            (2 * S, ok().about("db"), '.'),
            (2 * S, failed().about("db"), '.'),
            (2 * S, trips().about("db"), '.'),
            (3 * S, failed(), '+'),
            (3 * S, rejected(S).about("db"), '.'),
            (3 * S, trips(), '+'),
        ],
    );
    keeps(promise(), log, '.');
}
