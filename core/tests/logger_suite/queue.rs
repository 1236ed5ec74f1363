//! Lines that wait for a thread of their own: within a bound, in order, and told of where they are lost.

use crate::lab::Lab;
use retrip_core::door::{Spawn, System};
use retrip_core::logger::{
    DropCause, DropReason, EventType, FlushError, Level, Logger, LoggerBuilder, MemorySink, Queue,
    Record, Sink, Stats, WhenFull, read_json_log,
};
use std::io::{self, ErrorKind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A sink that does each call only when it is told what becomes of it, and says that it was called.
struct Told {
    called: Sender<()>,
    told: Receiver<Result<(), ErrorKind>>,
    kept: Arc<Mutex<Vec<u8>>>,
}

/// The other side of it.
struct Teller {
    called: Receiver<()>,
    told: Option<Sender<Result<(), ErrorKind>>>,
    kept: Arc<Mutex<Vec<u8>>>,
}

impl Sink for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Whoever does not listen any more lets everything pass.
        let _ = self.called.send(());
        if let Ok(Err(kind)) = self.told.recv() {
            return Err(kind.into());
        }
        self.kept.lock().expect("no panic under this lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

impl Teller {
    fn new() -> (Told, Self) {
        let (called, calls) = channel();
        let (tell, told) = channel();
        let kept = Arc::<Mutex<Vec<u8>>>::default();
        let sink = Told { called, told, kept: kept.clone() };
        (sink, Self { called: calls, told: Some(tell), kept })
    }

    /// Waits until the sink is called.
    fn is_called(&self) {
        self.called.recv().expect("the sink is there");
    }

    fn tells(&self, result: Result<(), ErrorKind>) {
        let told = self.told.as_ref().expect("not everything passes yet");
        told.send(result).expect("the sink is there");
    }

    /// From now on everything passes.
    fn lets_pass(&mut self) {
        self.told = None;
    }

    fn records(&self) -> Vec<Record> {
        read_json_log(&self.kept.lock().expect("no panic under this lock")).records
    }

    /// The number of each line, and its message.
    fn lines(&self) -> Vec<(u64, String)> {
        let records = self.records();
        let line = |record: &Record| Some((record.seq()?, record.message()?.to_owned()));
        records.iter().filter_map(line).collect()
    }
}

const LONG: Duration = Duration::from_secs(3600);

fn log(
    logger: &Logger<impl retrip_core::door::Platform>,
    message: &str,
) -> Result<u64, DropReason> {
    logger.event(EventType::Custom).message(message).try_log()
}

fn dropped(cause: DropCause) -> Result<u64, DropReason> {
    Err(DropReason::Dropped(cause))
}

/// What a line of `log` takes in a queue.
fn cost() -> usize {
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

fn lines(of: &[(u64, &str)]) -> Vec<(u64, String)> {
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
struct Choosy(Arc<std::sync::atomic::AtomicBool>, MemorySink);

impl Sink for Choosy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.load(std::sync::atomic::Ordering::SeqCst) {
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
    refuses.store(false, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(logger.stats().rescued, 0);
    critical(&logger, "for");
    assert_eq!(messages(&kept.bytes()), ["two", "for"], "one of them is lost");
    critical(&logger, "fiv");
    critical(&logger, "six");
    assert_eq!(messages(&kept.bytes()), ["two", "for", "thr", "fiv", "six"], "each of them once");
    assert_eq!(logger.stats().dropped, [(DropCause::QueueFull, 3)].into());
    assert_eq!(logger.stats().rescued, 5);
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
