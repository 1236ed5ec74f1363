//! Do the promises about a rate limit and about a second file know what is too much, what is missing, and what is there twice?

use crate::entry::*;
use crate::verdict::{Line, breaks, keeps};
use retrip_sim::check::logger::{
    accounting_is_exact, copy_is_accounted, held_back_is_told, losses_are_announced, rate_is_kept,
};
use std::time::Duration;

const MILLI: u64 = S / 1000;

fn of_app(verb: &'static str, fields: &[(&'static str, retrip_sim::log::Value)]) -> Entry {
    does(verb, fields).about("app")
}

/// All of these in the first second, of none of which anything is said.
fn quietly(entries: impl IntoIterator<Item = Entry>) -> Vec<Line> {
    entries.into_iter().map(|entry| (S, entry, '.')).collect()
}

fn writes_from(began: u64) -> Entry {
    of_app("writes", &[("", text("m")), ("seq", count(1)), ("began", moment(began))])
}

fn holds_back() -> Entry {
    of_app("holds back", &[("", text("m"))])
}

fn tells(seq: i64, held_back: i64) -> Entry {
    of_app("sums up", &[("seq", count(seq)), ("count", count(held_back))])
}

fn holds(seq: i64) -> Entry {
    of_app("holds", &[("", text("m")), ("seq", count(seq))])
}

fn is_read() -> Entry {
    of_app("is read", &[])
}

