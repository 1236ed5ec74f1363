//! What the log reader keeps, whatever the bytes are: one function for the fuzz target and for the test that replays its corpus.

use retrip_core::door::Timestamp;
use retrip_core::logger::{
    Filter, Json, JsonLogReader, Level, LogItem, LogScanner, READ_CAP, Record, Skipped, TornTail,
    read_json_log,
};
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::RangeInclusive;

/// What every line of the logger begins with.
const BEGINNING: &[u8] = b"{\"timestamp\":";

/// Panics where the reader breaks a promise for the file `bytes`, and says which.
pub(crate) fn promise(bytes: &[u8]) {
    keeps(bytes, 1);
}

/// As [`promise`], for the same bytes at the end of a line that is as long as any that is read. It takes ten times as long.
pub(crate) fn promise_behind_a_long_stretch(bytes: &[u8]) {
    // What the bytes begin with stands on either side of the cap.
    let junk = vec![b'x'; READ_CAP + 1 - bytes.len() % 40];
    let object = format!("{{\"a\":\"{}\"}}", "x".repeat(READ_CAP - 8));
    for stretch in [junk, object.into_bytes()] {
        keeps(&[&stretch, bytes].concat(), 4093);
    }
}

/// What is promised, with the shortest pieces that the file comes in.
fn keeps(bytes: &[u8], shortest: usize) {
    let items = scanned(bytes, bytes.len());
    every_byte_is_in_one_item(bytes, &items);
    what_is_returned_is_json(&items);
    every_whole_line_comes_back(bytes, &items);
    no_line_is_left_in_what_is_skipped(bytes, &items);
    what_is_not_alone_is_of_the_logger(bytes, &items);
    cuts_change_nothing(bytes, shortest, &items);
    the_whole_form_says_the_same(bytes, &items);
}

/// The items of a file that comes in pieces of `length` bytes. What is held is bounded.
fn scanned(bytes: &[u8], length: usize) -> Vec<LogItem> {
    let mut scanner = LogScanner::new();
    let mut items = Vec::new();
    for piece in bytes.chunks(length.max(1)) {
        scanner.push(piece);
        items.extend(std::iter::from_fn(|| scanner.take()));
        assert!(scanner.held() <= READ_CAP, "{} bytes are held", scanner.held());
    }
    scanner.end();
    items.extend(std::iter::from_fn(|| scanner.take()));
    assert_eq!(scanner.held(), 0, "nothing is held behind the end");
    items
}

/// Where an item stands: its line, its first byte and how many there are. A gap is nowhere.
fn place(item: &LogItem) -> Option<(usize, usize, usize)> {
    match item {
        LogItem::Skipped(Skipped { line, offset, length, .. })
        | LogItem::TornTail(TornTail { line, offset, length }) => Some((*line, *offset, *length)),
        item => item.record().map(|record| (record.line, record.offset, record.raw().len())),
    }
}

fn every_byte_is_in_one_item(bytes: &[u8], items: &[LogItem]) {
    let (mut at, mut lines) = (0, 1);
    let mut line_of_a_record = None;
    for (index, item) in items.iter().enumerate() {
        let Some((line, offset, length)) = place(item) else { continue };
        assert!(at <= offset, "{item:?} begins before {at}, where the one before it ends");
        assert!(is_blank(&bytes[at..offset]), "nothing is said of bytes {at}..{offset}");
        lines += newlines(&bytes[at..offset]);
        assert_eq!(line, lines, "{item:?} is in another line");
        if item.record().is_some() {
            assert_ne!(line_of_a_record, Some(line), "a newline is missing before {item:?}");
        }
        line_of_a_record = item.record().map(|_| line);
        at = offset + length;
        lines += newlines(&bytes[offset..at]);
        match item {
            LogItem::TornTail(_) => {
                assert_eq!(index + 1, items.len(), "{item:?} is not the last item");
                assert!(is_blank(&bytes[at..]), "{item:?} ends before the file");
            }
            LogItem::Skipped(_) => {}
            item => {
                let raw = item.record().expect("what has a place is a record").raw();
                assert_eq!(raw.as_bytes(), &bytes[offset..at], "another text than the file's");
            }
        }
    }
    assert!(is_blank(&bytes[at..]), "nothing is said of the bytes from {at} on");
}

