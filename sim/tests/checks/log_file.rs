//! Do the promises about a logger's file know what belongs into it, and what is missing?

use crate::entry::*;
use crate::verdict::{Line, breaks, keeps};
use retrip_sim::check::logger::{
    accounting_is_exact, failing_sink_is_left_alone, flush_waits_for_the_queue, flushed_is_durable,
    lines_stand_alone, losses_are_announced, only_a_failing_write_loses, queue_is_bounded,
    sink_is_tried_again, written_is_in_the_file,
};
use std::time::Duration;

const MILLI: u64 = S / 1000;

fn of_app(verb: &'static str, fields: &[(&'static str, retrip_sim::log::Value)]) -> Entry {
    does(verb, fields).about("app")
}

fn writes(message: &str, seq: i64) -> Entry {
    of_app("writes", &[("", text(message)), ("seq", count(seq))])
}

fn loses(message: &str) -> Entry {
    of_app("loses", &[("", text(message)), ("cause", text("sink_error(StorageFull)"))])
}

/// Lost, and logged at this moment.
fn loses_from(began: u64, message: &str) -> Entry {
    of_app("loses", &[("", text(message)), ("began", moment(began))])
}

fn filters() -> Entry {
    of_app("filters", &[("", text("debug"))])
}

fn flushes() -> Entry {
    of_app("flushes", &[])
}

fn cannot_flush() -> Entry {
    of_app("flushes", &[("error", text("no room"))])
}

fn begins_to_flush() -> Entry {
    of_app("begins to flush", &[])
}

/// Written, and logged at this moment.
fn writes_from(began: u64, message: &str) -> Entry {
    of_app("writes", &[("", text(message)), ("seq", count(1)), ("began", moment(began))])
}

/// A look at what a power failure leaves, and what it is.
fn outlives(kept: &[&str], mark: char) -> Vec<Line> {
    let keeps = |message: &&str| of_app("keeps", &[("", text(message)), ("seq", count(1))]);
    let mut look = quietly([of_app("loses power", &[])].into_iter().chain(kept.iter().map(keeps)));
    look.push((S, of_app("outlives", &[("count", count(kept.len() as i64))]), mark));
    look
}

fn is_read() -> Entry {
    of_app("is read", &[("count", count(100))])
}

fn holds(message: &str, seq: i64) -> Entry {
    of_app("holds", &[("", text(message)), ("seq", count(seq))])
}

fn announces(seq: i64, first: i64, last: i64, lost: i64) -> Entry {
    let range = [("first", count(first)), ("last", count(last)), ("count", count(lost))];
    of_app("announces", &[&[("seq", count(seq))], &range[..]].concat())
}

fn skips() -> Entry {
    of_app("skips", &[("at", count(7))])
}

/// Offered, filtered, rate limited, accepted, written, dropped, buffered.
fn counts([offered, filtered, limited, accepted, written, dropped, buffered]: [i64; 7]) -> Entry {
    of_app(
        "counts",
        &[
            ("offered", count(offered)),
            ("filtered", count(filtered)),
            ("rate_limited", count(limited)),
            ("accepted", count(accepted)),
            ("written", count(written)),
            ("dropped", count(dropped)),
            ("buffered", count(buffered)),
        ],
    )
}

fn any_counts() -> Entry {
    counts([0; 7])
}

fn disk_fails() -> Entry {
    does("write fails", &[("", text("ENOSPC"))]).about("disk")
}

/// All of these in the first second, of none of which anything is said.
fn quietly(entries: impl IntoIterator<Item = Entry>) -> Vec<Line> {
    entries.into_iter().map(|entry| (S, entry, '.')).collect()
}

#[test]
fn counts_that_add_up_and_are_those_of_the_events_are_exact() {
    let told = quietly([writes("a", 1), loses("b"), filters(), writes("c", 4)]);
    let right = counts([4, 1, 0, 3, 2, 1, 0]);
    keeps(accounting_is_exact("app"), told.clone().into_iter().chain([(S, right, '+')]), '.');
    for (wrong, wanted, found) in [
        ([5, 1, 0, 3, 2, 1, 0], "4 offered", "5 counted"),
        ([4, 1, 0, 3, 2, 0, 0], "2 accepted", "3 counted"),
        ([5, 1, 0, 4, 3, 1, 0], "2 written", "3 counted"),
        ([5, 1, 0, 4, 2, 2, 0], "1 dropped", "2 counted"),
        ([5, 2, 0, 3, 2, 1, 0], "1 filtered", "2 counted"),
        ([5, 1, 1, 3, 2, 1, 1], "4 accepted", "3 counted"),
    ] {
        breaks(accounting_is_exact("app"), told.clone(), (S, counts(wrong)), wanted, found);
    }
    let elsewhere = counts([9, 0, 0, 0, 0, 0, 0]).about("audit");
    keeps(accounting_is_exact("app"), [(S, elsewhere, '.')], '.');
}

