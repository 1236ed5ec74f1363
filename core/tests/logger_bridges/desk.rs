//! A logger whose wall clock stands at noon, and what it has written.

use retrip_core::door::{Clock, Instant, System, Timestamp, WithClock};
use retrip_core::logger::{
    JsonLog, Level, LogBackend, Logger, LoggerBuilder, MemorySink, TracingLayer, read_json_log,
};
use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt;

/// 2026-01-01T12:00:00Z, always.
#[derive(Clone, Copy)]
pub(crate) struct Noon;

impl Clock for Noon {
    fn now(&self) -> Instant {
        Instant::from_nanos(0)
    }

    fn wall(&self) -> Timestamp {
        Timestamp::from_unix_nanos(1_767_268_800_000_000_000)
    }
}

pub(crate) type AtNoon = WithClock<System, Noon>;

pub(crate) struct Desk {
    pub(crate) logger: Logger<AtNoon>,
    sink: MemorySink,
}

impl Desk {
    /// With a logger that takes every level.
    pub(crate) fn new() -> Self {
        Self::with_threshold(Level::Debug)
    }

    pub(crate) fn with_threshold(threshold: Level) -> Self {
        Self::of(|builder| builder.threshold(threshold))
    }

    /// With a logger that is built further.
    pub(crate) fn of(build: impl FnOnce(LoggerBuilder<AtNoon>) -> LoggerBuilder<AtNoon>) -> Self {
        let sink = MemorySink::new();
        let builder = build(LoggerBuilder::new(AtNoon::new(System, Noon), "shop"));
        Self { logger: builder.to(sink.clone()), sink }
    }

    pub(crate) fn platform(&self) -> &AtNoon {
        self.logger.platform()
    }

    pub(crate) fn layer(&self) -> TracingLayer<AtNoon> {
        TracingLayer::new(self.logger.clone())
    }

    /// A subscriber of nothing but the layer, behind its threshold.
    pub(crate) fn dispatch(&self) -> Dispatch {
        Dispatch::new(tracing_subscriber::registry().with(self.layer().at_threshold()))
    }

    /// Runs `body` where `tracing` tells this desk.
    pub(crate) fn during<R>(&self, body: impl FnOnce() -> R) -> R {
        tracing::dispatcher::with_default(&self.dispatch(), body)
    }

    /// A backend that is given every level by the macros of `log`, whose switch is one for the process.
    pub(crate) fn backend(&self) -> LogBackend<AtNoon> {
        log::set_max_level(log::LevelFilter::Trace);
        LogBackend::new(self.logger.clone())
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.sink.lines()
    }

    /// What stands after the event type, line by line.
    pub(crate) fn endings(&self) -> Vec<String> {
        let after = |line: String| {
            let at = line.find(r#""message":"#).expect("every line has a message");
            line[at..].trim_end_matches('}').to_owned()
        };
        self.lines().into_iter().map(after).collect()
    }

    pub(crate) fn log(&self) -> JsonLog {
        read_json_log(&self.sink.bytes())
    }
}

/// A whole line.
pub(crate) fn line(level: &str, seq: u64, event_type: &str, rest: &str) -> String {
    [
        r#"{"timestamp":"2026-01-01T12:00:00.000000000Z","schema_version":"1.0.0","#,
        &format!(r#""level":"{level}","logger":"shop","seq":{seq:>16},"#),
        &format!(r#""event_type":"{event_type}",{rest}}}"#),
    ]
    .concat()
}
