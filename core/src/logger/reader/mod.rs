//! Reads log files back, whatever they contain.

mod bytes;
mod filter;
mod grammar;
mod item;
mod json;
mod json_error;
mod numbers;
mod record;
mod scanner;
mod stream;
mod work;

pub use filter::Filter;
pub use item::{Announcement, Gap, LogItem, READ_CAP, SkipReason, Skipped, Told, TornTail};
pub use json::Json;
pub use json_error::JsonError;
pub use record::Record;
pub use scanner::LogScanner;
pub use stream::JsonLogReader;

use super::plants;
use crate::door::{Rules, Sound};
use numbers::Numbers;
use std::ops::RangeInclusive;

/// How many bytes of a file that is in memory go to the scanner at once.
const CHUNK: usize = 64 * 1024;

/// What a log file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonLog {
    /// The records, those that announce lost events among them, in the order of the file.
    pub records: Vec<Record>,
    /// What is no record, in the order of the file. Blank lines are not named.
    pub skipped: Vec<Skipped>,
    /// Where an unfinished last line begins, in bytes.
    pub torn_tail: Option<usize>,
}

/// Reads a log that is in memory. Never fails: what cannot be read is named. [`JsonLogReader`] finds the same in any source, and needs no
/// more memory for a longer one; [`LogScanner`] says what is a record.
///
/// ```
/// use retrip_core::logger::{Logger, MemorySink, read_json_log};
///
/// let sink = MemorySink::new();
/// let logger = Logger::named("llm").to(sink.clone());
/// logger.info("first");
/// logger.info("second");
/// let whole = sink.bytes();
/// // A torn line without its newline, which the second one stands behind.
/// let second = whole.len() / 2;
/// let file = [b"{\"timest", &whole[second..], b"\xFF\n", &whole[..second], b"{\"time"].concat();
///
/// let log = read_json_log(&file);
/// let messages: Vec<_> = log.records.iter().filter_map(|record| record.message()).collect();
/// assert_eq!(messages, ["second", "first"]);
/// assert_eq!(log.skipped.iter().map(|skipped| skipped.line).collect::<Vec<_>>(), [1, 2]);
/// assert_eq!(log.torn_tail, Some(file.len() - 6));
/// ```
#[must_use]
pub fn read_json_log(bytes: &[u8]) -> JsonLog {
    read_json_log_on(&Sound, bytes)
}

/// As [`read_json_log`], on a platform whose bugs can be planted.
#[must_use]
pub fn read_json_log_on(rules: &impl Rules, bytes: &[u8]) -> JsonLog {
    let mut log = JsonLog::default();
    let mut scanner = LogScanner::new();
    for chunk in bytes.chunks(CHUNK) {
        scanner.push(chunk);
        log.take(&mut scanner, rules);
    }
    scanner.end();
    log.take(&mut scanner, rules);
    log
}

impl JsonLog {
    /// The sequence numbers that are missing between two records of the file: proof that events were lost, or that their lines are damaged.
    ///
    /// Nothing is said about numbers before the first record, because a file that was put aside begins with any; see
    /// [`missing_before`](JsonLog::missing_before). Several loggers may share a file, at the same time or one after the other: a number that
    /// is below all of their last ones begins another one, whose numbers begin with one.
    #[must_use]
    pub fn seq_gaps(&self) -> Vec<RangeInclusive<u64>> {
        let mut numbers = Numbers::default();
        let missing = |record: &Record| {
            let announced = Announcement::told_by(record).map(|(seqs, _)| seqs);
            numbers.missing_before(record.seq()?, announced.as_ref())
        };
        self.records.iter().filter_map(missing).collect()
    }

    /// The numbers from `first` on that are missing before the first record: with one, for a file that is known to hold all that a
    /// logger has written.
    #[must_use]
    pub fn missing_before(&self, first: u64) -> Option<RangeInclusive<u64>> {
        let seq = self.records.iter().find_map(Record::seq)?;
        Numbers::expecting(first).missing_before(seq, None)
    }

    fn take(&mut self, scanner: &mut LogScanner, rules: &impl Rules) {
        while let Some(item) = scanner.take() {
            match item {
                LogItem::Record(record) | LogItem::Announcement(Announcement { record, .. }) => {
                    self.records.push(record);
                }
                LogItem::Skipped(_) if rules.broken_by(plants::BAD_LINES_ARE_PASSED_OVER) => {}
                LogItem::TornTail(tail)
                    if rules.broken_by(plants::TORN_TAIL_IS_TAKEN_FOR_DAMAGE) =>
                {
                    let TornTail { line, offset, length } = tail;
                    let reason = SkipReason::NotAnObject;
                    self.skipped.push(Skipped { line, offset, length, reason });
                }
                LogItem::Skipped(skipped) => self.skipped.push(skipped),
                LogItem::TornTail(tail) => self.torn_tail = Some(tail.offset),
                // They follow from the records.
                LogItem::Gap(_) => {}
            }
        }
    }
}