#[test]
fn what_was_written_is_held_once_under_its_number_and_what_was_lost_is_not() {
    let told = quietly([writes("a", 1), loses("b"), writes("c", 4)]);
    let file = |held: &[Entry]| {
        let read = quietly(std::iter::once(is_read()).chain(held.iter().cloned()));
        told.iter().cloned().chain(read).collect::<Vec<_>>()
    };
    let promise = || written_is_in_the_file("app");
    let whole = [holds("a", 1), announces(3, 2, 2, 1), skips(), holds("c", 4)];
    let kept = file(&whole).into_iter().chain([(S, any_counts(), '+')]);
    // Of a second reading only what that one has counts.
    let again = quietly([is_read(), holds("a", 1), holds("c", 4)]);
    let kept = kept.chain(again).chain([(S, any_counts(), '+')]);
    keeps(promise(), kept, '.');
    for (held, wanted, found) in [
        (vec![holds("a", 1)], "`c` once, as line 4", "in the file with the numbers []"),
        (
            vec![holds("a", 1), holds("a", 2), holds("c", 4)],
            "`a` once, as line 1",
            "in the file with the numbers [1, 2]",
        ),
        (
            vec![holds("a", 2), holds("c", 4)],
            "`a` once, as line 1",
            "in the file with the numbers [2]",
        ),
        (vec![holds("a", 1), holds("b", 2), holds("c", 4)], "`b` lost", "it is in the file"),
    ] {
        breaks(promise(), file(&held), (S, any_counts()), wanted, found);
    }
}

#[test]
fn a_loss_is_announced_by_the_line_after_it_with_all_of_its_numbers() {
    let promise = || losses_are_announced("app");
    let told = [writes("a", 1), loses("b"), loses("c"), writes("d", 4)];
    let file = |held: &[Entry]| {
        let all = told.iter().cloned().chain([flushes(), is_read()]).chain(held.iter().cloned());
        quietly(all)
    };
    let whole = [holds("a", 1), announces(3, 2, 3, 2), holds("d", 4)];
    keeps(promise(), file(&whole).into_iter().chain([(S, any_counts(), '+')]), '.');
    for (held, wanted, found) in [
        (
            vec![holds("a", 1), holds("d", 4)],
            "line 2, or an announcement of its loss",
            "neither is in the file",
        ),
        (
            vec![holds("a", 1), announces(3, 3, 3, 1), holds("d", 4)],
            "line 2, or an announcement of its loss",
            "neither is in the file",
        ),
        (
            vec![holds("a", 1), holds("d", 4), announces(5, 2, 3, 2)],
            "the 2 up to 5 announced",
            "2 to 3",
        ),
        (vec![holds("a", 1), announces(3, 2, 3, 1)], "the 1 up to 3 announced", "2 to 3"),
        (
            vec![holds("d", 4), holds("a", 1)],
            "line 1, or an announcement of its loss",
            "neither is in the file",
        ),
        (vec![holds("a", 1), holds("d", 1)], "a number above 1", "line 1"),
        (
            vec![holds("a", 1), announces(3, 2, 3, 2), announces(5, 4, 5, 2)],
            "2 announced",
            "4 announced",
        ),
    ] {
        breaks(promise(), file(&held), (S, any_counts()), wanted, found);
    }
}

#[test]
fn a_line_that_is_there_under_an_announced_number_is_for_others_to_judge() {
    let told = [writes("a", 1), loses("b"), loses("c"), flushes(), is_read()];
    let held = [holds("a", 1), holds("c", 3), announces(3, 2, 3, 2)];
    let log = quietly(told.into_iter().chain(held));
    keeps(losses_are_announced("app"), log.into_iter().chain([(S, any_counts(), '+')]), '.');
}

