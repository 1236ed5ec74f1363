//! Lines that wait and are given up, or wait for a sink that fails: what matters of them goes to the fallback.

use crate::queue::{LONG, cost, lines, log};
use crate::teller::Teller;
use retrip_core::logger::{
    DropCause, EventType, FlushError, Level, Logger, MemorySink, Queue, Record, Sink, WhenFull,
    read_json_log,
};
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

/// Has room for announcements only.
struct Narrow(MemorySink);

impl Sink for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let announces = String::from_utf8_lossy(bytes).contains("log.dropped");
        if announces { self.0.write(bytes) } else { Err(ErrorKind::StorageFull.into()) }
    }
}

#[test]
fn what_waits_when_the_patience_is_over_is_dropped_and_announced_if_the_sink_will_have_it() {
    let (kept, fallback) = (MemorySink::new(), MemorySink::new());
    let queue = Queue::of_bytes(1 << 20).patience(Duration::from_millis(40));
    let logger = Logger::named("llm").fallback(fallback.clone());
    let logger = logger.to_queue(Narrow(kept.clone()), queue).expect("a thread");
    log(&logger, "one").expect("there is room");
    logger.event(EventType::Custom).level(Level::Critical).message("two").log();
    let error = logger.shutdown().expect_err("lines are dropped");
    assert!(matches!(error, FlushError::TimedOut(_)), "{error}");
    // On a busy machine whoever shuts down may be back before the thread is.
    while logger.stats().announced == 0 {}
    let read = read_json_log(&kept.bytes());
    assert_eq!(read.records.iter().filter_map(Record::seq).collect::<Vec<_>>(), [2]);
    assert_eq!(logger.stats().dropped.get(&DropCause::Shutdown), Some(&2));
    assert_eq!((fallback.lines().len(), logger.stats().rescued), (1, 1));
    assert!(logger.stats().balances());
}

#[test]
fn errors_that_a_full_queue_drops_go_to_the_fallback_whichever_they_are() {
    for (when_full, rescued) in [(WhenFull::DropNew, "for"), (WhenFull::DropOld, "two")] {
        let (sink, mut teller) = Teller::new();
        let fallback = MemorySink::new();
        // A line at ERROR is a byte longer than one at INFO.
        let queue = Queue::of_bytes(3 * (cost() + 1)).when_full(when_full).patience(LONG);
        let logger = Logger::named("llm").fallback(fallback.clone()).to_queue(sink, queue);
        let logger = logger.expect("a thread");
        let error = |message: &str| {
            logger.event(EventType::Custom).level(Level::Error).message(message).log();
        };
        log(&logger, "one").expect("there is room");
        teller.is_called();
        for message in ["two", "thr", "for"] {
            error(message);
        }
        let read = read_json_log(&fallback.bytes());
        let messages: Vec<_> = read.records.iter().filter_map(Record::message).collect();
        assert_eq!((messages, logger.stats().rescued), (vec![rescued], 1), "{when_full:?}");
        teller.lets_pass();
        logger.shutdown().expect("everything passes");
    }
}

fn critical(logger: &Logger, message: &str) {
    logger.event(EventType::Custom).level(Level::Critical).message(message).log();
}

fn messages(bytes: &[u8]) -> Vec<String> {
    let records = read_json_log(bytes).records;
    records.iter().filter_map(|record| record.message().map(str::to_owned)).collect()
}

