//! A log that comes in pieces is the log that comes whole, in bounded memory.

use crate::lab::Lab;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use retrip_core::logger::{
    EventType, Gap, Json, JsonLogReader, LINE_CAP, LogItem, LogScanner, LoggerBuilder, MemorySink,
    READ_CAP, SkipReason, Skipped, Told, TornTail, read_json_log,
};
use std::io::{self, ErrorKind, Read};

/// A change to a file, wherever it hits.
#[derive(Clone, Debug)]
enum Change {
    Flip(Index, u8),
    Cut(Index, usize),
    Insert(Index, Vec<u8>),
    Nuls(Index, usize),
    Doubled(Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        3 => (any::<Index>(), 1..60_usize).prop_map(|(at, count)| Change::Cut(at, count)),
        3 => (any::<Index>(), vec(select(&b"\n\"{}[]:,\\ \xFF\xC3e1-."[..]), 1..9))
            .prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        1 => (any::<Index>(), select(&[1, 200, READ_CAP - 1, READ_CAP, READ_CAP + 1, 300_000][..]))
            .prop_map(|(at, count)| Change::Nuls(at, count)),
        1 => (any::<Index>(), 1..600_usize).prop_map(|(at, count)| Change::Doubled(at, count)),
    ]
}

fn changed(mut file: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let length = file.len();
        let range = |at: &Index, count: usize| {
            let at = at.index(length + 1);
            at..length.min(at + count)
        };
        match change {
            Change::Flip(at, bit) if length > 0 => file[at.index(length)] ^= 1 << bit,
            Change::Flip(..) => {}
            Change::Cut(at, count) => drop(file.drain(range(at, *count))),
            Change::Insert(at, bytes) => drop(file.splice(range(at, 0), bytes.iter().copied())),
            Change::Nuls(at, count) => drop(file.splice(range(at, 0), vec![0; *count])),
            Change::Doubled(at, count) => {
                let bytes = file[range(at, *count)].to_vec();
                drop(file.splice(range(at, 0), bytes));
            }
        }
    }
    file
}

fn file(events: u64) -> Vec<u8> {
    let sink = MemorySink::new();
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
    for n in 0..events {
        logger.event(EventType::Custom).message("é\u{1F600}\n").field("n", n).log();
    }
    sink.bytes()
}

/// Gives a file in pieces of these lengths, over and over, and is interrupted before each.
struct Pieces<'f> {
    rest: &'f [u8],
    lengths: Vec<usize>,
    reads: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        if self.reads % 2 == 1 {
            return Err(ErrorKind::Interrupted.into());
        }
        let length = self.lengths[self.reads / 2 % self.lengths.len()];
        let length = length.min(into.len());
        (&mut self.rest).take(length as u64).read(into)
    }
}

fn pushed(file: &[u8], length: usize) -> Vec<LogItem> {
    let mut scanner = LogScanner::new();
    let mut items = Vec::new();
    for piece in file.chunks(length) {
        scanner.push(piece);
        items.extend(std::iter::from_fn(|| scanner.take()));
        assert!(scanner.held() <= READ_CAP, "{} bytes are held", scanner.held());
    }
    scanner.end();
    items.extend(std::iter::from_fn(|| scanner.take()));
    items
}

proptest! {
    #[test]
    fn the_items_are_the_same_however_a_file_is_cut(
        events in 0..6_u64,
        changes in vec(change(), 0..5),
        lengths in vec(prop_oneof![1..9_usize, 1..100_000_usize], 1..4),
    ) {
        let file = changed(file(events), &changes);
        let items = pushed(&file, file.len().max(1));
        prop_assert_eq!(&pushed(&file, 1021), &items);
        let pieces = Pieces { rest: &file, lengths, reads: 0 };
        let read: io::Result<Vec<LogItem>> = JsonLogReader::new(pieces).collect();
        prop_assert_eq!(&read.expect("it is only interrupted"), &items);

        let log = read_json_log(&file);
        let records: Vec<_> = items.iter().filter_map(LogItem::record).cloned().collect();
        prop_assert_eq!(&log.records, &records);
        let skipped = items.iter().filter_map(|item| match item {
            LogItem::Skipped(skipped) => Some(skipped.clone()),
            _ => None,
        });
        prop_assert_eq!(&log.skipped, &skipped.collect::<Vec<_>>());
        let torn = items.iter().find_map(|item| match item {
            LogItem::TornTail(TornTail { offset, length, .. }) => Some((*offset, offset + length)),
            _ => None,
        });
        prop_assert_eq!(log.torn_tail, torn.map(|(offset, _)| offset));
        let gaps: Vec<_> = items.iter().filter_map(|item| match item {
            LogItem::Gap(Gap { seqs, .. }) => Some(seqs.clone()),
            _ => None,
        }).collect();
        prop_assert_eq!(log.seq_gaps(), gaps);
    }

    #[test]
    fn what_is_json_is_what_another_strict_parser_takes(changes in vec(change(), 0..3)) {
        let text = changed(file(1), &changes);
        let strict = serde_json::from_slice::<serde_json::Value>(&text);
        let is_too_large = |error: &serde_json::Error| error.to_string().contains("out of range");
        prop_assume!(!strict.as_ref().is_err_and(is_too_large));
        let ours = Json::parse(&text);
        prop_assert_eq!(ours.is_ok(), strict.is_ok(), "{:?} {:?}", ours, strict);
    }
}