#[test]
fn what_waited_for_a_flush_is_in_the_file_once_under_its_number() {
    let queues = |message, seq| of_app("queues", &[("", text(message)), ("seq", count(seq))]);
    let begins = || of_app("begins to flush", &[]);
    let promise = || flush_waits_for_the_queue("app");
    let file = |held: &[Entry]| {
        let told = [queues("a", 1), queues("b", 3), begins(), queues("c", 4), flushes(), is_read()];
        quietly(told.into_iter().chain(held.iter().cloned()))
    };
    for whole in
        [vec![holds("a", 1), holds("b", 3)], vec![holds("b", 3), holds("a", 1), holds("c", 4)]]
    {
        keeps(promise(), file(&whole).into_iter().chain([(S, any_counts(), '+')]), '.');
    }
    for (held, times) in [
        (vec![holds("a", 1)], 0),
        (vec![holds("a", 1), holds("b", 2)], 0),
        (vec![holds("a", 1), holds("b", 3), holds("b", 3)], 2),
    ] {
        let found = format!("it is there {times} times");
        breaks(promise(), file(&held), (S, any_counts()), "`b` once, as line 3", &found);
    }
    let failed = quietly([queues("a", 1), begins(), cannot_flush(), is_read()]);
    keeps(promise(), failed.into_iter().chain([(S, any_counts(), '+')]), '.');
}

#[test]
fn a_queue_may_have_all_of_its_bytes_and_not_one_more() {
    let most = |bytes| of_app("counts", &[("most_bytes", count(bytes))]);
    let promise = || queue_is_bounded("app", 600);
    keeps(promise(), [(S, most(600), '+')], '.');
    breaks(promise(), [], (S, most(601)), "600 bytes at most", "601 at a time");
}

#[test]
fn what_waits_is_written_or_dropped_as_the_counts_say() {
    let queues = |message, seq| of_app("queues", &[("", text(message)), ("seq", count(seq))]);
    let told = quietly([queues("a", 1), queues("b", 2), loses("c"), queues("d", 4)]);
    for right in [[4, 0, 0, 4, 0, 1, 3], [4, 0, 0, 4, 2, 1, 1], [4, 0, 0, 4, 2, 2, 0]] {
        let log = told.clone().into_iter().chain([(S, counts(right), '+')]);
        keeps(accounting_is_exact("app"), log, '.');
    }
    let wrong = counts([5, 0, 0, 5, 4, 1, 0]);
    breaks(accounting_is_exact("app"), told, (S, wrong), "4 told and accepted", "5 counted");
}

#[test]
fn what_nobody_could_announce_yet_is_not_missed() {
    let promise = || losses_are_announced("app");
    for before in [vec![loses("a")], vec![loses("a"), cannot_flush()], vec![flushes(), loses("a")]]
    {
        let log = before.into_iter().chain([is_read(), holds("b", 9), any_counts()]);
        keeps(promise(), quietly(log), '.');
    }
}

#[test]
fn a_line_that_is_glued_to_something_does_not_stand_alone() {
    let promise = || lines_stand_alone("app");
    let alone = [(S, holds("a", 1), '+'), (S, announces(3, 2, 2, 1), '+'), (S, skips(), '.')];
    keeps(promise(), alone.clone(), '.');
    let glued = of_app(
        "holds",
        &[("", text("b")), ("seq", count(4)), ("glued", retrip_sim::log::Value::Flag(true))],
    );
    let (wanted, found) = ("line 4 on a line of its own", "it is glued to what stands before it");
    breaks(promise(), alone, (S, glued), wanted, found);
}

#[test]
fn a_disk_that_fails_is_left_alone_but_for_a_flush() {
    let promise = || failing_sink_is_left_alone("app", Duration::from_millis(10));
    let patient = [
        (S, disk_fails(), '+'),
        (S, loses("a"), '.'),
        (S + 10 * MILLI - 1, loses("b"), '.'),
        (S + 10 * MILLI, disk_fails(), '+'),
        (S + 10 * MILLI, loses("c"), '.'),
    ];
    keeps(promise(), patient.clone(), '.');
    let flushed = [
        (S + 11 * MILLI, disk_fails(), '+'),
        (S + 11 * MILLI, cannot_flush(), '.'),
        (S + 11 * MILLI, loses("d"), '.'),
    ];
    keeps(promise(), patient.clone().into_iter().chain(flushed), '.');
    let early = (S + 20 * MILLI - 1, disk_fails(), '+');
    let log = patient.into_iter().chain([early]);
    let (wanted, found) = ("left alone for 10ms", "tried again after 9999999ns");
    breaks(promise(), log, (S + 20 * MILLI, loses("d")), wanted, found);
}

