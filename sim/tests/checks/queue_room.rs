//! Does the promise about a queue's room know which lines may still take it?

use crate::entry::*;
use crate::verdict::{Line, breaks, keeps};
use retrip_sim::check::logger::room_comes_back;

fn of_app(verb: &'static str, fields: &[(&'static str, retrip_sim::log::Value)]) -> Entry {
    does(verb, fields).about("app")
}

fn queues(seq: i64) -> Entry {
    of_app("queues", &[("seq", count(seq))])
}

fn begins_to_flush() -> Entry {
    of_app("begins to flush", &[])
}

fn flushes() -> Entry {
    of_app("flushes", &[])
}

fn cannot_flush() -> Entry {
    of_app("flushes", &[("error", text("no room"))])
}

/// Lost for this cause, and logged at this moment.
fn loses(cause: &str, began: u64) -> Entry {
    of_app("loses", &[("cause", text(cause)), ("began", moment(began))])
}

/// What is logged, flushed and logged until a line is lost, two seconds after the flush.
fn lost_after(waiting: i64) -> Vec<Line> {
    let before = [queues(1), queues(2), begins_to_flush(), flushes()];
    let before = before.into_iter().map(|entry| (S, entry, '.'));
    before.chain((0..waiting).map(|line| (2 * S, queues(3 + line), '.'))).collect()
}

#[test]
fn an_emptied_queue_has_room_for_as_many_lines_again() {
    for cause in ["queue_full", "oversize"] {
        let enough = lost_after(3).into_iter().chain([(3 * S, loses(cause, 2 * S), '+')]);
        keeps(room_comes_back("app", 3), enough, '.');
        let found = "an event is lost while 2 wait at most";
        let lost = (3 * S, loses(cause, 2 * S));
        breaks(room_comes_back("app", 3), lost_after(2), lost, "room for 3 lines", found);
    }
}

#[test]
fn what_was_logged_while_others_wait_or_is_lost_otherwise_says_nothing() {
    let unjudged = [
        vec![(S, loses("queue_full", 0), '.')],
        vec![
            (S, begins_to_flush(), '.'),
            (S, cannot_flush(), '.'),
            (S, loses("queue_full", 2 * S), '.'),
        ],
        vec![
            (S, begins_to_flush(), '.'),
            (S, flushes(), '.'),
            (2 * S, loses("queue_full", S), '.'),
        ],
        vec![
            (S, begins_to_flush(), '.'),
            (S, flushes(), '.'),
            (2 * S, loses("closed", 2 * S), '.'),
        ],
    ];
    for log in unjudged {
        keeps(room_comes_back("app", 3), log, '.');
    }
}

#[test]
fn a_line_that_is_queued_during_a_flush_may_wait_afterwards() {
    let log = [queues(1), begins_to_flush(), queues(2), queues(3), queues(4), flushes()];
    let log = log.into_iter().map(|entry| (S, entry, '.'));
    keeps(room_comes_back("app", 3), log.chain([(2 * S, loses("queue_full", 2 * S), '+')]), '.');
}