fn newlines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'\n').count()
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// What another strict parser makes of `text`; `None` where it has limits of its own.
fn judged(text: &[u8]) -> Option<Result<Value, serde_json::Error>> {
    let judged = serde_json::from_slice(text);
    let has_limits = |error: &serde_json::Error| {
        let said = error.to_string();
        said.contains("out of range") || said.contains("recursion limit")
    };
    if judged.as_ref().is_err_and(has_limits) { None } else { Some(judged) }
}

/// How deep arrays and objects nest.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// The deepest nesting that is read.
const DEPTH_CAP: usize = 64;

fn what_is_returned_is_json(items: &[LogItem]) {
    let filter = Filter::new()
        .least_level(Level::Debug)
        .since(Timestamp::EPOCH)
        .until(Timestamp::EPOCH)
        .seqs(0..=u64::MAX);
    for record in items.iter().filter_map(LogItem::record) {
        let raw = record.raw();
        let _ = (record.level(), record.event_type(), record.seq(), record.message());
        let _ = filter.passes(record);
        assert_eq!(record.written().count(), record.members().len(), "{raw}");
        let Some(judged) = judged(raw.as_bytes()) else { continue };
        let value = judged.unwrap_or_else(|error| panic!("{raw} is no JSON: {error}"));
        let members = value.as_object().unwrap_or_else(|| panic!("{raw} is no object"));
        assert!(depth(&value) <= DEPTH_CAP, "{raw}");
        for (key, value) in members {
            assert_eq!(record.text(key), value.as_str(), "{key} of {raw}");
            let found = record.get(key).unwrap_or_else(|| panic!("{key} of {raw} is not found"));
            assert_eq!(found.as_u64(), value.as_u64().filter(|_| is_whole(record, key)));
        }
    }
}

/// Whether a number is written with digits alone: the other parser takes none else for a whole one either, but `-0`.
fn is_whole(record: &Record, key: &str) -> bool {
    match record.get(key) {
        Some(Json::Number(digits)) => digits.bytes().all(|digit| digit.is_ascii_digit()),
        _ => false,
    }
}

/// A line that is an object, not too long and not too deep, is a record, whatever stands in the lines beside it.
fn every_whole_line_comes_back(bytes: &[u8], items: &[LogItem]) {
    let found: Vec<_> = items.iter().filter_map(LogItem::record).collect();
    let mut at = 0;
    for line in bytes.split(|&byte| byte == b'\n') {
        let text = trimmed(line);
        if line.len() <= READ_CAP
            && let Some(Ok(value)) = judged(text)
        {
            let from = at + line.iter().take_while(|&&byte| is_blank(&[byte])).count();
            let record = found.iter().find(|record| record.offset == from);
            let is_one = value.is_object() && depth(&value) <= DEPTH_CAP;
            let raw = record.map(|record| record.raw().as_bytes());
            assert_eq!(raw, is_one.then_some(text), "a whole line at {from}");
        }
        at += line.len() + 1;
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !is_blank(&[*byte]);
    let Some(first) = line.iter().position(is_text) else { return &[] };
    let last = line.iter().rposition(is_text).expect("one was found from the other end");
    &line[first..=last]
}

/// The keys that the logger begins each of its lines with, in their order.
const HEAD: [&str; 7] =
    ["timestamp", "schema_version", "level", "logger", "seq", "event_type", "message"];

/// How long the line of the logger is that `text` begins with, as another parser reads it.
fn line_of_the_logger(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for key in HEAD {
        let before = if at == 0 { '{' } else { ',' };
        let key_is_there = format!("{before}\"{key}\":");
        let value = text[at..].strip_prefix(key_is_there.as_bytes())?;
        let (_, length) = first_value(value)?;
        if key == "seq" && length != 16 {
            return None;
        }
        at += key_is_there.len() + length;
    }
    let (value, length) = first_value(text)?;
    (depth(&value) <= DEPTH_CAP && length <= READ_CAP).then_some(length)
}

/// The value that `text` begins with, and how long it is with the white space in front of it.
fn first_value(text: &[u8]) -> Option<(Value, usize)> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// A line of the logger is found behind any damage.
fn no_line_is_left_in_what_is_skipped(bytes: &[u8], items: &[LogItem]) {
    for item in items.iter().filter(|item| item.record().is_none()) {
        let Some((_, offset, length)) = place(item) else { continue };
        let rest = &bytes[offset..];
        let rest = rest.split(|&byte| byte == b'\n').next().unwrap_or(rest);
        let begins = rest[..length].windows(BEGINNING.len()).enumerate();
        for (at, _) in begins.filter(|(_, window)| *window == BEGINNING) {
            assert_eq!(line_of_the_logger(&rest[at..]), None, "skipped from {} on", offset + at);
        }
    }
}

/// Beside something else in its line only what the logger has written is a record.
fn what_is_not_alone_is_of_the_logger(bytes: &[u8], items: &[LogItem]) {
    for record in items.iter().filter_map(LogItem::record) {
        let from = bytes[..record.offset].iter().rposition(|&byte| byte == b'\n');
        let line = &bytes[from.map_or(0, |at| at + 1)..];
        let line = line.split(|&byte| byte == b'\n').next().unwrap_or(line);
        if trimmed(line) != record.raw().as_bytes() {
            let keys = record.members().iter().map(|(key, _)| &key[..]);
            assert!(keys.take(HEAD.len()).eq(HEAD), "{} is not alone", record.raw());
        }
    }
}

/// Gives pieces of a few lengths, over and over.
struct Pieces<'b> {
    rest: &'b [u8],
    turn: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        const LENGTHS: [u64; 5] = [1, 2, 7, 13, 4096];
        let length = LENGTHS[self.turn % LENGTHS.len()];
        self.turn += 1;
        (&mut self.rest).take(length).read(into)
    }
}

