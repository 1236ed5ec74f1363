//! Whatever of the caller's or of a sink panics, and wherever that is asked: no panic leaves the logger, and the next event is written.

use retrip_core::logger::{
    DropCause, DropReason, EventType, FlushError, LogPerformance, Logger, MemorySink, Queue, Sink,
    ToValue, Value, read_json_log,
};
use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::{Arc, OnceLock};

/// An error whose own code does what it should not.
#[derive(Clone, Debug)]
enum Hostile {
    PanicsAsText,
    /// Asks the logger that prints it for its counts.
    Asks(Arc<OnceLock<Logger>>),
    PanicsForItsSource,
    PanicsWhenDropped,
}

impl fmt::Display for Hostile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PanicsAsText => panic!("planned"),
            Self::Asks(logger) => {
                write!(f, "{}", logger.get().expect("it is set").stats().written)
            }
            Self::PanicsForItsSource | Self::PanicsWhenDropped => f.write_str("hostile"),
        }
    }
}

impl Error for Hostile {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::PanicsForItsSource => panic!("planned"),
            _ => None,
        }
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        assert!(!matches!(self, Self::PanicsWhenDropped), "planned");
    }
}

/// A sink that keeps lines, and fails as it is told.
struct Fails<W, F> {
    kept: MemorySink,
    write: W,
    flush: F,
}

impl<W, F> Sink for Fails<W, F>
where
    W: FnMut() -> io::Result<()> + Send + 'static,
    F: FnMut() -> io::Result<()> + Send + 'static,
{
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.write)()?;
        self.kept.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (self.flush)()
    }
}

const WELL: fn() -> io::Result<()> = || Ok(());

fn hostile(error: Hostile) -> io::Result<()> {
    Err(io::Error::other(error))
}

/// Fails once.
fn once(error: Hostile) -> impl FnMut() -> io::Result<()> + Send {
    let mut error = Some(error);
    move || error.take().map_or(Ok(()), hostile)
}

struct PanicsAsValue;

impl ToValue for PanicsAsValue {
    fn to_value(&self) -> Value<'_> {
        panic!("planned");
    }
}

#[test]
fn what_panics_before_it_can_be_told_costs_its_value_only() {
    let sink = MemorySink::new();
    let logger = Logger::named("llm").to(sink.clone());
    logger.event(EventType::Custom).error(&Hostile::PanicsForItsSource).log();
    logger.event(EventType::Custom).field("value", PanicsAsValue).field("good", 2).log();
    let mut measured = LogPerformance::start(&logger, "parse");
    measured.fail(&Hostile::PanicsAsText);
    drop(measured);
    let endings = [
        r#""error_message":"hostile","error_stack":"<panicked>"}"#,
        r#""value":"<panicked>","good":2}"#,
        r#""status":"failed","error_message":"<panicked>"}"#,
    ];
    for (line, ending) in sink.lines().iter().zip(endings) {
        assert!(line.trim_end().ends_with(ending), "{line}");
    }
    let stats = logger.stats();
    assert_eq!((stats.written, stats.panicked_values), (3, 3));
}

#[test]
fn an_error_of_a_sink_that_cannot_be_dropped_is_a_failure_like_others() {
    let kept = MemorySink::new();
    let write = once(Hostile::PanicsWhenDropped);
    let logger = Logger::named("llm").to(Fails { kept: kept.clone(), write, flush: WELL });
    let result = logger.event(EventType::Custom).try_log();
    let cause = DropCause::SinkError(ErrorKind::Other);
    assert_eq!(result, Err(DropReason::Dropped(cause)));
    // The unit is free for other loggers, and for this one once its sink is tried again.
    let other = Logger::named("other").to(MemorySink::new());
    assert_eq!(other.event(EventType::Custom).try_log(), Ok(1));
    logger.flush().expect("the sink is well");
    assert_eq!(logger.event(EventType::Custom).try_log(), Ok(2));
    assert!(logger.stats().balances());
}

#[test]
fn a_sink_that_cannot_be_dropped_is_dropped_without_a_word() {
    struct CannotBeDropped(Hostile);
    impl Sink for CannotBeDropped {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = &self.0;
            Ok(bytes.len())
        }
    }
    let sink = || CannotBeDropped(Hostile::PanicsWhenDropped);
    let logger = Logger::named("llm").fallback(sink()).also_to(sink()).to(sink());
    logger.info("written");
    assert_eq!(logger.stats().written, 1);
    drop(logger);
}

#[test]
fn a_flush_that_fails_with_a_hostile_error_stops_no_queue() {
    let asked = Arc::<OnceLock<Logger>>::default();
    for hostile in [Hostile::PanicsAsText, Hostile::Asks(asked.clone())] {
        let kept = MemorySink::new();
        let sink = Fails { kept: kept.clone(), write: WELL, flush: once(hostile) };
        let logger = Logger::named("llm").to_queue(sink, Queue::of_bytes(1 << 16));
        let logger = logger.expect("a thread");
        let _ = asked.set(logger.clone());
        logger.info("before");
        let error = logger.flush().expect_err("the sink cannot");
        assert!(matches!(&error, FlushError::Sink(_)), "{error}");
        logger.info("after");
        logger.flush().expect("the sink can");
        // Behind a panic nobody knows how the sink ends: an empty line may be between them.
        assert_eq!(read_json_log(&kept.bytes()).records.len(), 2);
        assert_eq!(logger.stats().written, 2);
    }
}