fn counts(fields: &[(&'static str, i64)]) -> Entry {
    let fields: Vec<_> = fields.iter().map(|&(name, number)| (name, count(number))).collect();
    of_app("counts", &fields)
}

fn limited(number: i64) -> Entry {
    counts(&[("rate_limited", number)])
}

#[test]
fn no_more_pass_than_tokens_are_there_and_come_back() {
    let promise = || rate_is_kept("app", 2, Duration::from_millis(100));
    let passes = |at: u64| (at * MILLI, writes_from(at * MILLI), '+');
    // Two at once, and one every fifty milliseconds.
    keeps(promise(), [0, 0, 50, 100, 100 + 100, 200].map(passes), '.');
    let early = (49 * MILLI, writes_from(49 * MILLI));
    breaks(promise(), [0, 0].map(passes), early, "at most 2 within 49ms", "3 passed");
    // Whoever began before may have had its token before.
    let late = |began: u64| (60 * MILLI, writes_from(began * MILLI), '+');
    keeps(promise(), [passes(0), late(10), late(60)], '.');
    // Each has a bucket of its own that is full at first, and a log of others says nothing.
    let others = [(0, writes_from(0).about("audit"), '.'), (0, writes_from(0).about("audit"), '.')];
    keeps(promise(), others.into_iter().chain([passes(0), passes(0)]), '.');
}

#[test]
fn lost_events_and_those_that_wait_have_passed_as_well() {
    let promise = || rate_is_kept("app", 1, Duration::from_millis(100));
    for verb in ["loses", "queues"] {
        let passes = || of_app(verb, &[("", text("m")), ("began", moment(0))]);
        breaks(
            promise(),
            [(0, passes(), '+')],
            (MILLI, passes()),
            "at most 1 within 1ms",
            "2 passed",
        );
    }
}

#[test]
fn what_was_held_back_before_a_flush_is_told_after_it_and_never_twice() {
    let promise = || held_back_is_told("app");
    let flush = || [of_app("begins to flush", &[]), of_app("flushes", &[])];
    let fails =
        || [of_app("begins to flush", &[]), of_app("flushes", &[("error", text("no room"))])];
    let file = |told: &[i64]| {
        let told: Vec<_> = told.iter().map(|&number| tells(9, number)).collect();
        [vec![is_read()], told].concat()
    };
    let two = || vec![holds_back(), holds_back()];
    let log = |parts: &[Vec<Entry>]| quietly(parts.concat());
    let judged = |log: Vec<Line>, number: i64| {
        log.into_iter().chain([(S, limited(number), '+')]).collect::<Vec<_>>()
    };
    keeps(promise(), judged(log(&[two(), flush().to_vec(), file(&[2])]), 2), '.');
    keeps(promise(), judged(log(&[two(), flush().to_vec(), file(&[1, 1])]), 2), '.');
    // Nobody has flushed, or the flush has failed, or it is from before.
    keeps(promise(), judged(log(&[two(), file(&[])]), 2), '.');
    keeps(promise(), judged(log(&[two(), fails().to_vec(), file(&[])]), 2), '.');
    keeps(promise(), judged(log(&[flush().to_vec(), two(), file(&[])]), 2), '.');
    // One more is held back, and nobody says so yet.
    keeps(promise(), judged(log(&[two(), flush().to_vec(), file(&[3])]), 3), '.');

    let missing = log(&[two(), flush().to_vec(), file(&[1])]);
    breaks(promise(), missing, (S, limited(2)), "at least 2 told of", "1 in the file");
    let twice = log(&[two(), flush().to_vec(), file(&[2, 2])]);
    breaks(promise(), twice, (S, limited(2)), "at most 2 told of", "4 in the file");
    // A reading begins anew.
    let again = log(&[two(), flush().to_vec(), file(&[2]), file(&[2])]);
    keeps(promise(), judged(again, 2), '.');
}

#[test]
fn what_tells_of_a_limit_has_a_number_as_any_line_has() {
    let promise = || losses_are_announced("app");
    let flushed = [holds_back(), of_app("flushes", &[]), is_read()];
    let log = |lines: &[Entry]| quietly(flushed.iter().chain(lines).cloned());
    let right = log(&[holds(1), tells(2, 1), holds(3)]);
    keeps(promise(), right.into_iter().chain([(S, limited(1), '+')]), '.');
    let missing = log(&[holds(1), tells(3, 1)]);
    let wanted = "line 2, or an announcement of its loss";
    breaks(promise(), missing, (S, limited(1)), wanted, "neither is in the file");
}

#[test]
fn what_tells_of_a_limit_is_offered_and_accepted_beside_what_was_logged() {
    let told = quietly([writes_from(0), holds_back()]);
    let of = |offered, limited, accepted, written, dropped, notices| {
        counts(&[
            ("offered", offered),
            ("rate_limited", limited),
            ("accepted", accepted),
            ("written", written),
            ("dropped", dropped),
            ("notices", notices),
        ])
    };
    for right in [of(2, 1, 1, 1, 0, 0), of(3, 1, 2, 2, 0, 1), of(3, 1, 2, 1, 1, 1)] {
        keeps(accounting_is_exact("app"), told.clone().into_iter().chain([(S, right, '+')]), '.');
    }
    let promise = || accounting_is_exact("app");
    let wrong = of(2, 0, 2, 2, 0, 1);
    breaks(promise(), told.clone(), (S, wrong), "1 held back", "0 counted");
    let wrong = of(4, 1, 3, 3, 0, 1);
    breaks(promise(), told, (S, wrong), "2 told and accepted", "3 counted");
}

#[test]
fn a_second_file_has_what_it_says_it_has_and_counts_the_rest() {
    let of = |accepted, filtered, written, dropped, buffered| {
        counts(&[
            ("accepted", accepted),
            ("filtered", filtered),
            ("written", written),
            ("dropped", dropped),
            ("buffered", buffered),
        ])
    };
    let file = || [is_read(), holds(1), holds(2)];
    let told = || quietly([of_app("shuts down", &[])].into_iter().chain(file()));
    let promise = || copy_is_accounted("app");
    let failed = of_app("flushes", &[("error", text("no room"))]);
    for unsettled in [vec![], vec![failed]] {
        let log = quietly(unsettled.into_iter().chain(file()));
        keeps(promise(), log.into_iter().chain([(S, of(9, 0, 2, 0, 0), '.')]), '.');
    }
    keeps(promise(), told().into_iter().chain([(S, of(4, 1, 2, 1, 0), '+')]), '.');
    keeps(promise(), told().into_iter().chain([(S, of(9, 0, 2, 0, 1), '.')]), '.');
    let again = told().into_iter().chain(told()).chain([(S, of(2, 0, 2, 0, 0), '+')]);
    keeps(promise(), again, '.');
    for (wrong, wanted, found) in [
        (of(5, 1, 2, 1, 0), "5 events, 2 of them lines", "4 events, 2 of them lines"),
        (of(4, 1, 3, 0, 0), "4 events, 3 of them lines", "4 events, 2 of them lines"),
    ] {
        breaks(promise(), told(), (S, wrong), wanted, found);
    }
}

#[test]
fn losses_of_a_second_file_are_those_that_it_counts() {
    let promise = || losses_are_announced("app");
    let range = [("first", count(1)), ("last", count(2)), ("count", count(2))];
    let announces = of_app("announces", &[&[("seq", count(2))], &range[..]].concat());
    let told = quietly([of_app("flushes", &[]), is_read(), announces, holds(3)]);
    let of = |dropped| {
        of_app(
            "counts",
            &[("dropped", count(dropped)), ("further", retrip_sim::log::Value::Flag(true))],
        )
    };
    keeps(promise(), told.clone().into_iter().chain([(S, of(2), '+')]), '.');
    breaks(promise(), told, (S, of(1)), "1 announced", "2 announced");
}