#[test]
fn a_disk_that_has_failed_is_tried_again_in_time() {
    let promise = || sink_is_tried_again("app", Duration::from_secs(5));
    let log = [
        (S, writes("a", 1), '.'),
        (S, disk_fails(), '.'),
        (S, loses("b"), '.'),
        (6 * S - 1, loses_from(6 * S - 1, "c"), '.'),
        // It was logged before, and told late.
        (9 * S, loses_from(6 * S - 1, "e"), '.'),
    ];
    keeps(promise(), log.clone().into_iter().chain([(9 * S, writes("d", 4), '+')]), '.');
    let (wanted, found) = ("written 5s after the disk has failed", "it is lost");
    breaks(promise(), log, (9 * S, loses_from(6 * S, "d")), wanted, found);
}

#[test]
fn a_disk_that_fails_while_the_logger_stands_still_has_failed_when_it_notices() {
    let log = [
        (S, writes("a", 1), '.'),
        (S, disk_fails(), '.'),
        // It stood still in between, and counts from here.
        (9 * S, loses_from(S, "b"), '.'),
        (14 * S - 1, loses_from(14 * S - 1, "c"), '.'),
    ];
    let promise = || sink_is_tried_again("app", Duration::from_secs(5));
    keeps(promise(), log.clone(), '.');
    // It has failed anew, and nobody knows yet whether the logger has noticed.
    let anew = [(14 * S, disk_fails().by("other"), '.'), (14 * S, loses_from(14 * S, "d"), '.')];
    keeps(promise(), log.clone().into_iter().chain(anew), '.');
    let (wanted, found) = ("written 5s after the disk has failed", "it is lost");
    breaks(promise(), log, (14 * S, loses_from(14 * S, "d")), wanted, found);
}

#[test]
fn what_a_flush_has_confirmed_outlives_a_power_failure() {
    let promise = || flushed_is_durable("app");
    let told = quietly([writes("a", 1), begins_to_flush(), writes("b", 2), flushes()]);
    // `b` was written after the flush began: it may be gone.
    for kept in [&["a"][..], &["b", "a"]] {
        keeps(promise(), told.iter().cloned().chain(outlives(kept, '+')), '.');
    }
    let mut look = outlives(&["b"], '+');
    let (_, end, _) = look.pop().expect("it has an end");
    let log = told.iter().cloned().chain(look);
    breaks(promise(), log, (S, end), "`a` kept, which a flush has confirmed", "1 other lines");
}

#[test]
fn a_flush_that_fails_confirms_nothing_now_or_later() {
    let promise = || flushed_is_durable("app");
    let failed = quietly([writes("a", 1), begins_to_flush(), cannot_flush()]);
    // Logged before that flush has failed, and told afterwards.
    let late = quietly([writes_from(S, "b"), begins_to_flush(), flushes()]);
    let given_up = failed.into_iter().chain(late);
    keeps(promise(), given_up.clone().chain(outlives(&[], '+')), '.');
    // A flush that began before the other one has failed confirms nothing of that either.
    let overlap = [
        writes("a", 1),
        begins_to_flush().by("other"),
        begins_to_flush(),
        cannot_flush(),
        flushes().by("other"),
    ];
    keeps(promise(), quietly(overlap).into_iter().chain(outlives(&[], '+')), '.');
    let later = [writes_from(S + 1, "c"), begins_to_flush(), flushes()];
    let mut look = outlives(&["a", "b"], '+');
    let (_, end, _) = look.pop().expect("it has an end");
    let log = given_up.chain(quietly(later)).chain(look);
    breaks(promise(), log, (S, end), "`c` kept, which a flush has confirmed", "2 other lines");
}

#[test]
fn what_is_confirmed_after_the_power_has_failed_is_not_asked_for() {
    let mut log = quietly([writes("a", 1), begins_to_flush()]);
    let mut look = outlives(&[], '+');
    // The flush is over between the failure and what is told of it.
    look.insert(1, (S, flushes().by("flusher"), '.'));
    log[1].1 = begins_to_flush().by("flusher");
    keeps(flushed_is_durable("app"), log.into_iter().chain(look), '.');
}

#[test]
fn only_a_write_that_has_failed_is_a_reason_to_lose() {
    let promise = || only_a_failing_write_loses("app");
    let interrupted = does("write fails", &[("", text("EINTR"))]).about("disk");
    let sync_fails = does("sync fails", &[("", text("EIO"))]).about("disk");
    let log = [(S, writes("a", 1), '+'), (S, interrupted, '.'), (S, sync_fails, '.')];
    let lost = "lost by sink_error(StorageFull)";
    breaks(promise(), log.clone(), (S, loses("b")), "`b` written", lost);
    let failed = [(S, disk_fails(), '.'), (S, loses("b"), '.'), (S, writes("c", 3), '+')];
    keeps(promise(), log.into_iter().chain(failed), '.');
}