#[test]
fn a_sink_that_stands_still_to_the_end_of_the_patience_costs_what_waits_and_says_so() {
    let (sink, mut teller) = Teller::new();
    let fallback = MemorySink::new();
    let queue = Queue::of_bytes(1 << 20).patience(Duration::from_millis(40));
    let logger = Logger::named("llm").fallback(fallback.clone()).to_queue(sink, queue);
    let logger = logger.expect("a thread");
    log(&logger, "one").expect("there is room");
    teller.is_called();
    critical(&logger, "two");
    log(&logger, "three").expect("there is room");
    let error = logger.shutdown().expect_err("the sink has the first line and says nothing");
    assert!(matches!(error, FlushError::TimedOut(_)), "{error}");
    let stats = logger.stats();
    // The first line is with the sink.
    assert_eq!((stats.buffered, stats.rescued), (1, 1));
    assert_eq!(stats.dropped, [(DropCause::Shutdown, 2)].into());
    assert_eq!(messages(&fallback.bytes()), ["two"]);
    assert!(stats.balances());
    teller.lets_pass();
    while logger.stats().announced == 0 {}
    assert_eq!(teller.lines(), lines(&[(1, "one"), (3, "events were lost")]));
    assert_eq!((logger.stats().written, logger.stats().buffered), (1, 0));
}

#[test]
fn what_matters_goes_to_the_fallback_while_the_sink_fails_and_to_the_sink_later() {
    let (sink, mut teller) = Teller::new();
    let fallback = MemorySink::new();
    let queue = Queue::of_bytes(1 << 20).patience(LONG);
    let logger = Logger::named("llm").fallback(fallback.clone()).to_queue(sink, queue);
    let logger = logger.expect("a thread");
    critical(&logger, "one");
    teller.is_called();
    critical(&logger, "two");
    log(&logger, "three").expect("there is room");
    assert_eq!(fallback.lines().len(), 0, "nothing has failed yet");
    teller.tells(Err(ErrorKind::StorageFull));
    // What waits is given to it by the thread.
    while logger.stats().rescued < 2 {}
    critical(&logger, "four");
    assert_eq!(logger.stats().rescued, 3, "by whoever logs it");
    assert_eq!(messages(&fallback.bytes()), ["one", "two", "four"]);
    teller.is_called();
    teller.tells(Err(ErrorKind::StorageFull));
    teller.lets_pass();
    logger.flush().or_else(|_| logger.flush()).expect("the sink has room again");
    critical(&logger, "five");
    logger.shutdown().expect("the sink has room");
    let written = teller.lines();
    let wanted = [(1, "one"), (2, "two"), (3, "three"), (4, "four"), (5, "five")];
    assert_eq!(written, lines(&wanted));
    assert_eq!(messages(&fallback.bytes()), ["one", "two", "four"], "each once");
    let stats = logger.stats();
    assert_eq!((stats.written, stats.rescued, stats.dropped_in_all()), (5, 3, 0));
}

/// Takes nothing while somebody says so.
struct Choosy(Arc<AtomicBool>, MemorySink);

impl Sink for Choosy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.load(SeqCst) {
            true => Err(ErrorKind::BrokenPipe.into()),
            false => self.1.write(bytes),
        }
    }
}

#[test]
fn what_the_fallback_did_not_take_it_is_given_again_where_it_is_lost() {
    let (sink, teller) = Teller::new();
    let (refuses, kept) = (Arc::new(true.into()), MemorySink::new());
    let queue = Queue::of_bytes(3 * (cost() + 4)).when_full(WhenFull::DropOld).patience(LONG);
    let fallback = Choosy(Arc::clone(&refuses), kept.clone());
    let logger = Logger::named("llm").fallback(fallback).to_queue(sink, queue);
    let logger = logger.expect("a thread");
    critical(&logger, "one");
    teller.is_called();
    teller.tells(Err(ErrorKind::StorageFull));
    // With the sink again, so that nothing is given to the fallback meanwhile.
    teller.is_called();
    critical(&logger, "two");
    critical(&logger, "thr");
    refuses.store(false, SeqCst);
    assert_eq!(logger.stats().rescued, 0);
    critical(&logger, "for");
    assert_eq!(messages(&kept.bytes()), ["two", "for"], "one of them is lost");
    critical(&logger, "fiv");
    critical(&logger, "six");
    assert_eq!(messages(&kept.bytes()), ["two", "for", "thr", "fiv", "six"], "each of them once");
    assert_eq!(logger.stats().dropped, [(DropCause::QueueFull, 3)].into());
    assert_eq!(logger.stats().rescued, 5);
}
