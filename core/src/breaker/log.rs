//! The lines that a breaker leaves in a log.

use super::{Cause, Event, EventKind, Interest, Listener, State, Sum};
use crate::door::{Instant, Platform, System};
use crate::logger::{EventType, Level, Logger};
use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

/// Writes what is notable about breakers to a [`Logger`]: one for any number of breakers, as it knows nothing of them.
///
/// | what happens | event type | level |
/// |---|---|---|
/// | the state changes, also by hand | `circuit_breaker.opened`, `.half_opened` or `.closed` | WARNING where it opens, else INFO |
/// | a command by hand that changes no state | `custom` | INFO |
/// | the first rejection of a generation, and one of [so many](Self::every) after it | `circuit_breaker.rejected` | WARNING |
/// | a generation ends in which calls were rejected | `circuit_breaker.rejected` | WARNING |
/// | a trial is silent for longer than its lease | `custom` | WARNING |
/// | a listener was slow, and events were [missed](EventKind::Missed) | `custom` | WARNING |
///
/// Fields are `breaker`, `state` (but where events were missed), `generation` and, where there are such, `from`, `after_ms` (the time spent there), `cause`,
/// `open_for_ms`, `retry_after_ms` (null where only somebody's hand ends it), `rejected` (how many so far or in all, as `sum`
/// says), `silent_for_ms` and `missed` (how many events).
///
/// A rejection that is not told of costs what it costs without a log. The breaker may guard what the logger's sink does: what
/// the log would say of that while a line is written, it says after it, and what the logger refuses it counts. A sink that
/// makes more calls for a line than lie between two lines about rejections has always one more to write.
///
/// ```
/// use retrip_core::breaker::{BreakerConfig, BreakerLog, CircuitBreaker};
/// use retrip_core::logger::{Logger, MemorySink};
/// use std::sync::Arc;
///
/// let sink = MemorySink::new();
/// let log = BreakerLog::new(Logger::named("service").to(sink.clone()));
/// let breaker = CircuitBreaker::new("llm", BreakerConfig::default())?.listen(Arc::new(log));
///
/// breaker.force_open();
/// for _ in 0..500 {
///     assert!(breaker.acquire().is_err());
/// }
/// breaker.reset();
/// let lines = sink.lines();
/// assert_eq!(lines.len(), 4, "it opened, the first rejection, all of them, it closed");
/// assert!(lines[2].ends_with(
///     r#""breaker":"llm","state":"open","generation":1,"sum":"in_all","rejected":500}"#
/// ));
/// # Ok::<(), retrip_core::breaker::ConfigError>(())
/// ```
pub struct BreakerLog<P: Platform = System> {
    logger: Logger<P>,
    every: NonZeroU64,
}

impl<P: Platform> BreakerLog<P> {
    /// Writes to `logger`; of rejections the first of each generation, one of a thousand, and their sum.
    #[must_use]
    pub fn new(logger: Logger<P>) -> Self {
        Self { logger, every: NonZeroU64::new(1000).expect("it is not zero") }
    }

    /// Writes a line for one of so many rejections of a generation; see [`Listener::rejections_between`].
    #[must_use]
    pub fn every(self, rejections: NonZeroU64) -> Self {
        Self { every: rejections, ..self }
    }

    /// An event with the fields that all have.
    fn line(&self, line: Line<'_>) -> crate::logger::Event<'_, P> {
        self.logger
            .event(line.event_type)
            .level(line.level)
            .message(line.message)
            .field("breaker", line.breaker)
            .field("state", line.state.as_str())
            .field("generation", line.event.generation.as_u64())
    }
}

/// What every line has.
struct Line<'a> {
    event_type: EventType,
    level: Level,
    message: &'static str,
    breaker: &'a str,
    state: State,
    event: &'a Event,
}

impl<P: Platform> Listener for BreakerLog<P> {
    fn interest(&self) -> Interest {
        Interest::Notable
    }

    fn rejections_between(&self) -> NonZeroU64 {
        self.every
    }

    fn on_event(&self, breaker: &str, event: &Event) {
        match event.kind {
            EventKind::Transition { from, to, after, open_for, cause } => {
                let past = Some((from, after));
                self.change(breaker, event, Change { state: to, past, open_for, cause });
            }
            EventKind::Renewed { state, open_for, cause } => {
                self.change(breaker, event, Change { state, past: None, open_for, cause });
            }
            EventKind::Rejections { state, count, sum } => {
                self.rejections(breaker, event, state, count, sum);
            }
            EventKind::TrialReclaimed { admitted_at } => self.silence(breaker, event, admitted_at),
            EventKind::Missed { count } => self.gap(breaker, event, count),
            EventKind::TrialBegins { .. }
            | EventKind::Completed { .. }
            | EventKind::Rejected { .. } => {}
        }
    }
}

/// A new generation.
struct Change {
    state: State,
    /// The state before, and the time spent in it, where it was another.
    past: Option<(State, Duration)>,
    open_for: Option<Duration>,
    cause: Cause,
}

impl<P: Platform> BreakerLog<P> {
    fn change(&self, breaker: &str, event: &Event, change: Change) {
        let Change { state, past, open_for, cause } = change;
        let (event_type, message) = match (past, state) {
            (None, _) => (EventType::Custom, "breaker controlled by hand"),
            (_, State::Open) => (EventType::CircuitBreakerOpened, "breaker opened"),
            (_, State::HalfOpen) => (EventType::CircuitBreakerHalfOpened, "breaker half-opened"),
            (_, State::Closed) => (EventType::CircuitBreakerClosed, "breaker closed"),
        };
        let level = event_type.default_level();
        let mut line = self
            .line(Line { event_type, level, message, breaker, state, event })
            .field("cause", cause.as_str());
        if let Some((from, after)) = past {
            line = line.field("from", from.as_str()).field("after_ms", after);
        }
        if let Some(open_for) = open_for {
            line = line.field("open_for_ms", open_for);
        }
        line.log();
    }

    fn rejections(&self, breaker: &str, event: &Event, state: State, count: u64, sum: Sum) {
        let event_type = EventType::CircuitBreakerRejected;
        let (message, word) = match sum {
            Sum::SoFar { .. } => ("breaker rejects calls", "so_far"),
            Sum::InAll => ("breaker has rejected calls", "in_all"),
        };
        let level = event_type.default_level();
        let line = self
            .line(Line { event_type, level, message, breaker, state, event })
            .field("sum", word)
            .field("rejected", count);
        match sum {
            Sum::SoFar { retry_after } => line.field("retry_after_ms", retry_after).log(),
            Sum::InAll => line.log(),
        }
    }

    /// A trial was silent for too long.
    fn silence(&self, breaker: &str, event: &Event, admitted_at: Instant) {
        let (event_type, level) = (EventType::Custom, Level::Warning);
        let (message, state) = ("breaker took a silent trial back", State::HalfOpen);
        self.line(Line { event_type, level, message, breaker, state, event })
            .field("silent_for_ms", event.at.saturating_duration_since(admitted_at))
            .log();
    }

    /// Some of what happened was not told.
    fn gap(&self, breaker: &str, event: &Event, missed: u64) {
        self.logger
            .event(EventType::Custom)
            .level(Level::Warning)
            .message("breaker events were missed")
            .field("breaker", breaker)
            .field("generation", event.generation.as_u64())
            .field("missed", missed)
            .log();
    }
}

impl<P: Platform> fmt::Debug for BreakerLog<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakerLog")
            .field("logger", &self.logger)
            .field("every", &self.every)
            .finish()
    }
}
