//! What a log consists of, piece by piece.

use super::json::Json;
use super::json_error::JsonError;
use super::record::Record;
use crate::logger::{EventType, LINE_CAP, LogField};
use std::ops::RangeInclusive;

/// The most bytes of a line that is read as one, without its newline: twice what the logger writes at most, for lines of others.
pub const READ_CAP: usize = 2 * LINE_CAP;

/// One piece of a log, in the order of the file. Blank lines are none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogItem {
    /// A line.
    Record(Record),
    /// A line in which the logger says what it has lost.
    Announcement(Announcement),
    /// Numbers that are missing before the record that comes next.
    Gap(Gap),
    /// Bytes that are no record.
    Skipped(Skipped),
    /// An unfinished last line. It is always the last item of a file.
    TornTail(TornTail),
}

impl LogItem {
    /// The record, also that of an announcement.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Record(record) | Self::Announcement(Announcement { record, .. }) => Some(record),
            _ => None,
        }
    }
}

/// A record of [`EventType::LogDropped`]: events that the logger accepted and lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Announcement {
    /// The line itself.
    pub record: Record,
    /// The numbers of the first and the last event that was lost.
    pub seqs: RangeInclusive<u64>,
    /// How many were lost.
    pub count: u64,
    /// How many by each cause, as [`DropCause`](crate::logger::DropCause) is written. Empty where the line does not say it.
    pub by_cause: Vec<(String, u64)>,
}

impl Announcement {
    /// What `record` announces; the record again where it announces nothing.
    pub(super) fn of(record: Record) -> Result<Self, Record> {
        let Some((seqs, count)) = Self::told_by(&record) else { return Err(record) };
        let causes = record.get("by_cause").map(Json::members).unwrap_or_default();
        let cause = |(cause, count): &(String, Json)| Some((cause.clone(), count.as_u64()?));
        let by_cause = causes.iter().filter_map(cause).collect();
        Ok(Self { seqs, count, by_cause, record })
    }

    /// The numbers whose loss `record` announces, and how many are lost; nothing where it announces none.
    pub(super) fn told_by(record: &Record) -> Option<(RangeInclusive<u64>, u64)> {
        if record.text(LogField::EventType.as_str()) != Some(EventType::LogDropped.as_str()) {
            return None;
        }
        let number = |key: &str| record.get(key).and_then(Json::as_u64);
        Some((number("first_seq")?..=number("last_seq")?, number("count")?))
    }
}

/// Sequence numbers that are missing between two records: proof that events were lost, or their lines damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The numbers.
    pub seqs: RangeInclusive<u64>,
    /// Whether the loss is known.
    pub told: Told,
}

/// Whether somebody says that events are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The record behind the gap is the announcement of it.
    Announced,
    /// Nobody does.
    Nowhere,
}

/// A line, or a part of one, that is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The number of the line, from one.
    pub line: usize,
    /// Where it begins, in bytes from the start.
    pub offset: usize,
    /// How many bytes, without the newline. Zero where nothing but a newline is missing.
    pub length: usize,
    /// What is wrong with it.
    pub reason: SkipReason,
}

/// Why bytes are no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SkipReason {
    /// It is not JSON. Places are counted from where the bytes begin.
    #[error("the line is not JSON: {0}")]
    NotJson(#[from] JsonError),
    /// It is JSON, but no object.
    #[error("the line is JSON but no object, which a record begins with `{{`")]
    NotAnObject,
    /// An object that stands beside something else in its line. Only what has the whole head that the logger writes is a record there.
    #[error("the object is not alone in its line, and does not begin as the logger's lines do")]
    NotAlone,
    /// Longer than any line of the logger, with room to spare.
    #[error("the line is longer than {READ_CAP} bytes")]
    TooLong,
    /// A record begins where the one before it ends: both are there, and the newline between them is not.
    #[error("a newline is missing before the record")]
    NoNewline,
}

/// An unfinished last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TornTail {
    /// The number of the line, from one.
    pub line: usize,
    /// Where it begins, in bytes from the start.
    pub offset: usize,
    /// How many bytes there are.
    pub length: usize,
}
