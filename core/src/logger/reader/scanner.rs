//! Finds records in bytes that come piece by piece.

use super::bytes;
use super::grammar::{self, Span, Whole};
use super::item::{Announcement, LogItem, READ_CAP, SkipReason, Skipped, TornTail};
use super::json::Json;
use super::json_error::JsonError;
use super::numbers::{self, Numbers};
use super::record::{Record, has_head};
use super::work::looks_at;
use std::collections::VecDeque;

/// What every line of the logger begins with.
const BEGINNING: &[u8] = b"{\"timestamp\":";

/// Takes the bytes of a log in pieces of any size, and gives its items: the same ones however the bytes are cut. It holds what is not
/// decided yet, which is at most a line of [`READ_CAP`] bytes and what was pushed last.
///
/// A line that is a JSON object is a record, whoever wrote it. Where a line is something else, every object in it is a record
/// that begins as the logger's lines do, with all keys of the head in their order and the number in its 16 places: one that is
/// torn, and continued by the next one, costs no other. A value of a field never looks like that.
///
/// ```
/// use retrip_core::logger::{LogItem, LogScanner};
///
/// let mut scanner = LogScanner::new();
/// scanner.push(b"{\"seq\":1}\n{\"seq\"");
/// assert!(matches!(scanner.take(), Some(LogItem::Record(record)) if record.seq() == Some(1)));
/// assert_eq!(scanner.take(), None);
/// scanner.push(b":2}\n");
/// assert!(matches!(scanner.take(), Some(LogItem::Record(record)) if record.offset == 10));
/// ```
#[derive(Debug)]
pub struct LogScanner {
    buffer: Vec<u8>,
    /// Where in the buffer begins what is not decided yet.
    at: usize,
    /// So many bytes from there on hold no newline.
    searched: usize,
    place: Place,
    line: Line,
    /// Bytes that are no record, up to `at`; more may follow.
    skipping: Option<Skipped>,
    numbers: Numbers,
    spans: Vec<Span>,
    ready: VecDeque<LogItem>,
}

/// Where in the file something is.
#[derive(Clone, Copy, Debug)]
struct Place {
    line: usize,
    offset: usize,
}

impl Place {
    const START: Self = Self { line: 1, offset: 0 };
}

/// How far a line is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// Nothing of it.
    Begins,
    /// Something of it that is no record.
    GoesOn,
    /// A record.
    BehindRecord,
}

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Newline,
    File,
    /// Nothing does so far.
    Open,
}

impl Default for LogScanner {
    fn default() -> Self {
        Self::new()
    }
}

impl LogScanner {
    /// At the beginning of a file. Nothing is said about numbers before the first record, because a file that continues one that was
    /// put aside begins with any.
    #[must_use]
    pub fn new() -> Self {
        Self {
            buffer: Vec::new(),
            at: 0,
            searched: 0,
            place: Place::START,
            line: Line::Begins,
            skipping: None,
            numbers: Numbers::default(),
            spans: Vec::new(),
            ready: VecDeque::new(),
        }
    }

