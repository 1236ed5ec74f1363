//! Reads log files back, whatever they contain.

mod filter;
mod json;

pub use filter::Filter;
pub use json::{Json, JsonError};

use super::{EventType, Level, LogField};
use std::ops::RangeInclusive;

/// What a log file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonLog {
    /// The lines that are JSON objects, in the order of the file.
    pub records: Vec<Record>,
    /// What is no record, in the order of the file. Blank lines are not named.
    pub skipped: Vec<Skipped>,
    /// Where an unfinished last line begins, in bytes.
    pub torn_tail: Option<usize>,
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The number of the line, from one.
    pub line: usize,
    /// Where the record begins, in bytes from the start.
    pub offset: usize,
    members: Json,
}

/// A line, or the first part of one, that is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The number of the line, from one.
    pub line: usize,
    /// Where the line begins, in bytes from the start.
    pub offset: usize,
    /// What is wrong with it.
    pub reason: SkipReason,
}

/// Why a line is no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SkipReason {
    /// It is not JSON.
    #[error("the line is not JSON: {0}")]
    NotJson(#[from] JsonError),
    /// It is JSON, but no object.
    #[error("the line is JSON but no object, which a record begins with `{{`")]
    NotAnObject,
}

/// Reads a log. Never fails: what cannot be read is named.
///
/// A record that stands behind a torn one or behind another one in the same line is found by its beginning.
///
/// ```
/// use retrip_core::logger::read_json_log;
///
/// let log = read_json_log(b"{\"timestamp\":\"t\",\"n\":1}\n\xFF\n{\"timest{\"timestamp\":\"t\",\"n\":2}\n{\"time");
/// let numbers: Vec<_> = log.records.iter().map(|record| record.get("n").and_then(|n| n.as_u64())).collect();
/// assert_eq!(numbers, [Some(1), Some(2)]);
/// assert_eq!(log.skipped.iter().map(|skipped| skipped.line).collect::<Vec<_>>(), [2, 3]);
/// assert_eq!(log.torn_tail, Some(58));
/// ```
#[must_use]
pub fn read_json_log(bytes: &[u8]) -> JsonLog {
    let mut log = JsonLog::default();
    let mut offset = 0;
    for (index, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let place = Place { line: index + 1, offset };
        offset += line.len();
        let Some(finished) = line.strip_suffix(b"\n") else {
            // Only the newline may be missing; then the record is whole.
            match record(line, place) {
                Ok(record) => log.records.push(record),
                Err(_) => {
                    log.torn_tail = Some(place.offset);
                    log.records.extend(salvaged(line, place));
                }
            }
            continue;
        };
        if finished.trim_ascii().is_empty() {
            continue;
        }
        match record(finished, place) {
            Ok(record) => log.records.push(record),
            Err(reason) => {
                log.skipped.push(Skipped { line: place.line, offset: place.offset, reason });
                log.records.extend(salvaged(finished, place));
            }
        }
    }
    log
}

impl JsonLog {
    /// The sequence numbers that are missing between two records of the file: proof that events were lost.
    #[must_use]
    pub fn seq_gaps(&self) -> Vec<RangeInclusive<u64>> {
        let seqs: Vec<u64> = self.records.iter().filter_map(Record::seq).collect();
        let gap =
            |pair: &[u64]| (pair[1] > pair[0].saturating_add(1)).then(|| pair[0] + 1..=pair[1] - 1);
        seqs.windows(2).filter_map(gap).collect()
    }
}

impl Record {
    /// The value of a key; the last one where it stands twice.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.members.get(key)
    }

    /// The text of a key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The level.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.text(LogField::Level.as_str())?.parse().ok()
    }

    /// The kind of event, where this version knows it.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        self.text(LogField::EventType.as_str())?.parse().ok()
    }

    /// The sequence number.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        self.get(LogField::Seq.as_str())?.as_u64()
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.text(LogField::Message.as_str())
    }

    /// All keys and values in the order of the line.
    #[must_use]
    pub fn members(&self) -> &[(String, Json)] {
        self.members.members()
    }
}

/// How the logger begins its lines.
const BEGINNING: &[u8] = b"{\"timestamp\":";

#[derive(Clone, Copy)]
struct Place {
    line: usize,
    offset: usize,
}

fn record(text: &[u8], place: Place) -> Result<Record, SkipReason> {
    match Json::parse(text)? {
        members @ Json::Object(_) => Ok(Record { line: place.line, offset: place.offset, members }),
        _ => Err(SkipReason::NotAnObject),
    }
}

/// The records in a line that is none: they stand behind a torn one, or behind each other where a newline is missing. Each begins as the logger
/// begins its lines, and ends where the line does or another begins, so that an object within a torn record is not taken for one.
fn salvaged(line: &[u8], place: Place) -> Vec<Record> {
    let mut records = Vec::new();
    let mut from = 0;
    while let Some(at) = find(&line[from..], BEGINNING).map(|at| from + at) {
        from = at + BEGINNING.len();
        if let Ok((members, length)) = Json::parse_first(&line[at..])
            && (line[at + length..].trim_ascii().is_empty()
                || line[at + length..].starts_with(BEGINNING))
        {
            records.push(Record { line: place.line, offset: place.offset + at, members });
            from = at + length;
        }
    }
    records
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
