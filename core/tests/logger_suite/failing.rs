//! A sink that fails is left alone, tried now and then, and has a second one beside it for what matters.

use crate::lab::Lab;
use retrip_core::logger::{
    DropCause, DropReason, EventType, FlushError, Level, Logger, LoggerBuilder, MemorySink, Queue,
    Record, Sink, Stats, StreamSink, read_json_log,
};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Has room for so many bytes more, and counts who comes.
#[derive(Clone, Default)]
struct Small {
    room: Arc<AtomicUsize>,
    tries: Arc<AtomicU64>,
    taken: Arc<Mutex<Vec<u8>>>,
}

impl Small {
    fn with_room(bytes: usize) -> Self {
        let small = Self::default();
        small.room.store(bytes, SeqCst);
        small
    }

    fn has_room(&self, bytes: usize) {
        self.room.store(bytes, SeqCst);
    }

    /// How often it was tried since this was asked last.
    fn tries(&self) -> u64 {
        self.tries.swap(0, SeqCst)
    }

    fn taken(&self) -> Vec<u8> {
        self.taken.lock().expect("no panic under this lock").clone()
    }
}

impl Sink for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tries.fetch_add(1, SeqCst);
        let count = bytes.len().min(self.room.load(SeqCst));
        if count == 0 {
            return Err(ErrorKind::StorageFull.into());
        }
        self.room.fetch_sub(count, SeqCst);
        self.taken.lock().expect("no panic under this lock").extend_from_slice(&bytes[..count]);
        Ok(count)
    }
}

const MILLI: u64 = 1_000_000;
const FULL: DropReason = DropReason::Dropped(DropCause::SinkError(ErrorKind::StorageFull));

fn log(logger: &Logger<Lab>, level: Level, message: &str) -> Result<u64, DropReason> {
    logger.event(EventType::Custom).level(level).message(message).try_log()
}

fn messages(content: &[u8]) -> Vec<String> {
    let read = read_json_log(content);
    read.records.iter().filter_map(Record::message).map(str::to_owned).collect()
}

#[test]
fn a_sink_that_fails_is_tried_after_ten_milliseconds_then_twenty_and_by_nobody_in_between() {
    let sink = Small::with_room(0);
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
    assert_eq!(log(&logger, Level::Info, "first"), Err(FULL));
    assert_eq!(sink.tries(), 1);
    for wait in [10, 20, 40] {
        logger.platform().advance(wait * MILLI - 1);
        for _ in 0..3 {
            assert_eq!(log(&logger, Level::Critical, "too early"), Err(FULL));
        }
        assert_eq!(sink.tries(), 0, "before {wait} ms");
        logger.platform().advance(1);
        assert_eq!(log(&logger, Level::Info, "probes"), Err(FULL));
        assert_eq!(sink.tries(), 1, "at {wait} ms");
    }
    sink.has_room(usize::MAX);
    logger.platform().advance(80 * MILLI);
    assert_eq!(log(&logger, Level::Info, "there is room"), Ok(14));
    assert_eq!(messages(&sink.taken()), ["events were lost", "there is room"]);
    // The next failure begins with ten milliseconds again.
    sink.has_room(0);
    assert_eq!(log(&logger, Level::Info, "lost"), Err(FULL));
    sink.tries();
    logger.platform().advance(10 * MILLI);
    assert_eq!(log(&logger, Level::Info, "probes"), Err(FULL));
    assert_eq!(sink.tries(), 1);
}

#[test]
fn a_flush_tries_a_sink_that_is_left_alone_and_its_success_lets_everybody_in() {
    let sink = Small::with_room(0);
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
    assert_eq!(log(&logger, Level::Info, "lost"), Err(FULL));
    logger.flush().expect_err("there is no room for the announcement");
    sink.has_room(usize::MAX);
    assert_eq!(log(&logger, Level::Info, "nobody knows yet"), Err(FULL));
    logger.flush().expect("there is room");
    assert_eq!(log(&logger, Level::Info, "written"), Ok(3));
    assert_eq!(messages(&sink.taken()), ["events were lost", "written"]);
    assert!(logger.stats().balances());
}

#[test]
fn errors_go_to_the_fallback_while_the_sink_fails_and_are_announced_all_the_same() {
    let (sink, fallback) = (Small::with_room(0), MemorySink::new());
    let logger = LoggerBuilder::new(Lab::new(), "llm").fallback(fallback.clone()).to(sink.clone());
    for (level, message) in [
        (Level::Info, "info"),
        (Level::Error, "error"),
        (Level::Warning, "warning"),
        (Level::Critical, "critical"),
    ] {
        assert_eq!(log(&logger, level, message), Err(FULL));
    }
    assert_eq!(messages(&fallback.bytes()), ["error", "critical"]);
    let Stats { rescued, written, .. } = logger.stats();
    assert_eq!((rescued, written, logger.stats().dropped_in_all()), (2, 0, 4));
    sink.has_room(usize::MAX);
    logger.platform().advance(10 * MILLI);
    assert_eq!(log(&logger, Level::Error, "there is room"), Ok(5));
    assert_eq!(messages(&fallback.bytes()), ["error", "critical"], "the sink itself has it");
    // The numbers in the fallback are those of which the announcement tells.
    let read = read_json_log(&fallback.bytes());
    assert_eq!(read.records.iter().filter_map(Record::seq).collect::<Vec<_>>(), [2, 4]);
    let read = read_json_log(&sink.taken());
    let number = |key| read.records[0].get(key).and_then(|value| value.as_u64());
    let announced = ["first_seq", "last_seq", "count"].map(number);
    assert_eq!(announced, [Some(1), Some(4), Some(4)]);
}