    /// The first record has to have the number `seq`; the numbers from there to its own are a gap. For a file that is known to hold
    /// all that a logger has written that is one.
    #[must_use]
    pub fn expecting(self, seq: u64) -> Self {
        Self { numbers: Numbers::expecting(seq), ..self }
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        looks_at(self.held() + bytes.len());
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next item; nothing where that depends on bytes that are still to come.
    pub fn take(&mut self) -> Option<LogItem> {
        while self.ready.is_empty() && self.step() {}
        self.ready.pop_front()
    }

    /// The file ends here. What is pushed from now on is another file, which continues this one: its places begin anew, and its
    /// numbers go on.
    pub fn end(&mut self) {
        while self.step() {}
        self.decide(self.buffer.len(), End::File);
        self.place = Place::START;
        self.line = Line::Begins;
        self.searched = 0;
        self.numbers.next_file();
    }

    /// How many bytes are held because the line that they begin has no end yet, or because nobody has asked for its items.
    #[must_use]
    pub fn held(&self) -> usize {
        self.buffer.len() - self.at
    }

    /// Decides on the next line, or on a part of one that is too long; false where more bytes are needed for that.
    fn step(&mut self) -> bool {
        let piece = &self.buffer[self.at..];
        let window = &piece[..piece.len().min(READ_CAP + 1)];
        match bytes::newline(&window[self.searched..]) {
            Some(at) => {
                self.decide(self.at + self.searched + at, End::Newline);
                self.pass(1);
                self.searched = 0;
                self.line = Line::Begins;
                self.place.line += 1;
            }
            None if piece.len() > READ_CAP => {
                self.searched = window.len();
                self.decide_some(self.at + READ_CAP, End::Open);
            }
            None => {
                self.searched = piece.len();
                return false;
            }
        }
        true
    }

    /// Decides on everything up to `end` in the buffer, which is the rest of a line.
    fn decide(&mut self, end: usize, how: End) {
        loop {
            self.pass(grammar::leading_space(&self.buffer[self.at..end]));
            if self.at == end {
                break;
            }
            self.decide_some(end, how);
        }
        let Some(skipped) = self.skipping.take() else { return };
        self.ready.push_back(match how {
            End::File => {
                let Skipped { line, offset, length, .. } = skipped;
                LogItem::TornTail(TornTail { line, offset, length })
            }
            End::Newline | End::Open => LogItem::Skipped(skipped),
        });
    }

    /// Decides on one record, or on bytes that are none.
    fn decide_some(&mut self, end: usize, how: End) {
        let text = &self.buffer[self.at..end];
        let alone = self.line == Line::Begins && how != End::Open;
        match object(text, alone, &mut self.spans) {
            Ok(length) => self.record(length),
            Err(_) if how == End::Open => {
                // The last bytes may be the first ones of a beginning.
                let none = text.len() + 1 - BEGINNING.len();
                self.skip(next_beginning(text).unwrap_or(none), SkipReason::TooLong);
            }
            Err(reason) => self.skip(next_beginning(text).unwrap_or(text.len()), reason),
        }
    }

    /// The next `length` bytes are a record, whose members stand at `spans`.
    fn record(&mut self, length: usize) {
        let Place { line, offset } = self.place;
        if let Some(skipped) = self.skipping.take() {
            self.ready.push_back(LogItem::Skipped(skipped));
        } else if self.line == Line::BehindRecord {
            let reason = SkipReason::NoNewline;
            self.ready.push_back(LogItem::Skipped(Skipped { line, offset, length: 0, reason }));
        }
        let raw = &self.buffer[self.at..self.at + length];
        let record = Record::new((line, offset), raw, &self.spans);
        let seq = record.seq();
        let item = match Announcement::of(record) {
            Ok(announcement) => LogItem::Announcement(announcement),
            Err(record) => LogItem::Record(record),
        };
        let announced = match &item {
            LogItem::Announcement(announcement) => Some(&announcement.seqs),
            _ => None,
        };
        if let Some(missing) = seq.and_then(|seq| self.numbers.missing_before(seq, announced)) {
            self.ready.extend(numbers::gaps(missing, announced).map(LogItem::Gap));
        }
        self.ready.push_back(item);
        self.line = Line::BehindRecord;
        self.pass(length);
    }

    /// The next `length` bytes are no record. The reason of the first ones stands.
    fn skip(&mut self, length: usize, reason: SkipReason) {
        let Place { line, offset } = self.place;
        let skipped = self.skipping.get_or_insert(Skipped { line, offset, length: 0, reason });
        skipped.length = offset + length - skipped.offset;
        self.line = Line::GoesOn;
        self.pass(length);
    }

    fn pass(&mut self, bytes: usize) {
        self.at += bytes;
        self.place.offset += bytes;
        self.searched = self.searched.saturating_sub(bytes);
    }
}

/// The length of the record that `text` begins with, white space behind it included where nothing else is. An object that is `alone` in its
/// line is one, whoever wrote it.
fn object(text: &[u8], alone: bool, spans: &mut Vec<Span>) -> Result<usize, SkipReason> {
    if text.first() != Some(&b'{') {
        return Err(match Json::parse(text) {
            Ok(_) => SkipReason::NotAnObject,
            Err(error) => error.into(),
        });
    }
    // In a damaged line each beginning of a line is tried: to look at all that follows would take time that grows with its square.
    let whole = if alone { Whole::of(text) } else { Whole::Unknown };
    let length = grammar::object(text, whole, spans)?;
    let behind = length + grammar::leading_space(&text[length..]);
    let ends = behind == text.len();
    if (ends && alone) || has_head(text, spans) {
        Ok(length)
    } else if ends {
        Err(SkipReason::NotAlone)
    } else {
        Err(JsonError::Unexpected { at: behind }.into())
    }
}

/// Where the next line of the logger may begin, behind the first byte.
fn next_beginning(text: &[u8]) -> Option<usize> {
    let is_beginning = |window: &[u8]| window == BEGINNING;
    let found = text.get(1..)?.windows(BEGINNING.len()).position(is_beginning).map(|at| at + 1);
    looks_at(found.unwrap_or(text.len()));
    found
}