#[test]
fn what_is_held_is_what_is_not_decided_yet() {
    assert_eq!(READ_CAP, 128 * 1024);
    let mut scanner = LogScanner::new();
    let mut held = |bytes: &[u8]| {
        scanner.push(bytes);
        while scanner.take().is_some() {}
        scanner.held()
    };
    assert_eq!(
        (held(b"{\"se"), held(b"q\":1}"), held(b"\n{\"s"), held(b"eq\":2}\n")),
        (4, 9, 3, 0)
    );
}

#[test]
fn a_line_of_the_cap_is_read_and_a_longer_one_is_skipped_wherever_it_is_cut() {
    let line = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    for (length, whole) in [(LINE_CAP, true), (READ_CAP, true), (READ_CAP + 1, false)] {
        let file = [line(length), "\n{\"b\":1}\n".to_owned()].concat();
        for piece in [1000, length - 1, length, length + 1, length + 2] {
            let items = pushed(file.as_bytes(), piece);
            let skipped = Skipped { line: 1, offset: 0, length, reason: SkipReason::TooLong };
            match &items[0] {
                LogItem::Record(record) => assert!(whole && record.raw().len() == length),
                other => assert_eq!((other, whole), (&LogItem::Skipped(skipped), false)),
            }
            let second = items[1].record().expect("the next line is whole");
            assert_eq!((items.len(), second.line, second.offset), (2, 2, length + 1));
        }
    }
}

#[test]
fn an_object_of_another_writer_that_is_as_long_as_the_cap_is_no_record_where_its_line_goes_on() {
    let file = format!("{{\"a\":\"{}\"}}x\n", "x".repeat(READ_CAP - 8));
    let items = pushed(file.as_bytes(), file.len());
    let reason = SkipReason::TooLong;
    let skipped = Skipped { line: 1, offset: 0, length: READ_CAP + 1, reason };
    assert_eq!(items, [LogItem::Skipped(skipped)]);
}

/// Gives so many bytes of a line without an end.
#[derive(Debug)]
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        into.fill(b'x');
        let count = self.0.min(into.len() as u64);
        self.0 -= count;
        Ok(count as usize)
    }
}

#[test]
fn an_endless_line_is_never_held_and_a_record_behind_it_is_found() {
    let length = 20 * 1024 * 1024;
    let file = file(1);
    let items: io::Result<Vec<_>> = JsonLogReader::new(Endless(length).chain(&file[..])).collect();
    let items = items.expect("nothing fails");
    let length = length as usize;
    let skipped = Skipped { line: 1, offset: 0, length, reason: SkipReason::TooLong };
    assert_eq!(items[0], LogItem::Skipped(skipped));
    let record = items[1].record().expect("it is whole");
    assert_eq!((record.line, record.offset, record.seq()), (1, length, Some(1)));
    assert_eq!(items.len(), 2);
    let tail: io::Result<Vec<_>> = JsonLogReader::new(Endless(length as u64)).collect();
    let torn = TornTail { line: 1, offset: 0, length };
    assert_eq!(tail.expect("nothing fails"), [LogItem::TornTail(torn)]);
}

#[test]
fn a_record_behind_a_long_stretch_is_found_wherever_it_begins() {
    let record = file(1);
    for length in (READ_CAP - 20..READ_CAP + 3).chain([2 * READ_CAP - 18, 2 * READ_CAP]) {
        let file = [&vec![b'x'; length], &record[..]].concat();
        let items = pushed(&file, file.len());
        let found = items[1].record().expect("it is whole");
        assert_eq!((items.len(), found.offset), (2, length));
    }
}

