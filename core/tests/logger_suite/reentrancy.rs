//! Code of the caller that the logger runs may log and may panic: no deadlock, no recursion, no lost count.

use crate::lab::Lab;
use retrip_core::door::{Spawn, System};
use retrip_core::logger::{
    DropCause, DropReason, Event, EventType, FlushError, LogContext, Logger, MemorySink, Sink,
    Value, read_json_log,
};
use std::cell::Cell;
use std::fmt;
use std::io;
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half of it")?;
        panic!("planned");
    }
}

#[test]
fn a_display_that_panics_costs_its_value_only() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab, "llm", sink.clone());
    let context = LogContext::new().with("c", Value::display(&Panics));
    let _scope = logger.enter(&context);
    logger
        .event(EventType::Custom)
        .message_of(&Panics)
        .field("bad", Value::List(&[Value::Integer(1), Value::Display(&Panics)]))
        .field("good", 2)
        .log();
    let ending = r#""message":"<panicked>","c":"<panicked>","bad":[1,"<panicked>"],"good":2}"#;
    assert!(sink.lines()[0].ends_with(ending), "{}", sink.lines()[0]);
    assert_eq!(logger.stats().panicked_values, 3);
    // Of a context those are counted that it has.
    drop(logger.enter(&LogContext::new().with("good", 1)));
    assert_eq!(logger.stats().panicked_values, 3);
    drop(logger.enter(&context.with("d", Value::display(&Panics))));
    assert_eq!(logger.stats().panicked_values, 5);
}

/// Logs itself, through the logger that prints it.
struct LogsItself<'l>(&'l Logger<Lab>);

impl fmt::Display for LogsItself<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = self.0.event(EventType::Custom).field("me", Value::display(self)).try_log();
        assert_eq!(result, Err(DropReason::Dropped(DropCause::Reentrant)));
        f.write_str("me")
    }
}

#[test]
fn a_display_that_logs_itself_is_printed_once_and_counted() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab, "llm", sink.clone());
    let me = LogsItself(&logger);
    logger.event(EventType::Custom).field("me", Value::display(&me)).log();
    let log = read_json_log(&sink.bytes());
    assert_eq!(log.records[0].event_type(), Some(EventType::LogDropped));
    assert_eq!(log.records[0].seq(), Some(1));
    assert_eq!(log.records[0].get("first_seq").and_then(|seq| seq.as_u64()), Some(1));
    assert_eq!(log.records[1].text("me"), Some("me"));
    assert_eq!(log.records[1].seq(), Some(2));
    let stats = logger.stats();
    assert_eq!(stats.dropped.get(&DropCause::Reentrant), Some(&1));
    assert!(stats.balances());
}

#[test]
fn a_display_that_logs_itself_is_found_in_lists_and_maps() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab, "llm", sink.clone());
    let me = LogsItself(&logger);
    let list = [Value::Null, Value::display(&me)];
    let map = [("me", Value::display(&me))];
    let nested = [Value::List(&list), Value::Map(&map)];
    for (value, times) in
        [(Value::List(&list), 1), (Value::Map(&map), 2), (Value::List(&nested), 4)]
    {
        logger.event(EventType::Custom).field("v", value).log();
        assert_eq!(logger.stats().dropped.get(&DropCause::Reentrant), Some(&times));
    }
    assert_eq!(logger.stats().panicked_values, 0);
    assert!(sink.lines()[5].ends_with(r#""v":[[null,"me"],{"me":"me"}]}"#));
}

/// Goes on with an event that was begun elsewhere.
struct GoesOn<'l>(Cell<Option<Event<'l, Lab>>>);

impl fmt::Display for GoesOn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let event = self.0.take().expect("it was begun");
        let list = [Value::Integer(2), Value::Null];
        self.0.set(Some(event.field("b", 1).field("c", Value::List(&list))));
        f.write_str("goes on")
    }
}

#[test]
fn an_event_from_outside_takes_values_that_run_no_code_from_within() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab, "llm", sink.clone());
    let goes_on = GoesOn(Cell::new(Some(logger.event(EventType::Custom).field("a", 0))));
    logger.event(EventType::Custom).field("v", Value::display(&goes_on)).log();
    assert_eq!(goes_on.0.take().expect("it is back").try_log(), Ok(2));
    assert!(sink.lines()[1].ends_with(r#""a":0,"b":1,"c":[2,null]}"#));
}

/// Logs an event without a word, and one that was begun elsewhere.
struct LogsOthers<'l>(&'l Logger<Lab>, Cell<Option<Event<'l, Lab>>>);

impl fmt::Display for LogsOthers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused = Err(DropReason::Dropped(DropCause::Reentrant));
        assert_eq!(self.0.event(EventType::Custom).try_log(), refused);
        assert_eq!(self.1.take().expect("it was begun").try_log(), refused);
        f.write_str("others")
    }
}

