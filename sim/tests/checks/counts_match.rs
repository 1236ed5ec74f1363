//! Does `counts_match` know what every statistic is, whenever it is read?

use crate::entry::*;
use crate::verdict::{breaks, keeps};
use retrip_core::breaker::{Cause, State};
use retrip_sim::check::breaker::{CountsMatch, counts_match};
use retrip_sim::log::Value;
use std::time::Duration;

fn promise() -> CountsMatch {
    counts_match("llm", Duration::from_secs(30))
}

/// Two failures of three calls open it; one call is still under way, one ends late, two are rejected.
fn run() -> Vec<(u64, Entry, char)> {
    let mut log: Vec<_> = (0..5).map(|_| (S, serves(), '.')).collect();
    log.extend([
        (2 * S, ok().admitted(0, S), '.'),
        (3 * S, failed().admitted(0, S), '.'),
        (4 * S, ignored().admitted(0, S), '.'),
        (5 * S, failed().admitted(0, S), '.'),
        (5 * S, trips(), '.'),
        (6 * S, failed().admitted(0, S), '.'),
        (7 * S, rejected(28 * S), '.'),
        (7 * S, rejected(28 * S), '.'),
        (7 * S, serves(), '.'),
        (8 * S, serves().about("db"), '.'),
        (8 * S, ok().about("db"), '.'),
        (8 * S, trips().about("db"), '.'),
        (8 * S, does("waits", &[]), '.'),
    ]);
    log
}

