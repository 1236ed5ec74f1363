//! What comes too often is held back, counted, and told of.

use crate::lab::Lab;
use retrip_core::door::{Spawn, System, Timestamp};
use retrip_core::logger::{
    DropCause, DropReason, EventType, Filter, JsonLogReader, Level, LogItem, Logger, LoggerBuilder,
    MemorySink, RateLimit, Record, Sink, Stats, Value, read_json_log,
};
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

fn limited(lab: &Lab, limit: RateLimit) -> (Logger<Lab>, MemorySink) {
    let sink = MemorySink::new();
    (LoggerBuilder::new(lab.clone(), "app").rate_limit(limit).to(sink.clone()), sink)
}

fn records(sink: &MemorySink) -> Vec<Record> {
    read_json_log(&sink.bytes()).records
}

/// How many events the notices in a log tell of.
fn told(records: &[Record]) -> u64 {
    let notices =
        records.iter().filter(|record| record.event_type() == Some(EventType::LogDropped));
    notices.filter_map(|record| record.get("count")?.as_u64()).sum()
}

fn three_a_second() -> RateLimit {
    RateLimit::of(3, Duration::from_secs(1))
}

#[test]
fn so_many_pass_at_once_and_then_one_whenever_a_token_has_come_back() {
    let lab = Lab::new();
    let (logger, _) = limited(&lab, three_a_second());
    let passes = |logger: &Logger<Lab>| logger.event(EventType::Custom).message("m").try_log();
    let passed = (0..10).filter(|_| passes(&logger).is_ok()).count();
    assert_eq!(passed, 3);
    assert_eq!(passes(&logger), Err(DropReason::RateLimited));
    lab.advance(SECOND / 3 - 1);
    assert!(passes(&logger).is_err(), "a nanosecond before there is a token");
    lab.advance(1);
    assert!(passes(&logger).is_ok());
    assert!(passes(&logger).is_err());
    lab.advance(100 * SECOND);
    let passed = (0..10).filter(|_| passes(&logger).is_ok()).count();
    assert_eq!(passed, 3, "a bucket holds no more than that, however long nobody comes");
}

#[test]
fn kinds_have_buckets_of_their_own() {
    let lab = Lab::new();
    let (logger, sink) = limited(&lab, RateLimit::of(1, Duration::from_secs(1)));
    for &kind in EventType::ALL {
        assert!(logger.event(kind).try_log().is_ok(), "{kind}");
        assert_eq!(logger.event(kind).try_log(), Err(DropReason::RateLimited), "{kind}");
    }
    let kinds = records(&sink);
    for &kind in EventType::ALL {
        assert!(kinds.iter().any(|record| record.event_type() == Some(kind)), "{kind}");
    }
}

#[test]
fn what_matters_is_spared_and_takes_no_token() {
    let lab = Lab::new();
    let (logger, _) = limited(&lab, three_a_second().sparing(Level::Error));
    let logs = |level| logger.event(EventType::Custom).level(level).message("m").try_log();
    assert!((0..10).all(|_| logs(Level::Error).is_ok() && logs(Level::Critical).is_ok()));
    assert_eq!((0..10).filter(|_| logs(Level::Warning).is_ok()).count(), 3);
    // The level of the kind counts where an event has none of its own.
    assert!((0..10).all(|_| logger.event(EventType::ErrorOccurred).message("m").try_log().is_ok()));
}

#[test]
fn edges_let_nothing_or_everything_pass() {
    let lab = Lab::new();
    let (logger, sink) = limited(&lab, RateLimit::of(0, Duration::from_secs(1)));
    assert_eq!(logger.event(EventType::Custom).try_log(), Err(DropReason::RateLimited));
    logger.flush().expect("memory takes everything");
    assert_eq!(told(&records(&sink)), 1);
    for limit in [RateLimit::of(7, Duration::ZERO), RateLimit::of(u32::MAX, Duration::from_secs(1))]
    {
        let (logger, _) = limited(&lab, limit);
        assert!((0..1000).all(|_| logger.event(EventType::Custom).try_log().is_ok()), "{limit:?}");
    }
    let (logger, _) = limited(&lab, RateLimit::of(2, Duration::MAX));
    let passed = (0..10).filter(|_| logger.event(EventType::Custom).try_log().is_ok()).count();
    assert_eq!(passed, 2);
}