#[test]
fn no_event_is_logged_from_within_whatever_it_has_been_told() {
    let lab = Lab::new();
    let sink = MemorySink::on(&lab);
    let logger = Logger::on(lab, "llm", sink.clone());
    let begun = logger.event(EventType::Custom).message("begun");
    let others = LogsOthers(&logger, Cell::new(Some(begun)));
    logger.event(EventType::Custom).field("v", Value::display(&others)).log();
    assert!(sink.lines()[1].ends_with(r#""message":"","v":"others"}"#));
    assert_eq!(logger.stats().dropped.get(&DropCause::Reentrant), Some(&2));
    assert_eq!(logger.stats().written, 1);
}

/// Prints what it is once somebody else has logged.
struct WaitsForAnother(Logger);

impl fmt::Display for WaitsForAnother {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((logged, has_logged), logger) = (channel(), self.0.clone());
        let log = move || {
            logger.info("from elsewhere");
            // Whoever does not wait any more does not want to know.
            let _ = logged.send(());
        };
        System.spawn("another", log).expect("there is room for a thread");
        f.write_str(has_logged.recv_timeout(Duration::from_secs(2)).map_or("stuck", |()| "free"))
    }
}

#[test]
fn while_a_value_is_encoded_others_log() {
    let sink = MemorySink::new();
    let logger = Logger::named("llm").to(sink.clone());
    let waits = WaitsForAnother(logger.clone());
    logger.event(EventType::Custom).field("they", Value::display(&waits)).log();
    let lines = sink.lines();
    assert!(lines[0].contains("from elsewhere") && lines[1].ends_with(r#""they":"free"}"#));
}

/// Logs from within a write, and flushes.
struct Talkative {
    logger: Arc<OnceLock<Logger<Lab>>>,
    kept: MemorySink<Lab>,
}

impl Sink for Talkative {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let logger = self.logger.get().expect("the logger exists before its first event");
        logger.info("I was written to");
        assert!(matches!(logger.flush(), Err(FlushError::Reentrant)));
        self.kept.write(bytes)
    }
}

#[test]
fn a_sink_that_logs_is_not_called_again() {
    let lab = Lab::new();
    let kept = MemorySink::on(&lab);
    let slot = Arc::new(OnceLock::new());
    let logger = Logger::on(lab, "llm", Talkative { logger: slot.clone(), kept: kept.clone() });
    slot.set(logger.clone()).expect("it is set once");
    logger.info("one");
    logger.info("two");
    let stats = logger.stats();
    // Three lines: two events, and before the second the announcement of what the first one's write lost.
    assert_eq!((stats.written, stats.announced), (2, 1));
    assert_eq!(stats.dropped.get(&DropCause::Reentrant), Some(&3));
    assert!(stats.balances());
    let log = read_json_log(&kept.bytes());
    let seqs: Vec<_> = log.records.iter().filter_map(|record| record.seq()).collect();
    assert_eq!(seqs, [1, 2, 3]);
    logger.info("three");
    let log = read_json_log(&kept.bytes());
    let announced = log.records[3].get("first_seq").and_then(|seq| seq.as_u64());
    assert_eq!((announced, log.records[3].seq()), (Some(4), Some(5)));
}

#[test]
fn what_the_last_line_has_lost_is_announced_by_a_shutdown() {
    let lab = Lab::new();
    let kept = MemorySink::on(&lab);
    let slot = Arc::new(OnceLock::new());
    let logger = Logger::on(lab, "llm", Talkative { logger: slot.clone(), kept: kept.clone() });
    slot.set(logger.clone()).expect("it is set once");
    logger.info("one");
    logger.shutdown().expect("the sink takes everything");
    let log = read_json_log(&kept.bytes());
    let number = |key: &str| log.records[1].get(key).and_then(|value| value.as_u64());
    assert_eq!((log.records.len(), number("last_seq"), number("count")), (2, Some(2), Some(1)));
}
