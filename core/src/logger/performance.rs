//! A guard that logs how long something took and how it ended.

use super::foreign::{self, PANICKED};
use super::{EventType, Level, LogField, Logger, plants};
use crate::door::{Instant, Platform, Rules, System, Timestamp};
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Measures on the monotonic clock from its start until it is dropped, then logs `operation`, `duration_ms` and `status`.
///
/// The status is `ok` at INFO; `failed` at ERROR, after [`fail`](LogPerformance::fail); `panicked` at ERROR, where a panic
/// passes by.
///
/// ```
/// use retrip_core::logger::{LogPerformance, Logger, MemorySink};
///
/// let sink = MemorySink::new();
/// let logger = Logger::named("llm").to(sink.clone());
/// {
///     let mut measured = LogPerformance::start(&logger, "parse");
///     if let Err(error) = "seven".parse::<u32>() {
///         measured.fail(&error);
///     }
/// }
/// assert!(sink.lines()[0].contains(r#""level":"ERROR""#));
/// assert!(sink.lines()[0].contains(r#""status":"failed""#));
/// ```
#[must_use = "it measures until it is dropped, which is at once"]
pub struct LogPerformance<'l, P: Platform = System> {
    logger: &'l Logger<P>,
    operation: &'l str,
    started: Instant,
    /// What [`plants::DURATION_BY_THE_WALL_CLOCK`] measures from.
    started_wall: Option<Timestamp>,
    outset: Outset,
    failure: Option<String>,
}

/// Whether the unit was unwinding already when the measurement began.
#[derive(PartialEq, Eq)]
enum Outset {
    Calm,
    Unwinding,
}

impl<'l, P: Platform> LogPerformance<'l, P> {
    /// Begins to measure `operation`.
    pub fn start(logger: &'l Logger<P>, operation: &'l str) -> Self {
        let platform = logger.platform();
        Self {
            logger,
            operation,
            started: platform.now(),
            started_wall: platform
                .broken_by(plants::DURATION_BY_THE_WALL_CLOCK)
                .then(|| platform.wall()),
            outset: if platform.panicking() { Outset::Unwinding } else { Outset::Calm },
            failure: None,
        }
    }

    /// Tells that the operation failed, and of what. The last one stands.
    pub fn fail<E: Error + ?Sized>(&mut self, error: &E) {
        self.failure = foreign::run(|| error.to_string()).or_else(|| {
            self.logger.outlet().count_panics(1);
            Some(PANICKED.to_owned())
        });
    }
}

impl<P: Platform> Drop for LogPerformance<'_, P> {
    fn drop(&mut self) {
        let platform = self.logger.platform();
        let duration = match self.started_wall {
            None => platform.now().saturating_duration_since(self.started),
            Some(started) => {
                let passed = platform.wall().as_unix_nanos() - started.as_unix_nanos();
                Duration::from_nanos(u64::try_from(passed).unwrap_or(0))
            }
        };
        let panicked = self.outset == Outset::Calm && platform.panicking();
        let (level, status) = match &self.failure {
            _ if panicked => (Level::Error, "panicked"),
            Some(_) => (Level::Error, "failed"),
            None => (Level::Info, "ok"),
        };
        let level =
            if platform.broken_by(plants::FAILURE_IS_LOGGED_AS_INFO) { Level::Info } else { level };
        let event_type = if platform.broken_by(plants::PERFORMANCE_IS_LOGGED_AS_CUSTOM) {
            EventType::Custom
        } else {
            EventType::PerformanceMeasured
        };
        let mut event = self
            .logger
            .event(event_type)
            .level(level)
            .message(self.operation)
            .field(LogField::Operation, self.operation)
            .field(LogField::DurationMs, duration)
            .field(LogField::Status, status);
        if let Some(failure) = &self.failure {
            event = event.field(LogField::ErrorMessage, failure);
        }
        event.log();
    }
}

impl<P: Platform> fmt::Debug for LogPerformance<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogPerformance")
            .field("operation", &self.operation)
            .field("started", &self.started)
            .finish_non_exhaustive()
    }
}
