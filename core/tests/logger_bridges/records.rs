//! A record of `log` becomes exactly this line.

use crate::desk::{Desk, line};
use log::{Log, debug, error, info, trace, warn};
use retrip_core::logger::{
    DropCause, EventType, Level, LogBackend, LogContext, LoggerBuilder, MemorySink, Sink,
};
use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};

#[test]
fn every_level_has_its_golden_line() {
    let desk = Desk::new();
    let backend = desk.backend();
    trace!(logger: backend, target: "t", n = 1; "said");
    debug!(logger: backend, target: "t", n = 2; "said");
    info!(logger: backend, target: "t", n = 3; "said");
    warn!(logger: backend, target: "t", n = 4; "said");
    error!(logger: backend, target: "t", n = 5; "said");
    let expected = [("DEBUG", 1), ("DEBUG", 2), ("INFO", 3), ("WARNING", 4), ("ERROR", 5)];
    let expected = expected.map(|(level, n)| {
        line(level, n, "custom", &format!(r#""message":"said","target":"t","n":{n}"#))
    });
    assert_eq!(desk.lines(), expected);
}

#[test]
fn every_key_value_keeps_its_type() {
    let desk = Desk::new();
    let backend = desk.backend();
    let parse = "seven".parse::<u32>().expect_err("it is no number");
    info!(
        logger: backend, target: "t",
        negative = -7_i64, whole = u64::MAX, wide = i128::MIN, huge = u128::MAX, float = 1.5,
        not_a_number = f64::NAN, truth = true, text = "a\u{7}b", letter = 'ß',
        nothing = None::<u32>, debugged:? = Some("x"), shown:% = parse, level = 7,
        password = "hunter2", tokens = 5;
        "{}", "said"
    );
    let ending = concat!(
        r#""message":"said","target":"t","negative":-7,"whole":18446744073709551615,"#,
        r#""wide":"-170141183460469231731687303715884105728","#,
        r#""huge":"340282366920938463463374607431768211455","float":1.5,"not_a_number":"NaN","#,
        r#""truth":true,"text":"a\u0007b","letter":"ß","nothing":null,"debugged":"Some(\"x\")","#,
        r#""shown":"invalid digit found in string","attr.level":7,"password":"***REDACTED***","tokens":5"#
    );
    assert_eq!(desk.endings(), [ending]);
}

#[test]
fn a_key_value_names_the_event_type_if_it_is_one_and_not_the_loggers_own() {
    let desk = Desk::new();
    let backend = desk.backend();
    warn!(logger: backend, target: "t", event_type = "circuit_breaker.opened"; "m");
    warn!(logger: backend, target: "t", event_type:% = EventType::ErrorRecovered; "m");
    warn!(logger: backend, target: "t", event_type = "log.dropped"; "m");
    let rest = r#""message":"m","target":"t""#;
    let custom = |seq, word| {
        line("WARNING", seq, "custom", &format!(r#"{rest},"attr.event_type":"{word}""#))
    };
    let expected = [
        line("WARNING", 1, "circuit_breaker.opened", rest),
        custom(2, "error.recovered"),
        custom(3, "log.dropped"),
    ];
    assert_eq!(desk.lines(), expected);
}

#[test]
fn a_record_has_the_context_and_stands_before_it() {
    let desk = Desk::new();
    let backend = desk.backend();
    let context = LogContext::new().with("request_id", "r-1").with("n", 1).with("target", "mine");
    let _scope = desk.logger.enter(&context);
    info!(logger: backend, target: "t", n = 2; "m");
    assert_eq!(desk.endings(), [r#""message":"m","request_id":"r-1","target":"t","n":2"#]);
}

#[test]
fn what_is_below_the_threshold_is_not_enabled_and_counted_if_it_comes_all_the_same() {
    for (threshold, most, enabled) in [
        (Level::Debug, log::LevelFilter::Trace, 5),
        (Level::Info, log::LevelFilter::Info, 3),
        (Level::Warning, log::LevelFilter::Warn, 2),
        (Level::Error, log::LevelFilter::Error, 1),
        (Level::Critical, log::LevelFilter::Off, 0),
    ] {
        let desk = Desk::with_threshold(threshold);
        let backend = desk.backend();
        assert_eq!(backend.max_level(), most);
        let mut passing = 0;
        for level in log::Level::iter() {
            let metadata = log::Metadata::builder().level(level).target("t").build();
            passing += u64::from(backend.enabled(&metadata));
            let asks = Breaks(|| panic!("nobody asks for it"));
            let mut record = log::Record::builder();
            record.metadata(metadata.clone());
            if !backend.enabled(&metadata) {
                record.key_values(&asks);
            }
            backend.log(&record.args(format_args!("m")).build());
        }
        let stats = desk.logger.stats();
        assert_eq!((passing, stats.written, stats.filtered), (enabled, enabled, 5 - enabled));
        assert!(stats.balances() && stats.panicked_values == 0);
    }
}

struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("planned");
    }
}

/// Gives one pair and then fails in its way.
struct Breaks(fn() -> Result<(), log::kv::Error>);

impl log::kv::Source for Breaks {
    fn visit<'kvs>(
        &'kvs self,
        visitor: &mut dyn log::kv::VisitSource<'kvs>,
    ) -> Result<(), log::kv::Error> {
        visitor.visit_pair("n".into(), 1.into())?;
        self.0()
    }
}

#[test]
fn what_panics_or_fails_costs_itself_only() {
    let desk = Desk::new();
    let backend = desk.backend();
    info!(logger: backend, target: "t", bad:% = Panics, n = 1; "{Panics}");
    for breaks in [Breaks(|| panic!("planned")), Breaks(|| Err(log::kv::Error::msg("no more")))] {
        let mut record = log::Record::builder();
        let record = record.target("t").level(log::Level::Info).key_values(&breaks);
        backend.log(&record.args(format_args!("m")).build());
    }
    let expected = [
        r#""message":"<panicked>","target":"t","bad":"<panicked>","n":1"#,
        r#""message":"m","target":"t","n":1,"kv_error":"<panicked>""#,
        r#""message":"m","target":"t","n":1,"kv_error":"no more""#,
    ];
    assert_eq!(desk.endings(), expected);
    assert_eq!(desk.logger.stats().panicked_values, 3);
}

/// Logs and flushes within a write, and fails to flush.
struct Talkative {
    backend: Arc<OnceLock<LogBackend>>,
    kept: MemorySink,
}

impl Sink for Talkative {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let backend = self.backend.get().expect("it is set before the first record");
        let told = fmt::from_fn(|f| {
            info!(logger: backend, "I am printed");
            f.write_str("I was written to")
        });
        info!(logger: backend, n = 1; "{told}");
        backend.flush();
        self.kept.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn a_sink_that_logs_is_not_called_again_and_a_flush_that_fails_loses_nothing() {
    let (kept, slot) = (MemorySink::new(), Arc::new(OnceLock::new()));
    let sink = Talkative { backend: slot.clone(), kept: kept.clone() };
    let logger = LoggerBuilder::new(retrip_core::door::System, "shop").to(sink);
    let set = slot.set(LogBackend::new(logger.clone()));
    set.expect("it is set once");
    let backend = slot.get().expect("it is set");
    info!(logger: backend, "one");
    // One record of the write; what it would print is not printed.
    assert_eq!(logger.stats().dropped.get(&DropCause::Reentrant), Some(&1));
    backend.flush();
    // The flush announced it by a write of its own, which was told of too, and then failed.
    let stats = logger.stats();
    assert_eq!((stats.written, stats.announced), (1, 1));
    assert_eq!(stats.dropped.get(&DropCause::Reentrant), Some(&2));
    assert!(stats.balances());
    assert_eq!(kept.lines().len(), 2);
}
