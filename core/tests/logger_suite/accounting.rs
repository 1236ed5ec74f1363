//! Whatever the sink does, each event is written once or counted as lost once and announced, in the order of numbers.

use crate::lab::Lab;
use proptest::prelude::*;
use retrip_core::logger::{
    DropCause, DropReason, EventType, Level, LoggerBuilder, Record, Sink, read_json_log,
};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};

/// What one call of a sink does.
#[derive(Clone, Copy, Debug)]
enum Call {
    Takes(usize),
    Fails(ErrorKind),
    /// Takes some and then panics, so that nobody knows how much; never all of a line, which would be lost and there.
    Panics(usize),
}

/// Plays a script and then takes everything.
#[derive(Clone, Default)]
struct Scripted {
    calls: Arc<Mutex<VecDeque<Call>>>,
    taken: Arc<Mutex<Vec<u8>>>,
}

impl Scripted {
    fn playing(calls: &[Call]) -> Self {
        Self { calls: Arc::new(Mutex::new(calls.iter().copied().collect())), ..Self::default() }
    }

    fn taken(&self) -> Vec<u8> {
        self.taken.lock().expect("no panic under this lock").clone()
    }
}

impl Sink for Scripted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let call = self.calls.lock().expect("no panic under this lock").pop_front();
        let count = match call {
            None => bytes.len(),
            Some(Call::Takes(count)) => count.min(bytes.len()),
            Some(Call::Fails(kind)) => return Err(kind.into()),
            Some(Call::Panics(count)) => count.min(bytes.len().saturating_sub(2)),
        };
        self.taken.lock().expect("no panic under this lock").extend_from_slice(&bytes[..count]);
        assert!(!matches!(call, Some(Call::Panics(_))), "planned");
        Ok(count)
    }
}

const FULL: Call = Call::Fails(ErrorKind::StorageFull);

fn number(record: &Record, key: &str) -> u64 {
    record.get(key).and_then(|value| value.as_u64()).expect("a log.dropped line has this number")
}

#[test]
fn a_full_disk_is_counted_and_announced_first_when_space_returns() {
    let sink = Scripted::playing(&[Call::Takes(usize::MAX), Call::Takes(10), FULL, FULL]);
    let logger = LoggerBuilder::new(Lab::new(), "llm").threshold(Level::Info).to(sink.clone());
    let log = |message| logger.event(EventType::Custom).message(message).try_log();
    let full = Err(DropReason::Dropped(DropCause::SinkError(ErrorKind::StorageFull)));
    assert_eq!(log("fits"), Ok(1));
    assert_eq!(log("is torn"), full);
    assert_eq!(log("does not fit"), full);
    logger.debug("below the threshold");
    logger.platform().advance(1_000_000_000);
    assert_eq!(log("does not fit either"), full);
    logger.platform().advance(1_000_000_000);
    assert_eq!(log("fits again"), Ok(5));

    let read = read_json_log(&sink.taken());
    assert_eq!(read.skipped.len(), 1, "the torn line stands on its own");
    assert_eq!(read.records.iter().filter_map(Record::seq).collect::<Vec<_>>(), [1, 4, 5]);
    assert_eq!(read.seq_gaps(), [2..=3]);
    let line = sink.taken();
    let announcement = String::from_utf8_lossy(&line);
    let ending = r#""event_type":"log.dropped","message":"events were lost","first_seq":2,"last_seq":4,"count":3,"by_cause":{"sink_error(StorageFull)":3},"first_time":"2026-01-01T12:00:00.000000000Z","last_time":"2026-01-01T12:00:01.000000000Z"}"#;
    assert!(announcement.contains(ending), "{announcement}");

    let stats = logger.stats();
    assert_eq!((stats.offered, stats.filtered, stats.accepted), (6, 1, 5));
    assert_eq!((stats.written, stats.dropped_in_all(), stats.announced), (2, 3, 1));
    assert!(stats.balances());
}

