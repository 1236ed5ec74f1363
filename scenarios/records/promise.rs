//! What is promised of the lines of an author.

use super::content::listed;
use super::golden;
use super::operation::AuthorOperation;
use super::told::{Told, told};
use retrip_core::door::Instant;
use retrip_core::logger::{EventType, LogField, read_json_log};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::{Event, Name};
use std::collections::BTreeMap;

/// What a thread is about to write.
struct Pending {
    operation: AuthorOperation,
    message: String,
    fields: String,
    since: Instant,
}

/// Judges each line of `who` by what its thread was about to write, and that there is one line for each.
fn each_line(
    name: &'static str,
    statement: &'static str,
    who: &'static str,
    mut judge: impl FnMut(&Event, Pending, &str) -> Judgement + Send + 'static,
) -> impl Promise {
    let mut pending: BTreeMap<Name, Pending> = BTreeMap::new();
    always(name, statement, move |event| match told(event, who) {
        Some(Told::Gives(operation, message, fields)) => {
            let (message, fields) = (message.to_owned(), fields.to_owned());
            let next = Pending { operation, message, fields, since: event.mono };
            match pending.insert(event.thread.clone(), next) {
                None => Judgement::NotConcerned,
                Some(Pending { operation, .. }) => {
                    Judgement::broken(format!("a line of `{operation}`"), "none")
                }
            }
        }
        Some(Told::Writes(line)) => match pending.remove(&event.thread) {
            Some(pending) => judge(event, pending, line),
            None => Judgement::broken("a line for each that was given", line),
        },
        None => Judgement::NotConcerned,
    })
}

/// Each line is what it should be, byte for byte: the head with the moment of the wall clock and the next number, the message, the context
/// and the fields.
pub(super) fn lines_are_golden(who: &'static str) -> impl Promise {
    let mut seq = 0;
    let statement = "each line is byte for byte what was logged, under the clock of its moment";
    each_line("lines_are_golden", statement, who, move |event, pending, line| {
        seq += 1;
        match golden::whole(&pending.operation, who, event.wall, seq) {
            Some(wanted) => Judgement::equal(wanted, line.to_owned()),
            None => Judgement::NotConcerned,
        }
    })
}

/// Each line has a kind of event that the schema knows, and that of its operation.
pub(super) fn types_are_known(who: &'static str) -> impl Promise {
    let statement = "each line has the kind of event that whoever logged it stands for";
    each_line("types_are_known", statement, who, |_, pending, line| {
        let Some((wanted, ..)) = golden::line(&pending.operation) else {
            return Judgement::NotConcerned;
        };
        let log = read_json_log(line.as_bytes());
        let found = log.records.first().and_then(|record| record.text("event_type"));
        match found.map(str::parse::<EventType>) {
            Some(Ok(found)) => Judgement::equal(wanted, found),
            Some(Err(unknown)) => Judgement::broken(wanted.to_string(), unknown.to_string()),
            None => Judgement::broken(wanted.to_string(), "no kind of event"),
        }
    })
}

/// The line of something that was measured has the time that went by on the monotonic clock, to the nanosecond, and says how it ended, at
/// the level of that.
pub(super) fn durations_are_exact(who: &'static str) -> impl Promise {
    let statement =
        "what is measured has the time of the monotonic clock, its status and its level";
    each_line("durations_are_exact", statement, who, |event, pending, line| {
        let AuthorOperation::Measures(ending, ..) = pending.operation else {
            return Judgement::NotConcerned;
        };
        let took = golden::millis(event.mono.saturating_duration_since(pending.since));
        let Some((_, level, _)) = golden::line(&pending.operation) else {
            return Judgement::NotConcerned;
        };
        let log = read_json_log(line.as_bytes());
        let Some(record) = log.records.first() else {
            return Judgement::broken("a line", line);
        };
        let written = |key: LogField| {
            let found = record.written().find(|(name, _)| *name == key.as_str());
            found.map_or("nothing", |(_, value)| value)
        };
        let wanted = format!("{took} ms, \"{}\", \"{level}\"", ending.as_str());
        let [duration, status, found] =
            [LogField::DurationMs, LogField::Status, LogField::Level].map(written);
        Judgement::equal(wanted, format!("{duration} ms, {status}, {found}"))
    })
}

/// Each line is one JSON object without anything in it that could be taken for its end, with the keys of the head first; its message and its
/// fields are those that were given.
pub(super) fn records_read_back(who: &'static str) -> impl Promise {
    let statement = "a line reads back as the message and the fields that were logged";
    each_line("records_read_back", statement, who, |_, pending, line| {
        if let Some(raw) = line.chars().find(|&letter| is_dangerous(letter)) {
            return Judgement::broken("no control character in a line", format!("{raw:?}"));
        }
        let log = read_json_log(line.as_bytes());
        let ([record], []) = (&log.records[..], &log.skipped[..]) else {
            return Judgement::broken("one record", line);
        };
        const HEAD: [&str; 7] =
            ["timestamp", "schema_version", "level", "logger", "seq", "event_type", "message"];
        let (head, fields) = record.members().split_at(HEAD.len().min(record.members().len()));
        let keys: Vec<&str> = head.iter().map(|(key, _)| key.as_str()).collect();
        if keys != HEAD {
            return Judgement::broken(HEAD.join(", "), keys.join(", "));
        }
        let wanted = format!("{}, {}", pending.message, pending.fields);
        let message = record.message().unwrap_or_default();
        Judgement::equal(wanted, format!("{message:?}, {}", listed(fields)))
    })
}

fn is_dangerous(letter: char) -> bool {
    letter.is_control() || ['\u{2028}', '\u{2029}'].contains(&letter)
}

/// Every line of `who` is one that it has given, with its name and the next of its own numbers: neither somebody else's is in its sink, nor
/// one of its own elsewhere.
pub(super) fn own_sink_only(who: &'static str) -> impl Promise {
    let mut seq = 0;
    let statement = "each line is in the sink of its logger, numbered by that logger alone";
    each_line("own_sink_only", statement, who, move |_, _, line| {
        seq += 1;
        let log = read_json_log(line.as_bytes());
        let found = log.records.first().map(|record| (record.text("logger"), record.seq()));
        match found {
            Some((Some(logger), Some(found))) => {
                Judgement::equal(format!("{who} {seq}"), format!("{logger} {found}"))
            }
            _ => Judgement::broken(format!("{who} {seq}"), line),
        }
    })
}