/// What every field is after [`run`], in the order in which they are judged.
fn fields() -> [(&'static str, Value); 13] {
    [
        ("", text("open")),
        ("since", moment(5 * S)),
        ("late", count(1)),
        ("successes in a row", count(0)),
        ("failures in a row", count(2)),
        ("in flight", count(1)),
        ("success", count(1)),
        ("failure", count(3)),
        ("ignored", count(1)),
        ("rejected", count(2)),
        ("transitions", count(1)),
        ("last success", moment(2 * S)),
        ("last failure", moment(6 * S)),
    ]
}

#[test]
fn a_new_breaker_has_counted_nothing() {
    keeps(promise(), [(0, read(&[]), '+'), (99 * S, read(&[]), '+')], '.');
    let served = read(&[("in flight", count(1))]);
    breaks(promise(), [], (S, served), "in flight 0", "in flight 1");
}

#[test]
fn a_reading_of_what_happened_keeps_it_and_another_value_of_any_field_breaks_it() {
    let log = run().into_iter().chain([(9 * S, read(&fields()), '+')]);
    keeps(promise(), log, '.');
    for (place, (name, wanted)) in fields().into_iter().enumerate() {
        let others = match &wanted {
            Value::Int(number) => vec![count(number - 1), count(number + 1)],
            Value::Instant(at) => vec![moment(at.as_nanos() - 1), moment(at.as_nanos() + 1)],
            _ => vec![text("closed"), text("half-open")],
        };
        let words = |value: &dyn std::fmt::Display| format!("{name} {value}").trim().to_owned();
        for other in others {
            let mut fields = fields();
            fields[place].1 = other.clone();
            let last = (9 * S, read(&fields));
            breaks(promise(), run(), last, &words(&wanted), &words(&other));
        }
        let lacks = (9 * S, read(&fields()).lacks(name));
        breaks(promise(), run(), lacks, &words(&wanted), &words(&"nothing"));
    }
}

#[test]
fn a_reading_of_another_breaker_is_not_its_business() {
    keeps(promise(), run().into_iter().chain([(9 * S, read(&[]).about("db"), '.')]), '.');
}

/// The log after which a reading has these fields, others as in a new breaker.
#[track_caller]
fn then(log: &[(u64, Entry)], at: u64, state: &str, fields: &[(&str, Value)]) {
    let log = log.iter().cloned().map(|(at, entry)| (at, entry, '.'));
    let fields: Vec<_> = fields.iter().cloned().chain([("", text(state))]).collect();
    keeps(promise(), log.chain([(at, read(&fields), '+')]), '.');
}

/// What a reading says once the interval is over and no call has come since.
const TO_THE_NEXT_CALL: &str = "half-open to the next call";

#[test]
fn the_state_is_the_one_at_the_moment_of_the_reading() {
    let opened = [("since", moment(2 * S)), ("transitions", count(1))];
    let trips = [(2 * S, trips())];
    then(&trips, 32 * S - 1, "open", &opened);
    let over = |at: u64, changes| [("open since", moment(at)), ("transitions", count(changes))];
    then(&trips, 32 * S, TO_THE_NEXT_CALL, &over(2 * S, 1));
    then(&[(2 * S, forced(State::Closed))], 900 * S, "open", &opened);
    let and_forced = [trips[0].clone(), (9 * S, stays(State::Open, Cause::Forced))];
    then(&and_forced, 900 * S, "open", &opened);
    let again = [trips[0].clone(), (32 * S, half_opens()), (33 * S, reopens())];
    let opened = [("since", moment(33 * S)), ("transitions", count(3))];
    then(&again, 63 * S - 1, "open", &opened);
    then(&again, 63 * S, TO_THE_NEXT_CALL, &over(33 * S, 3));
    let half_open = [("since", moment(40 * S)), ("transitions", count(2))];
    then(&[trips[0].clone(), (40 * S, half_opens())], 99 * S, "half-open", &half_open);
    // The interval begins when the breaker decided, not when that was heard.
    let decided = [(9 * S, trips[0].1.clone().decided(2 * S))];
    then(&decided, 32 * S, TO_THE_NEXT_CALL, &over(2 * S, 1));
}

/// After these, one a second from the start on, the rows are this long, so many results came late, and in all so many
/// succeeded, failed and were ignored.
#[track_caller]
fn rows(log: &[Entry], successes: i64, failures: i64, late: i64, totals: [i64; 3]) {
    let last = |wanted: &[&str]| {
        let at = log.iter().rposition(|entry| {
            let event = entry.event(0, 0);
            wanted.contains(&&*event.what.verb())
        });
        at.map_or(text("never"), |at| moment(at as u64 * S))
    };
    let timed = || log.iter().cloned().enumerate().map(|(at, entry)| (at as u64 * S, entry, '.'));
    let ended: i64 = totals.iter().sum();
    let fields = [
        ("successes in a row", count(successes)),
        ("failures in a row", count(failures)),
        ("late", count(late)),
        ("success", count(totals[0])),
        ("failure", count(totals[1])),
        ("ignored", count(totals[2])),
        ("last success", last(&["call ok"])),
        ("last failure", last(&["call failed"])),
    ];
    let served = (0..ended).map(|_| (0, serves(), '.'));
    keeps(promise(), served.chain(timed()).chain([(99 * S, read(&fields), '+')]), '.');
}

#[test]
fn a_row_is_of_results_that_counted_and_said_something_since_the_last_reset() {
    let again = || stays(State::Closed, Cause::Reset);
    rows(&[ok(), failed(), failed()], 0, 2, 0, [1, 2, 0]);
    rows(&[failed(), ok(), ok()], 2, 0, 0, [2, 1, 0]);
    rows(&[failed(), ignored(), failed(), ignored()], 0, 2, 0, [0, 2, 2]);
    rows(&[failed(), again(), failed()], 0, 1, 0, [0, 2, 0]);
    rows(&[ok(), again()], 0, 0, 0, [1, 0, 0]);
    rows(&[again(), failed(), ok().admitted(0, 0), failed()], 0, 2, 1, [1, 2, 0]);
    rows(&[again(), ok(), failed().admitted(0, 0), ok()], 2, 0, 1, [2, 1, 0]);
    rows(&[again(), ignored().admitted(0, 0)], 0, 0, 1, [0, 0, 1]);
}

#[test]
fn a_reset_that_changes_the_state_ends_the_rows_and_no_other_change_does() {
    let failure =
        [("failure", count(1)), ("last failure", moment(2 * S)), ("in flight", count(-1))];
    let log = [(2 * S, failed()), (2 * S, trips())];
    let opened = [("since", moment(2 * S)), ("transitions", count(1))];
    let row = [("failures in a row", count(1))];
    let open: Vec<_> = failure.clone().into_iter().chain(opened).chain(row).collect();
    then(&log, 9 * S, "open", &open);
    let closed = [("since", moment(9 * S)), ("transitions", count(2))];
    let closed: Vec<_> = failure.into_iter().chain(closed).collect();
    let log: Vec<_> = log.into_iter().chain([(9 * S, reset(State::Open))]).collect();
    then(&log, 10 * S, "closed", &closed);
}
