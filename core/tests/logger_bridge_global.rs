//! With a global subscriber, `tracing` lets everybody come back to the layer who is told of by it: values that tell of themselves, and a
//! sink. No deadlock, no recursion, no lost count. A subscriber of a thread would hide that, so this is a process of its own, without one.

use retrip_core::logger::{
    DropCause, EventType, LogField, Logger, MemorySink, Record, Sink, Stats, TracingLayer,
    read_json_log,
};
use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use tracing::{Level, debug, info, info_span};
use tracing_subscriber::layer::SubscriberExt;

/// The one desk of this process: its logger, what it wrote, and whether its sink tells `tracing` of each write.
struct Desk {
    logger: Logger,
    kept: MemorySink,
}

static SINK_TELLS: AtomicBool = AtomicBool::new(false);

struct Talkative(MemorySink);

impl Sink for Talkative {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if SINK_TELLS.load(SeqCst) {
            info_span!("writing", n = 1).in_scope(|| info!("I was written to"));
        }
        self.0.write(bytes)
    }
}

/// The desk, for one test at a time.
fn desk() -> MutexGuard<'static, Desk> {
    static DESK: LazyLock<Mutex<Desk>> = LazyLock::new(|| {
        let kept = MemorySink::new();
        let logger = Logger::named("shop").to(Talkative(kept.clone()));
        let layer = TracingLayer::new(logger.clone()).at_threshold();
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
            .expect("nobody else sets it");
        Mutex::new(Desk { logger, kept })
    });
    DESK.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// What `body` adds to the log, but for announcements, and to the counts: offered, written, announced, re-entrant.
    fn during(&self, body: impl FnOnce()) -> (Vec<Record>, [u64; 4]) {
        let (lines, before) = (self.kept.lines().len(), counts(&self.logger.stats()));
        body();
        let stats = self.logger.stats();
        assert!(stats.balances());
        let records = read_json_log(&self.kept.bytes()).records.split_off(lines);
        let own = |record: &Record| record.event_type() != Some(EventType::LogDropped);
        let after = counts(&stats);
        (records.into_iter().filter(own).collect(), std::array::from_fn(|n| after[n] - before[n]))
    }
}

fn counts(stats: &Stats) -> [u64; 4] {
    let reentrant = stats.dropped.get(&DropCause::Reentrant).copied().unwrap_or_default();
    [stats.offered, stats.written, stats.announced, reentrant]
}

/// Tells of itself, in a span of itself, whenever it is printed or asked for its source.
struct TellsOfItself;

impl TellsOfItself {
    fn tell(&self) {
        let span = info_span!("of itself", me = ?self, error = self as &dyn Error, n = 1);
        span.record("n", tracing::field::debug(self));
        span.in_scope(|| info!(me = ?self, error = self as &dyn Error, "{self}"));
    }
}

impl fmt::Debug for TellsOfItself {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tell();
        f.write_str("me")
    }
}

impl fmt::Display for TellsOfItself {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Error for TellsOfItself {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.tell();
        None
    }
}

#[test]
fn a_value_that_tells_of_itself_is_printed_once_and_what_it_tells_is_counted() {
    let desk = desk();
    let (records, counts) = desk.during(|| {
        let _span = info_span!("s", in_span = ?TellsOfItself).entered();
        info!(in_event = ?TellsOfItself, error = &TellsOfItself as &dyn Error, "{TellsOfItself}");
    });
    assert_eq!(records.len(), 1);
    for key in ["in_span", "in_event", "error_message", "message"] {
        assert_eq!(records[0].text(key), Some("me"), "{key}");
    }
    assert_eq!(records[0].get(LogField::ErrorStack.as_str()), None);
    // Four times printed and once asked for a source, it told of itself once each.
    assert_eq!(counts, [6, 1, 1, 5]);
}

/// Opens a span while it is printed, and keeps it.
#[derive(Default)]
struct OpensSpan(OnceLock<tracing::Span>);

impl fmt::Display for OpensSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.get_or_init(|| info_span!(parent: None, "opened", shown = %"x", n = 1));
        f.write_str("me")
    }
}

#[test]
fn a_span_from_within_a_value_says_what_it_could_not_print() {
    let desk = desk();
    let (records, counts) = desk.during(|| {
        let opens = OpensSpan::default();
        info!("{opens}");
        info!(parent: opens.0.get().expect("it was printed"), "in it");
    });
    assert_eq!(records[1].text("shown"), Some("<reentrant>"));
    assert_eq!(records[1].get("n").and_then(|n| n.as_u64()), Some(1));
    assert_eq!(counts, [2, 2, 0, 0]);
}

#[test]
fn a_sink_that_tells_is_not_called_again_and_what_it_tells_is_counted() {
    let desk = desk();
    let (records, counts) = desk.during(|| {
        let _span = info_span!("s", a = 1).entered();
        SINK_TELLS.store(true, SeqCst);
        info!("one");
        info!("two");
        SINK_TELLS.store(false, SeqCst);
        info!("three");
    });
    let messages: Vec<_> = records.iter().map(|record| record.message()).collect();
    assert_eq!(messages, [Some("one"), Some("two"), Some("three")]);
    assert!(records.iter().all(|record| record.get("n").is_none()));
    // Of the first event's write, then of the announcement of that, then of the second event's.
    assert_eq!(counts, [6, 3, 2, 3]);
}

#[test]
fn below_the_threshold_not_even_a_field_is_evaluated() {
    let desk = desk();
    let evaluated = Cell::new(0);
    let count = || evaluated.replace(evaluated.get() + 1);
    let (records, counts) = desk.during(|| {
        debug!(n = count(), "m");
        let _span = tracing::debug_span!("s", n = count()).entered();
        info!(n = count(), "m");
        assert!(!tracing::enabled!(Level::DEBUG) && tracing::enabled!(Level::INFO));
    });
    assert_eq!((evaluated.get(), records.len(), counts), (1, 1, [1, 1, 0, 0]));
}