#[test]
fn the_next_event_that_passes_is_followed_by_what_was_held_back() {
    let lab = Lab::new();
    let (logger, sink) = limited(&lab, three_a_second());
    for _ in 0..4 {
        logger.info("m");
    }
    lab.advance(7);
    logger.info("held back as well");
    assert_eq!(records(&sink).len(), 3, "nobody has told of it yet");
    lab.advance(SECOND);
    logger.info("late");
    let records = records(&sink);
    let [.., late, notice] = &records[..] else { panic!("{records:?}") };
    assert_eq!(late.message(), Some("late"));
    assert_eq!(notice.event_type(), Some(EventType::LogDropped));
    assert_eq!((late.seq(), notice.seq()), (Some(4), Some(5)));
    assert_eq!(notice.level(), Some(Level::Warning));
    let number = |key: &str| notice.get(key).and_then(|value| value.as_u64());
    assert_eq!(number("count"), Some(2));
    let [(cause, count)] = notice.get("by_cause").map(|value| value.members()).unwrap_or_default()
    else {
        panic!("one cause")
    };
    assert_eq!((&cause[..], count.as_u64()), ("rate_limited", Some(2)));
    let text = |key: &str| notice.text(key).map(str::to_owned);
    let noon = 1_767_268_800 * i128::from(SECOND);
    let at = |nanos: i128| Some(Timestamp::from_unix_nanos(noon + nanos).to_string());
    assert_eq!((text("first_time"), text("last_time")), (at(0), at(7)));

    let stats = logger.stats();
    assert!(stats.balances(), "{stats:?}");
    let Stats { offered, rate_limited, accepted, notices, announced, .. } = stats;
    assert_eq!((offered, rate_limited, accepted, notices, announced), (7, 2, 5, 1, 0));
    // It announces no lost number, so that nobody takes it for that.
    let bytes = sink.bytes();
    let mut items = JsonLogReader::new(&bytes[..]).map(|item| item.expect("it is in memory"));
    assert!(items.all(|item| matches!(item, LogItem::Record(_))));
}

#[test]
fn a_flush_and_a_shutdown_tell_of_it() {
    let lab = Lab::new();
    let (logger, sink) = limited(&lab, RateLimit::of(1, Duration::from_secs(1)));
    logger.info("m");
    logger.info("m");
    logger.flush().expect("memory takes everything");
    assert_eq!(told(&records(&sink)), 1);
    logger.flush().expect("memory takes everything");
    assert_eq!(records(&sink).len(), 2, "there is nothing more to tell");
    logger.info("m");
    logger.shutdown().expect("memory takes everything");
    assert_eq!(told(&records(&sink)), 2);
}

#[test]
fn what_is_below_the_threshold_is_filtered_and_takes_no_token() {
    let lab = Lab::new();
    let (logger, _) = limited(&lab, RateLimit::of(1, Duration::from_secs(1)));
    for _ in 0..5 {
        let event = logger.event(EventType::Custom).level(Level::Debug).message("m");
        assert_eq!(event.try_log(), Err(DropReason::Filtered));
    }
    assert!(logger.event(EventType::Custom).message("m").try_log().is_ok());
    let held_back = logger.event(EventType::Custom).message("m").level(Level::Debug).try_log();
    assert_eq!(held_back, Err(DropReason::Filtered), "the level comes late, and decides");
    let stats = logger.stats();
    assert_eq!((stats.filtered, stats.rate_limited), (6, 0));
}

#[test]
fn a_level_that_comes_behind_the_message_counts_as_one_before_it() {
    let lab = Lab::new();
    let limit = RateLimit::of(1, Duration::from_secs(1)).sparing(Level::Error);
    let (logger, sink) = limited(&lab, limit);
    let late = |text: &str, level| {
        let event = logger.event(EventType::Custom).message_of(&text).field("n", 1).level(level);
        event.try_log()
    };
    assert_eq!(late("filtered", Level::Debug), Err(DropReason::Filtered));
    assert_eq!(late("spared", Level::Error), Ok(1));
    assert_eq!(late("the only one", Level::Info), Ok(2), "the others took no token");
    assert_eq!(late("held back", Level::Info), Err(DropReason::RateLimited));
    assert_eq!(late("spared", Level::Critical), Ok(3), "though there is no token");
    assert_eq!(late("filtered", Level::Debug), Err(DropReason::Filtered));
    let stats = logger.stats();
    assert_eq!((stats.filtered, stats.rate_limited), (2, 1));
    let told = records(&sink);
    let told: Vec<_> = told.iter().filter_map(Record::message).collect();
    assert_eq!(told[..3], ["spared", "the only one", "spared"]);
}