fn cuts_change_nothing(bytes: &[u8], shortest: usize, items: &[LogItem]) {
    assert_eq!(scanned(bytes, shortest), items, "in pieces of {shortest}, and at once");
    let read = |source: &mut dyn Read| -> Vec<LogItem> {
        let items: io::Result<_> = JsonLogReader::new(source).collect();
        items.expect("bytes in memory can be read")
    };
    assert_eq!(read(&mut &bytes[..]), items, "the iterator, and the scanner");
    assert_eq!(read(&mut Pieces { rest: bytes, turn: 0 }), items, "in any pieces, and at once");
}

fn the_whole_form_says_the_same(bytes: &[u8], items: &[LogItem]) {
    let log = read_json_log(bytes);
    let records: Vec<_> = items.iter().filter_map(LogItem::record).cloned().collect();
    assert_eq!(log.records, records);
    let (mut skipped, mut torn, mut gaps) = (Vec::new(), None, Vec::new());
    for item in items {
        match item {
            LogItem::Skipped(one) => skipped.push(one.clone()),
            LogItem::TornTail(tail) => torn = Some(tail.offset),
            LogItem::Gap(gap) => gaps.push(gap.seqs.clone()),
            _ => {}
        }
    }
    assert_eq!((&log.skipped, log.torn_tail), (&skipped, torn));
    assert_eq!(log.seq_gaps(), missing(&records));
    // Where a part of them is announced, it is told apart from the rest.
    let mut joined: Vec<RangeInclusive<u64>> = Vec::new();
    for gap in gaps {
        assert!(!gap.is_empty(), "{gap:?} has no number");
        match joined.last_mut() {
            Some(last) if last.end().checked_add(1) == Some(*gap.start()) => {
                *last = *last.start()..=*gap.end();
            }
            _ => joined.push(gap),
        }
    }
    assert_eq!(joined, missing(&records));
}

/// The numbers that are missing before records: each goes on with the logger whose last number is right before it, or before those that it
/// announces as lost, or else with the closest one below; where there is none, with one that begins. Of 16 loggers that were heard last.
fn missing(records: &[Record]) -> Vec<RangeInclusive<u64>> {
    let mut lasts: VecDeque<u64> = VecDeque::new();
    let mut gaps = Vec::new();
    for (record, seq) in records.iter().filter_map(|record| Some((record, record.seq()?))) {
        let begins = announced_from(record).unwrap_or(seq).min(seq);
        let is_before = |last: &u64| begins.checked_sub(1) == Some(*last);
        let below = || lasts.iter().copied().filter(|last| *last < seq).max();
        let last = lasts.iter().copied().find(is_before).or_else(below);
        if let Some(first) = last.or((!lasts.is_empty()).then_some(0))
            && first + 1 < seq
        {
            gaps.push(first + 1..=seq - 1);
        }
        if let Some(at) = lasts.iter().position(|one| Some(*one) == last) {
            lasts.remove(at);
        }
        lasts.push_front(seq);
        lasts.truncate(16);
    }
    gaps
}

/// The first number of those that a record announces as lost.
fn announced_from(record: &Record) -> Option<u64> {
    let number = |key: &str| record.get(key).and_then(|value| value.as_u64());
    let told = number("first_seq").zip(number("last_seq")).zip(number("count"));
    told.filter(|_| record.text("event_type") == Some("log.dropped")).map(|((first, _), _)| first)
}