#[test]
fn a_line_that_lacks_only_its_newline_is_written() {
    let length = {
        let sink = Scripted::default();
        LoggerBuilder::new(Lab::new(), "llm").to(sink.clone()).info("m");
        sink.taken().len()
    };
    let sink = Scripted::playing(&[Call::Takes(length - 1), FULL]);
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
    logger.info("m");
    // The sink has failed at the newline, and is tried again after 10 ms.
    logger.platform().advance(10_000_000);
    logger.info("m");
    let read = read_json_log(&sink.taken());
    assert_eq!((read.records.len(), read.skipped.len()), (2, 0));
    assert_eq!((logger.stats().written, logger.stats().dropped_in_all()), (2, 0));
}

#[test]
fn what_a_panicking_sink_took_stands_on_a_line_of_its_own() {
    let sink = Scripted::playing(&[Call::Panics(5)]);
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
    logger.info("lost");
    logger.platform().advance(1_000_000_000);
    logger.info("kept");
    assert!(sink.taken().starts_with(b"{\"tim\n{"));
    assert_eq!(logger.stats().dropped.get(&DropCause::SinkError(ErrorKind::Other)), Some(&1));
}

#[test]
fn a_flush_announces_what_is_owed() {
    let sink = Scripted::playing(&[FULL, FULL]);
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
    logger.info("lost");
    assert!(logger.flush().is_err());
    logger.flush().expect("there is space again");
    logger.flush().expect("nothing is owed twice");
    let read = read_json_log(&sink.taken());
    assert_eq!(read.records.len(), 1);
    assert_eq!(number(&read.records[0], "count"), 1);
}

fn call() -> impl Strategy<Value = Call> {
    const KINDS: [ErrorKind; 3] =
        [ErrorKind::StorageFull, ErrorKind::Interrupted, ErrorKind::BrokenPipe];
    prop_oneof![
        4 => (0..600_usize).prop_map(Call::Takes),
        2 => Just(Call::Takes(usize::MAX)),
        3 => prop::sample::select(&KINDS[..]).prop_map(Call::Fails),
        1 => (0..20_usize).prop_map(Call::Panics),
    ]
}

proptest! {
    #[test]
    fn the_accounting_is_exact_and_every_gap_is_announced(
        calls in prop::collection::vec(call(), 0..40),
        events in 1..12_u64,
    ) {
        let sink = Scripted::playing(&calls);
        let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
        let results: Vec<_> =
            (0..events).map(|n| logger.event(EventType::Custom).field("n", n).try_log()).collect();
        // By now the script may go on; a few more events bring it to its end.
        while logger.flush().is_err() || !sink.calls.lock().expect("no panic here").is_empty() {
            logger.info("more");
        }
        let read = read_json_log(&sink.taken());
        let stats = logger.stats();
        prop_assert!(stats.balances(), "{stats:?}");

        let written = |record: &&Record| record.event_type() != Some(EventType::LogDropped);
        let (lines, announcements): (Vec<_>, Vec<_>) = read.records.iter().partition(written);
        prop_assert_eq!(lines.len() as u64, stats.written);
        prop_assert_eq!(announcements.len() as u64, stats.announced);
        let announced: u64 = announcements.iter().map(|record| number(record, "count")).sum();
        prop_assert_eq!(announced, stats.dropped_in_all());

        let seqs: Vec<u64> = read.records.iter().filter_map(Record::seq).collect();
        prop_assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]), "{seqs:?}");
        for gap in read.seq_gaps() {
            let covers = |record: &&Record| {
                number(record, "first_seq") <= *gap.start() && *gap.end() <= number(record, "last_seq")
            };
            prop_assert!(announcements.iter().any(covers), "{gap:?}");
        }
        for (n, result) in (0..).zip(&results) {
            let found = lines.iter().find(|record| record.get("n").and_then(|v| v.as_u64()) == Some(n));
            prop_assert_eq!(result.ok(), found.and_then(|record| record.seq()));
        }
    }
}
