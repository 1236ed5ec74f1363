//! Lines that wait for a thread of their own: within a bound, in order, and told of where they are lost.

use crate::lab::Lab;
use crate::teller::Teller;
use retrip_core::door::{Spawn, System};
use retrip_core::logger::{
    DropCause, DropReason, EventType, FlushError, Logger, LoggerBuilder, MemorySink, Queue, Sink,
    Stats, WhenFull,
};
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

pub(crate) const LONG: Duration = Duration::from_secs(3600);

pub(crate) fn log(
    logger: &Logger<impl retrip_core::door::Platform>,
    message: &str,
) -> Result<u64, DropReason> {
    logger.event(EventType::Custom).message(message).try_log()
}

fn dropped(cause: DropCause) -> Result<u64, DropReason> {
    Err(DropReason::Dropped(cause))
}

/// What a line of `log` takes in a queue.
pub(crate) fn cost() -> usize {
    let sink = MemorySink::new();
    let logger = Logger::named("llm").to_queue(sink, Queue::of_bytes(1 << 20)).expect("a thread");
    log(&logger, "one").expect("there is room");
    usize::try_from(logger.stats().most_buffered_bytes).expect("it is small")
}

/// A logger with room for three lines, of which the first one is with the sink already.
fn busy(queue: Queue) -> (Logger, Teller) {
    let (sink, teller) = Teller::new();
    let logger = Logger::named("llm").to_queue(sink, queue.patience(LONG)).expect("a thread");
    assert_eq!(log(&logger, "one"), Ok(1));
    teller.is_called();
    (logger, teller)
}

fn three_lines() -> Queue {
    Queue::of_bytes(3 * cost())
}

pub(crate) fn lines(of: &[(u64, &str)]) -> Vec<(u64, String)> {
    of.iter().map(|&(seq, message)| (seq, message.to_owned())).collect()
}

#[test]
fn what_is_new_is_dropped_where_there_is_no_room_and_announced_where_it_belongs() {
    let (logger, mut teller) = busy(three_lines());
    assert_eq!((log(&logger, "two"), log(&logger, "thr")), (Ok(2), Ok(3)));
    for _ in 0..2 {
        assert_eq!(log(&logger, "for"), dropped(DropCause::QueueFull));
    }
    let Stats { accepted, written, buffered, .. } = logger.stats();
    assert_eq!((accepted, written, buffered), (5, 0, 3));
    teller.tells(Ok(()));
    teller.is_called();
    assert_eq!(log(&logger, "six"), Ok(6), "there is room again");
    teller.lets_pass();
    logger.flush().expect("everything passes");
    let wanted = [(1, "one"), (2, "two"), (3, "thr"), (5, "events were lost"), (6, "six")];
    assert_eq!(teller.lines(), lines(&wanted));
    let read = teller.records();
    let number = |key| read[3].get(key).and_then(|value| value.as_u64());
    assert_eq!(["first_seq", "last_seq", "count"].map(number), [Some(4), Some(5), Some(2)]);
    let stats = logger.stats();
    assert_eq!((stats.written, stats.buffered, stats.announced), (4, 0, 1));
    assert_eq!(stats.dropped.get(&DropCause::QueueFull), Some(&2));
    assert!(stats.balances());
    assert!(stats.most_buffered_bytes <= 3 * cost() as u64);
}

#[test]
fn what_is_old_is_dropped_for_what_is_new_but_for_the_line_that_is_being_written() {
    let (logger, mut teller) = busy(three_lines().when_full(WhenFull::DropOld));
    for (seq, message) in [(2, "two"), (3, "thr"), (4, "for"), (5, "fiv")] {
        assert_eq!(log(&logger, message), Ok(seq));
    }
    teller.lets_pass();
    logger.flush().expect("everything passes");
    let wanted = [(1, "one"), (3, "events were lost"), (4, "for"), (5, "fiv")];
    assert_eq!(teller.lines(), lines(&wanted));
    assert_eq!(logger.stats().dropped.get(&DropCause::QueueFull), Some(&2));
    assert!(logger.stats().balances());
}

#[test]
fn who_blocks_goes_on_when_there_is_room_or_its_time_is_over() {
    // The deadline is on the clock of the platform, and a wait for a time in the past is over at once.
    let over = three_lines().when_full(WhenFull::BlockFor(Duration::ZERO));
    let (logger, mut teller) = busy(over);
    assert_eq!((log(&logger, "two"), log(&logger, "thr")), (Ok(2), Ok(3)));
    assert_eq!(log(&logger, "for"), dropped(DropCause::QueueFull));
    teller.lets_pass();
    logger.shutdown().expect("everything passes");

    let (logger, mut teller) = busy(three_lines().when_full(WhenFull::BlockFor(LONG)));
    assert_eq!((log(&logger, "two"), log(&logger, "thr")), (Ok(2), Ok(3)));
    let other = logger.clone();
    let blocked = System.spawn("blocked", move || log(&other, "for")).expect("a thread");
    teller.lets_pass();
    assert_eq!(blocked.join().expect("it does not panic"), Ok(4));
    logger.shutdown().expect("everything passes");
    assert_eq!(teller.lines().len(), 4);
    assert_eq!(logger.stats().dropped_in_all(), 0);
}

#[test]
fn a_line_that_the_sink_does_not_take_waits_until_it_does_and_nothing_is_lost() {
    let (logger, mut teller) = busy(three_lines());
    assert_eq!(log(&logger, "two"), Ok(2));
    for _ in 0..3 {
        teller.tells(Err(ErrorKind::StorageFull));
        // It comes back by itself, after ten milliseconds and twice that.
        teller.is_called();
    }
    teller.lets_pass();
    logger.flush().expect("everything passes");
    assert_eq!(teller.lines(), lines(&[(1, "one"), (2, "two")]));
    let stats = logger.stats();
    assert_eq!((stats.written, stats.dropped_in_all(), stats.announced), (2, 0, 0));
}