#[test]
fn a_fallback_that_fails_too_loses_what_it_is_given_and_the_next_line_stands_on_its_own() {
    let (sink, fallback) = (Small::with_room(0), Small::with_room(20));
    let logger = LoggerBuilder::new(Lab::new(), "llm").fallback(fallback.clone()).to(sink);
    assert_eq!(log(&logger, Level::Error, "torn"), Err(FULL));
    assert_eq!(log(&logger, Level::Error, "nothing of it"), Err(FULL));
    fallback.has_room(usize::MAX);
    assert_eq!(log(&logger, Level::Error, "whole"), Err(FULL));
    let read = read_json_log(&fallback.taken());
    assert_eq!((messages(&fallback.taken()), read.skipped.len()), (vec!["whole".to_owned()], 1));
    let stats = logger.stats();
    assert_eq!((stats.rescued, stats.dropped_in_all()), (1, 3));
}

#[test]
fn the_last_handle_that_goes_announces_what_was_lost_if_the_sink_will_have_it() {
    for (room, announced) in [(1000, 1), (0, 0)] {
        let sink = Small::with_room(0);
        let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink.clone());
        let child = logger.child("part");
        assert!(log(&logger, Level::Info, "lost").is_err());
        drop(logger);
        sink.has_room(room);
        assert_eq!((sink.tries(), sink.taken().len()), (1, 0), "a child may log on");
        drop(child);
        let read = read_json_log(&sink.taken());
        assert_eq!((sink.tries(), read.records.len()), (1, announced));
        assert!(read.records.iter().all(|record| record.text("event_type") == Some("log.dropped")));
    }
}

/// Is interrupted so often before it takes anything, each time anew.
struct Interrupted {
    times: u64,
    left: u64,
    kept: MemorySink,
}

impl Sink for Interrupted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Err(ErrorKind::Interrupted.into())
            }
            None => {
                self.left = self.times;
                self.kept.write(bytes)
            }
        }
    }
}

#[test]
fn sixteen_interruptions_in_a_row_are_no_failure_and_seventeen_are() {
    let result = |times| {
        let kept = MemorySink::new();
        let sink = Interrupted { times, left: times, kept: kept.clone() };
        let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink);
        let results = (log(&logger, Level::Info, "one"), log(&logger, Level::Info, "two"));
        (results, read_json_log(&kept.bytes()).records.len())
    };
    assert_eq!(result(16), ((Ok(1), Ok(2)), 2));
    let interrupted = Err(DropReason::Dropped(DropCause::SinkError(ErrorKind::Interrupted)));
    assert_eq!(result(17), ((interrupted, interrupted), 0));
}

/// Takes a byte between so many interruptions, again and again.
struct Halting {
    times: u64,
    left: u64,
    kept: MemorySink,
}

impl Sink for Halting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Err(ErrorKind::Interrupted.into())
            }
            None => {
                self.left = self.times;
                self.kept.write(&bytes[..1])
            }
        }
    }
}

#[test]
fn interruptions_count_from_the_last_byte_that_was_taken() {
    let kept = MemorySink::new();
    let sink = Halting { times: 16, left: 16, kept: kept.clone() };
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(sink);
    assert_eq!(log(&logger, Level::Info, "one"), Ok(1));
    assert_eq!(read_json_log(&kept.bytes()).records.len(), 1);
}

/// Takes lines, and hands on nothing.
struct Clogged;

impl Sink for Clogged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_sink_that_takes_lines_and_cannot_be_flushed_says_so_and_goes_on_taking_them() {
    let logger = LoggerBuilder::new(Lab::new(), "llm").to(Clogged);
    assert_eq!(log(&logger, Level::Info, "one"), Ok(1));
    for _ in 0..2 {
        let error = logger.flush().expect_err("it cannot be flushed");
        assert!(
            matches!(&error, FlushError::Sink(error) if error.kind() == ErrorKind::BrokenPipe),
            "{error}"
        );
    }
    assert_eq!(log(&logger, Level::Info, "two"), Ok(2));
}

#[test]
fn a_fallback_that_holds_lines_back_is_flushed_with_the_sinks() {
    const LINE: &str = "matters";
    let start = |queue: Option<Queue>| {
        let kept = MemorySink::new();
        let second = StreamSink::new(io::BufWriter::with_capacity(1 << 16, Kept(kept.clone())));
        let builder = Logger::named("llm").fallback(second);
        let logger = match queue {
            None => builder.to(Small::default()),
            Some(queue) => builder.to_queue(Small::default(), queue).expect("a thread"),
        };
        logger.critical(LINE);
        (logger, kept)
    };
    let is_there = |kept: &MemorySink| messages(&kept.bytes()) == [LINE];
    let (logger, kept) = start(None);
    assert_eq!((logger.stats().rescued, is_there(&kept)), (1, false), "it is held back");
    logger.flush().expect_err("the sink has no room for the announcement");
    assert!(is_there(&kept));
    let (logger, kept) = start(None);
    logger.shutdown().expect_err("nor has it at the end");
    assert!(is_there(&kept));
    // Nothing is lost behind a queue before it is full or given up.
    let (logger, kept) = start(Some(Queue::of_bytes(1)));
    assert_eq!((logger.stats().rescued, is_there(&kept)), (1, false), "it is held back");
    logger.flush().expect_err("the sink has no room for the announcement");
    assert!(is_there(&kept));
    let at_once = Queue::of_bytes(1 << 16).patience(Duration::from_millis(1));
    let (logger, kept) = start(Some(at_once));
    let _ = logger.shutdown();
    while !is_there(&kept) {
        std::thread::yield_now();
    }
}

/// Writes into memory.
struct Kept(MemorySink);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