/// Fails when everything was read.
#[derive(Debug)]
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(ErrorKind::NotConnected.into())
    }
}

#[test]
fn an_error_of_the_source_is_the_last_item_and_no_tail_is_said_to_be_torn() {
    let file = [&file(2)[..], b"{\"timest"].concat();
    let mut reader = JsonLogReader::new(file.chain(Failing));
    for seq in 1..=2 {
        let item = reader.next().expect("there is one").expect("it could be read");
        assert_eq!(item.record().and_then(|record| record.seq()), Some(seq));
    }
    let error = reader.next().expect("there is one").expect_err("it could not be read");
    assert_eq!(error.kind(), ErrorKind::NotConnected);
    assert!(reader.next().is_none() && reader.next().is_none());
}

fn items(text: &str) -> Vec<LogItem> {
    let items: io::Result<_> = JsonLogReader::new(text.as_bytes()).collect();
    items.expect("memory does not fail")
}

const ANNOUNCES: &str = concat!(
    r#"{"seq":7,"event_type":"log.dropped","first_seq":3,"last_seq":5,"count":3,"#,
    r#""by_cause":{"reentrant":1,"sink_error(StorageFull)":2}}"#,
);

#[test]
fn a_gap_comes_before_its_record_and_what_is_announced_is_told_apart() {
    let items = items(&format!("{{\"seq\":1}}\n{ANNOUNCES}\n{{\"seq\":9}}\n"));
    let gap = |seqs, told| LogItem::Gap(Gap { seqs, told });
    assert_eq!(items[1], gap(2..=2, Told::Nowhere));
    assert_eq!(items[2], gap(3..=5, Told::Announced));
    assert_eq!(items[3], gap(6..=6, Told::Nowhere));
    let LogItem::Announcement(announcement) = &items[4] else { panic!("{:?}", items[4]) };
    assert_eq!((announcement.seqs.clone(), announcement.count), (3..=5, 3));
    let causes = [("reentrant".to_owned(), 1), ("sink_error(StorageFull)".to_owned(), 2)];
    assert_eq!(announcement.by_cause, causes);
    assert_eq!(items[5], gap(8..=8, Told::Nowhere));
    assert_eq!(items.len(), 7);
}

#[test]
fn only_what_the_logger_says_of_its_own_losses_announces_any() {
    for (of, by) in [("log.dropped", "custom"), ("first_seq", "first"), ("\"count\":3,", "")] {
        let items = items(&format!("{{\"seq\":1}}\n{}\n", ANNOUNCES.replace(of, by)));
        assert!(matches!(&items[2], LogItem::Record(_)), "{items:?}");
        assert_eq!(items[1], LogItem::Gap(Gap { seqs: 2..=6, told: Told::Nowhere }));
    }
}

#[test]
fn nothing_is_missing_before_the_first_record_unless_it_is_known_what_that_is() {
    let text = "{\"seq\":3}\n";
    assert!(matches!(&items(text)[..], [LogItem::Record(_)]));
    let whole: io::Result<Vec<_>> = JsonLogReader::new(text.as_bytes()).expecting(1).collect();
    let gap = Gap { seqs: 1..=2, told: Told::Nowhere };
    assert_eq!(whole.expect("memory does not fail")[0], LogItem::Gap(gap));
    let log = read_json_log(text.as_bytes());
    assert_eq!((log.missing_before(1), log.missing_before(3)), (Some(1..=2), None));
}

#[test]
fn a_file_that_continues_another_has_places_of_its_own_and_the_same_numbers() {
    let mut scanner = LogScanner::new();
    scanner.push(b"{\"seq\":1}\n{\"seq\"");
    scanner.end();
    scanner.push(b"{\"seq\":3}\n");
    let items: Vec<_> = std::iter::from_fn(|| scanner.take()).collect();
    assert_eq!(items[1], LogItem::TornTail(TornTail { line: 2, offset: 10, length: 6 }));
    assert_eq!(items[2], LogItem::Gap(Gap { seqs: 2..=2, told: Told::Nowhere }));
    let record = items[3].record().expect("it is one");
    assert_eq!((record.line, record.offset, items.len()), (1, 0, 4));
    // A lower number may have begun in a file that nobody reads.
    scanner.end();
    scanner.push(b"{\"seq\":2}\n");
    assert!(matches!(scanner.take(), Some(LogItem::Record(record)) if record.seq() == Some(2)));
}
