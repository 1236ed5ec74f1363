//! What is promised of events whose sink, fallback or values do something unexpected.

use super::pair::{APP, MAIN, SPARE};
use super::{meeting, mirror};
use retrip_core::logger::{DropCause, read_json_log};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::{Event, Name, Value, What};
use std::collections::BTreeMap;

/// What somebody does: who, the verb, and what it says.
type Note<'e> = (&'e str, &'e str, &'e [(Name, Value)]);

fn note(event: &Event) -> Option<Note<'_>> {
    match &event.what {
        What::Note { verb, fields } => Some((&event.who, verb, fields)),
        _ => None,
    }
}

fn text<'e>(fields: &'e [(Name, Value)], name: &str) -> &'e str {
    match fields.iter().find(|(own, _)| &**own == name) {
        Some((_, Value::Text(text))) => text,
        _ => "",
    }
}

fn number(fields: &[(Name, Value)], name: &str) -> i64 {
    match fields.iter().find(|(own, _)| &**own == name) {
        Some((_, Value::Int(number))) => *number,
        _ => -1,
    }
}

/// What the sinks have done for one event.
#[derive(Default)]
struct Done {
    /// What the main one has taken, and the spare one.
    main: String,
    spare: String,
    spare_was_asked: bool,
}

fn has_line(taken: &str, message: i64) -> bool {
    let message = message.to_string();
    let log = read_json_log(taken.as_bytes());
    log.records.iter().any(|record| record.message() == Some(&message))
}

/// Every event ends in one way, and is counted in that way: it is with the sink, or it is dropped by the error with which the sink has
/// failed last; and an urgent one that is dropped is given to the fallback, which is counted where that takes it. For one thread.
pub(super) fn every_event_has_its_end() -> impl Promise {
    let mut done = Done::default();
    let mut last_error = String::new();
    let mut dropped: BTreeMap<String, i64> = BTreeMap::new();
    let (mut written, mut rescued) = (0, 0);
    let statement = "an event is written, or dropped by the sink's last error and, where urgent, given to the fallback";
    always("every_event_has_its_end", statement, move |event| {
        let Some((who, verb, fields)) = note(event) else { return Judgement::NotConcerned };
        match (who, verb) {
            (APP, "begins") => done = Done::default(),
            (MAIN, "takes") => done.main.push_str(text(fields, "")),
            (MAIN, "refuses") => last_error = text(fields, "").to_owned(),
            (SPARE, "takes") => {
                done.spare_was_asked = true;
                done.spare.push_str(text(fields, ""));
            }
            (SPARE, "refuses") => done.spare_was_asked = true,
            (APP, "logs") => {
                let message = number(fields, "");
                let became = text(fields, "became");
                let is_urgent = fields
                    .iter()
                    .any(|(name, value)| &**name == "urgent" && *value == Value::Flag(true));
                if became == "written" {
                    written += 1;
                    let is_there = has_line(&done.main, message);
                    return Judgement::equal(true, is_there);
                }
                *dropped.entry(became.to_owned()).or_default() += 1;
                rescued += i64::from(is_urgent && has_line(&done.spare, message));
                let wanted = format!("{last_error}, fallback asked: {is_urgent}");
                let cause = became.strip_prefix("sink_error(").unwrap_or(became);
                let cause = cause.strip_suffix(')').unwrap_or(cause);
                let found = format!("{cause}, fallback asked: {}", done.spare_was_asked);
                return Judgement::equal(wanted, found);
            }
            (APP, "counts") => {
                let causes = dropped.iter().map(|(cause, count)| format!("{cause} {count}"));
                let mut causes: Vec<_> = causes.collect();
                causes.sort();
                let mut counted: Vec<_> =
                    text(fields, "dropped").split(", ").filter(|one| !one.is_empty()).collect();
                counted.sort_unstable();
                let wanted = format!("{written} written, {rescued} rescued, {}", causes.join(", "));
                let found = format!(
                    "{} written, {} rescued, {}",
                    number(fields, "written"),
                    number(fields, "rescued"),
                    counted.join(", ")
                );
                return Judgement::equal(wanted, found);
            }
            _ => {}
        }
        Judgement::NotConcerned
    })
}

