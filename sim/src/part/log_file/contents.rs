//! What is in a log file, and what its logger has counted, as notes.

use super::files;
use super::words::{ANNOUNCES, HOLDS, READ, SKIPS, SUMS_UP, field};
use crate::engine::threads::Sim;
use crate::log::{Digest, Name, Value, What};
use crate::part::tasks::{note, text};
use retrip_core::logger::{
    DropCause, EventType, FlushError, Record, SinkStats, Stats, read_json_log,
};
use std::hash::Hasher;
use std::path::Path;

/// What is in a log, its archives included.
pub(super) fn tell_lines(sim: &Sim, who: &Name, path: &Path) {
    let contents = sim.change_disk(|disk| files::in_order(disk, path));
    let length: usize = contents.iter().map(Vec::len).sum();
    let mut digest = Digest::default();
    contents.iter().for_each(|content| digest.write(content));
    let fields = vec![
        (Name::from(field::COUNT), int(length as u64)),
        (Name::from(field::DIGEST), text(&digest.to_string())),
    ];
    sim.record(who, note(READ, fields));
    for content in &contents {
        tell_content(sim, who, content);
    }
}

pub(super) fn tell_content(sim: &Sim, who: &Name, content: &[u8]) {
    let log = read_json_log(content);
    for record in &log.records {
        let before = content[..record.offset].last();
        let is_glued = before.is_some_and(|&byte| byte != b'\n');
        sim.record(who, held(record, is_glued));
    }
    let torn = log.torn_tail.map(|at| at as u64);
    let skipped = log.skipped.iter().map(|skipped| skipped.offset as u64);
    for at in skipped.chain(torn) {
        sim.record(who, note(SKIPS, vec![(Name::from(field::AT), int(at))]));
    }
}

/// What a flush or a shutdown came to.
pub(super) fn ended(verb: &'static str, result: Result<(), FlushError>) -> What {
    let error = result.err();
    let error = error.map(|error| (Name::from(field::ERROR), text(&error.to_string())));
    note(verb, error.into_iter().collect())
}

/// A line of the file, and whether it stands behind something else.
pub(super) fn held(record: &Record, is_glued: bool) -> What {
    let number = |key: &str| record.get(key).and_then(|value| value.as_u64());
    let named = |name, number: u64| (Name::from(name), int(number));
    let of = |key| number(key).unwrap_or(0);
    let (verb, mut fields) = match (record.event_type(), number("first_seq")) {
        (Some(EventType::LogDropped), Some(first)) => (
            ANNOUNCES,
            vec![
                named(field::SEQ, of("seq")),
                named(field::FIRST, first),
                named(field::LAST, of("last_seq")),
                named(field::COUNT, of("count")),
            ],
        ),
        (Some(EventType::LogDropped), None) => {
            (SUMS_UP, vec![named(field::SEQ, of("seq")), named(field::COUNT, of("count"))])
        }
        _ => (HOLDS, told(record)),
    };
    if is_glued {
        fields.push((Name::from(field::GLUED), Value::Flag(true)));
    }
    note(verb, fields)
}

/// The message and the number of a line.
pub(super) fn told(record: &Record) -> Vec<(Name, Value)> {
    let message = (Name::from(""), text(record.message().unwrap_or_default()));
    vec![message, (Name::from(field::SEQ), int(record.seq().unwrap_or(0)))]
}

/// What the logger has counted.
pub(super) fn counted(stats: &Stats) -> Vec<(Name, Value)> {
    let counts = [
        (field::OFFERED, stats.offered),
        (field::FILTERED, stats.filtered),
        (field::RATE_LIMITED, stats.rate_limited),
        (field::NOTICES, stats.notices),
        (field::ACCEPTED, stats.accepted),
        (field::WRITTEN, stats.written),
        (field::DROPPED, stats.dropped_in_all()),
        (field::BUFFERED, stats.buffered),
        (field::MOST_BYTES, stats.most_buffered_bytes),
        (field::ANNOUNCED, stats.announced),
        (field::FAILED_ROTATIONS, stats.failed_rotations),
        (field::FAILED_SYNCS, stats.failed_syncs),
    ];
    let mut counts: Vec<_> = counts.map(|(name, count)| (Name::from(name), int(count))).into();
    if let Some(&given_up) = stats.dropped.get(&DropCause::Shutdown) {
        counts.push((Name::from(field::AT_SHUTDOWN), int(given_up)));
    }
    counts
}

/// What it has counted of one more sink, for which nothing is accepted once the logger is closed.
pub(super) fn counted_further(stats: &Stats, further: &SinkStats) -> Vec<(Name, Value)> {
    let closed = stats.dropped.get(&DropCause::Closed).copied().unwrap_or(0);
    let counts = [
        (field::FILTERED, further.filtered),
        (field::ACCEPTED, stats.accepted - closed),
        (field::WRITTEN, further.written),
        (field::DROPPED, further.dropped.values().sum()),
        (field::BUFFERED, stats.buffered),
        (field::ANNOUNCED, further.announced),
    ];
    let mut counts: Vec<_> = counts.map(|(name, count)| (Name::from(name), int(count))).into();
    counts.push((Name::from(field::FURTHER), Value::Flag(true)));
    counts
}

pub(super) fn int(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