#[test]
fn what_is_held_back_is_not_printed_where_its_level_cannot_matter() {
    let lab = Lab::new();
    let panics = std::fmt::from_fn(|_| panic!("nobody prints it"));
    let once = RateLimit::of(1, Duration::from_secs(1));
    for (limit, level) in [(once, None), (once.sparing(Level::Error), Some(Level::Info))] {
        let (logger, _) = limited(&lab, limit);
        logger.info("m");
        let event = logger.event(EventType::Custom);
        let event = level.into_iter().fold(event, |event, level| event.level(level));
        assert_eq!(event.message_of(&panics).try_log(), Err(DropReason::RateLimited));
        assert_eq!(logger.stats().panicked_values, 0);
    }
}

/// Fails while it is told to.
struct Moody(MemorySink, Arc<AtomicBool>);

impl Sink for Moody {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.1.load(SeqCst) { Err(ErrorKind::StorageFull.into()) } else { self.0.write(bytes) }
    }
}

#[test]
fn a_notice_that_is_lost_is_told_again_with_what_came_since() {
    let lab = Lab::new();
    let (kept, fails) = (MemorySink::new(), Arc::new(AtomicBool::new(false)));
    let limit = RateLimit::of(1, Duration::from_secs(1));
    let logger = LoggerBuilder::new(lab.clone(), "app")
        .rate_limit(limit)
        .to(Moody(kept.clone(), fails.clone()));
    logger.info("m");
    logger.info("held back");
    fails.store(true, SeqCst);
    assert!(logger.flush().is_err());
    logger.info("held back");
    lab.advance(10 * SECOND);
    logger.info("lost, and no reason to tell anything");
    assert_eq!(logger.stats().notices, 1);
    fails.store(false, SeqCst);
    lab.advance(10 * SECOND);
    logger.flush().expect("it works again");
    let records = records(&kept);
    assert_eq!(told(&records[records.len() - 1..]), 2);
    let stats = logger.stats();
    assert!(stats.balances(), "{stats:?}");
    let dropped: Vec<_> = stats.dropped.into_iter().collect();
    assert_eq!(dropped, [(DropCause::SinkError(ErrorKind::StorageFull), 2)]);
    assert_eq!((stats.notices, stats.rate_limited, stats.announced), (2, 2, 1));
}

#[test]
fn an_event_that_is_held_back_at_its_first_value_leaves_the_logger_as_it_was() {
    let lab = Lab::new();
    let (logger, sink) = limited(&lab, RateLimit::of(1, Duration::from_secs(1)));
    let logs = || logger.event(EventType::Custom).message_of(&format_args!("{}", 7)).try_log();
    assert_eq!(logs(), Ok(1));
    assert_eq!(logs(), Err(DropReason::RateLimited));
    lab.advance(SECOND);
    assert_eq!(logs(), Ok(2), "it is not taken for one that comes from within");
    assert_eq!(records(&sink).len(), 3);
}

#[test]
fn a_value_that_logs_gets_no_notice_in_between() {
    struct Talks<'l>(&'l Logger<Lab>);
    impl std::fmt::Display for Talks<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.info("from within");
            assert!(self.0.flush().is_err());
            f.write_str("talks")
        }
    }
    let lab = Lab::new();
    let (logger, sink) = limited(&lab, RateLimit::of(1, Duration::from_secs(1)));
    logger.info("m");
    logger.info("held back");
    lab.advance(10 * SECOND);
    logger
        .event(EventType::Custom)
        .message("m")
        .field("value", Value::Display(&Talks(&logger)))
        .log();
    assert_eq!(
        told(&records(&sink)),
        2,
        "the one held back, and the one from within as an announcement"
    );
    assert!(logger.stats().balances());
}

#[test]
fn of_many_threads_no_more_pass_than_there_are_tokens_and_none_is_forgotten() {
    const THREADS: u64 = 8;
    const EACH: u64 = 200;
    let sink = MemorySink::new();
    let limit = RateLimit::of(100, Duration::from_secs(100_000));
    let logger = Logger::named("app").rate_limit(limit).to(sink.clone());
    let threads: Vec<_> = (0..THREADS)
        .map(|number| {
            let logger = logger.clone();
            let log = move || (0..EACH).for_each(|_| logger.info("m"));
            System.spawn(&format!("logs-{number}"), log).expect("there is room for a thread")
        })
        .collect();
    for thread in threads {
        thread.join().expect("it logs");
    }
    logger.flush().expect("memory takes everything");
    let records = records(&sink);
    let passed = Filter::new().event_type(EventType::Custom);
    let passed = records.iter().filter(|record| passed.passes(record)).count() as u64;
    assert_eq!((passed, told(&records)), (100, THREADS * EACH - 100));
    let stats = logger.stats();
    assert!(stats.balances(), "{stats:?}");
    assert_eq!(stats.rate_limited, THREADS * EACH - 100);
    assert_eq!(stats.offered, THREADS * EACH + stats.notices);
}