/// What somebody logs has a line, with what its value prints, or that it panicked, whatever was logged from within.
pub(super) fn outer_events_are_written() -> impl Promise {
    let mut wanted: BTreeMap<Name, String> = BTreeMap::new();
    let statement = "an event has its line, whatever its value and the sink do meanwhile";
    always("outer_events_are_written", statement, move |event| {
        let Some((_, verb, fields)) = note(event) else { return Judgement::NotConcerned };
        match verb {
            mirror::BEGINS => {
                wanted.insert(event.thread.clone(), text(fields, "").to_owned());
            }
            mirror::WRITES => {
                let log = read_json_log(text(fields, "").as_bytes());
                let said = log.records.first().and_then(|record| record.text("what"));
                if let Some(said) = said
                    && wanted.get(&event.thread).is_some_and(|wanted| wanted == said)
                {
                    wanted.remove(&event.thread);
                }
            }
            mirror::ENDS => {
                return match wanted.remove(&event.thread) {
                    None => Judgement::Holds,
                    Some(wanted) => Judgement::broken(format!("a line of `{wanted}`"), "none"),
                };
            }
            _ => {}
        }
        Judgement::NotConcerned
    })
}

/// What is logged from within the logger is refused, and counted as such.
pub(super) fn inner_events_are_counted() -> impl Promise {
    let mut refused = 0;
    let reentrant = DropCause::Reentrant.to_string();
    let statement = "what is logged from within the logger is refused, and counted once";
    always("inner_events_are_counted", statement, move |event| {
        let Some((_, verb, fields)) = note(event) else { return Judgement::NotConcerned };
        match verb {
            mirror::IS_REFUSED => {
                refused += 1;
                Judgement::equal(reentrant.as_str(), text(fields, ""))
            }
            mirror::COUNTS => Judgement::equal(
                format!("{refused} refused"),
                format!("{} refused", number(fields, "")),
            ),
            _ => Judgement::NotConcerned,
        }
    })
}

/// Each call of the sink has one line, whole, with the next number and what its value prints; and who has logged is told the number of the
/// last line of its thread.
pub(super) fn lines_are_whole_and_in_order() -> impl Promise {
    let mut last = 0;
    let mut written: BTreeMap<Name, i64> = BTreeMap::new();
    let mut met: BTreeMap<Name, i64> = BTreeMap::new();
    let statement = "lines are whole, one behind the other, under the next number each";
    always("lines_are_whole_and_in_order", statement, move |event| {
        let Some((_, verb, fields)) = note(event) else { return Judgement::NotConcerned };
        match verb {
            meeting::MEETS => {
                met.insert(event.thread.clone(), number(fields, ""));
                Judgement::NotConcerned
            }
            meeting::WRITES => {
                last += 1;
                written.insert(event.thread.clone(), last);
                let wanted = match met.remove(&event.thread) {
                    Some(count) => format!("line {last}: waits, and meets {count}"),
                    None => format!("line {last}: comes"),
                };
                let log = read_json_log(text(fields, "").as_bytes());
                let is_whole = log.skipped.is_empty() && log.torn_tail.is_none();
                let found = match &log.records[..] {
                    [line] if is_whole => format!(
                        "line {}: {}",
                        line.seq().unwrap_or_default(),
                        line.message().unwrap_or_default()
                    ),
                    lines => format!("{} whole lines", lines.len()),
                };
                Judgement::equal(wanted, found)
            }
            meeting::LOGS => {
                let line = written.remove(&event.thread).unwrap_or_default();
                Judgement::equal(format!("told {line}"), format!("told {}", number(fields, "")))
            }
            _ => Judgement::NotConcerned,
        }
    })
}