#[test]
fn a_flush_says_that_the_sink_fails_and_what_waits_goes_on_waiting() {
    let lab = Lab::new();
    let (sink, mut teller) = Teller::new();
    let queue = Queue::of_bytes(1 << 20).patience(LONG);
    let logger = LoggerBuilder::new(lab, "llm").to_queue(sink, queue).expect("a thread");
    log(&logger, "one").expect("there is room");
    teller.is_called();
    teller.tells(Err(ErrorKind::BrokenPipe));
    let flushing = logger.clone();
    let (done, results) = channel();
    let flush = System.spawn("flush", move || done.send(flushing.flush())).expect("a thread");
    // The clock stands, so that it is the flush that brings the sink another try; it may have come before the first one failed.
    let result = loop {
        if let Ok(result) = results.try_recv() {
            break result;
        }
        if teller.called.recv_timeout(Duration::from_millis(1)).is_ok() {
            teller.tells(Err(ErrorKind::BrokenPipe));
        }
    };
    flush.join().expect("it does not panic").expect("the result is waited for");
    let error = result.expect_err("the sink fails");
    assert!(matches!(&error, FlushError::Sink(error) if error.kind() == ErrorKind::BrokenPipe));
    assert_eq!(logger.stats().buffered, 1);
    teller.lets_pass();
    while logger.flush().is_err() {}
    assert_eq!(teller.lines(), lines(&[(1, "one")]));
}

#[test]
fn a_flush_that_nobody_does_ends_when_the_patience_does() {
    let (sink, mut teller) = Teller::new();
    let patience = Duration::from_millis(1);
    let queue = Queue::of_bytes(1 << 20).patience(patience);
    let logger = Logger::named("llm").to_queue(sink, queue).expect("a thread");
    assert_eq!(log(&logger, "one"), Ok(1));
    teller.is_called();
    let error = logger.flush().expect_err("the sink has the line and says nothing");
    assert!(matches!(error, FlushError::TimedOut(waited) if waited == patience), "{error}");
    assert_eq!(logger.stats().buffered, 1);
    teller.lets_pass();
    while logger.flush().is_err() {}
    assert_eq!(teller.lines(), lines(&[(1, "one")]));
}

#[test]
fn a_shutdown_writes_what_waits_and_takes_nothing_any_more() {
    let (logger, mut teller) = busy(three_lines());
    assert_eq!(log(&logger, "two"), Ok(2));
    teller.lets_pass();
    logger.shutdown().expect("everything passes");
    assert_eq!(log(&logger, "too late"), dropped(DropCause::Closed));
    assert!(matches!(logger.flush(), Err(FlushError::Closed)));
    assert!(matches!(logger.shutdown(), Err(FlushError::Closed)));
    assert_eq!(teller.lines(), lines(&[(1, "one"), (2, "two")]));
    let stats = logger.stats();
    assert_eq!((stats.written, stats.buffered), (2, 0));
    assert_eq!(stats.dropped.get(&DropCause::Closed), Some(&1));
    assert!(stats.balances());
}

#[test]
fn what_is_larger_than_the_queue_is_dropped_at_once_and_costs_nobody_else_a_line() {
    for when_full in [WhenFull::DropNew, WhenFull::DropOld, WhenFull::BlockFor(LONG)] {
        let (logger, mut teller) = busy(three_lines().when_full(when_full));
        assert_eq!(log(&logger, "two"), Ok(2));
        assert_eq!(log(&logger, &"x".repeat(4 * cost())), dropped(DropCause::Oversize));
        teller.lets_pass();
        logger.shutdown().expect("everything passes");
        let wanted = [(1, "one"), (2, "two"), (3, "events were lost")];
        assert_eq!(teller.lines(), lines(&wanted), "{when_full:?}");
    }
}

/// Logs from within a write.
struct Talkative(Arc<std::sync::OnceLock<Logger>>, MemorySink<System>);

impl Sink for Talkative {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(logger) = self.0.get() {
            assert_eq!(log(logger, "I was written to"), dropped(DropCause::Reentrant));
            assert!(matches!(logger.flush(), Err(FlushError::Reentrant)));
        }
        self.1.write(bytes)
    }
}

#[test]
fn a_sink_that_logs_on_the_thread_of_the_queue_is_refused() {
    let (slot, kept) = (Arc::new(std::sync::OnceLock::new()), MemorySink::new());
    let queue = Queue::of_bytes(1 << 20).patience(LONG);
    let logger = Logger::named("llm").to_queue(Talkative(slot.clone(), kept.clone()), queue);
    let logger = logger.expect("a thread");
    slot.set(logger.clone()).expect("it is set once");
    log(&logger, "one").expect("there is room");
    logger.flush().expect("the sink takes everything");
    let stats = logger.stats();
    assert_eq!(stats.written, 1);
    assert!(stats.dropped.get(&DropCause::Reentrant).is_some_and(|&count| count > 0));
    assert!(stats.balances());
    assert!(kept.lines()[0].contains(r#""message":"one""#));
}

#[test]
fn the_last_handle_that_goes_lets_the_thread_write_what_waits() {
    let (logger, mut teller) = busy(three_lines());
    assert_eq!(log(&logger, "two"), Ok(2));
    drop(logger);
    teller.lets_pass();
    while teller.lines().len() < 2 {}
    assert_eq!(teller.lines(), lines(&[(1, "one"), (2, "two")]));
}
