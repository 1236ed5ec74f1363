//! Code of the caller that the logger runs may log and may panic: no deadlock, no recursion, no lost count.

use crate::lab::Lab;
use retrip_core::logger::{
    DropCause, DropReason, EventType, FlushError, LogContext, Logger, MemorySink, Sink, Value,
    read_json_log,
};
use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};

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
