//! The logger: a name, a threshold, and an outlet that it may share.

use super::context::ContextScope;
use super::outlet::Outlet;
use super::{
    Event, EventType, FlushError, Level, LogContext, LogField, LoggerBuilder, Sink, Stats, line,
    rate,
};
use crate::door::{Platform, System};
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Writes events as JSON lines to one sink. Cheap to clone; clones and [children](Logger::child) share the sink, the
/// numbers and the accounting.
///
/// No method panics. None but [`stats`](Logger::stats) blocks for a unit that the logger is running already.
pub struct Logger<P: Platform = System> {
    pub(super) platform: P,
    pub(super) outlet: Arc<Outlet<P>>,
    /// The name as JSON.
    pub(super) name: Arc<[u8]>,
    pub(super) threshold: Level,
}

/// What became of a call of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolStatus {
    /// It was called.
    Invoked,
    /// It has answered.
    Completed,
    /// It has failed; logged as an error.
    Failed,
}

impl Logger {
    /// Begins a logger of the real world.
    ///
    /// ```
    /// use retrip_core::logger::{Level, Logger, StreamSink};
    ///
    /// let logger = Logger::named("llm").threshold(Level::Warning).to(StreamSink::new(std::io::stderr()));
    /// logger.info("below the threshold, and counted as such");
    /// assert_eq!(logger.stats().filtered, 1);
    /// ```
    pub fn named(name: &str) -> LoggerBuilder {
        LoggerBuilder::new(System, name)
    }
}

impl<P: Platform> Logger<P> {
    /// A logger on any platform, with the threshold INFO.
    pub fn on(platform: P, name: &str, sink: impl Sink) -> Self {
        LoggerBuilder::new(platform, name).to(sink)
    }

    /// A logger of another name on the same sink, with the same threshold.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self { name: line::name_as_json(name).into(), ..self.clone() }
    }

    /// Begins an event. Nothing is logged before [`Event::log`].
    pub fn event(&self, event_type: EventType) -> Event<'_, P> {
        Event::new(self, event_type)
    }

    /// Whether events of this level pass the threshold.
    #[must_use]
    pub fn is_enabled(&self, level: Level) -> bool {
        level >= self.threshold
    }

    /// Logs words, as [`EventType::Custom`].
    pub fn message(&self, level: Level, text: &str) {
        self.event(EventType::Custom).level(level).message(text).log();
    }

    /// Logs words at DEBUG.
    pub fn debug(&self, text: &str) {
        self.message(Level::Debug, text);
    }

    /// Logs words at INFO.
    pub fn info(&self, text: &str) {
        self.message(Level::Info, text);
    }

    /// Logs words at WARNING.
    pub fn warning(&self, text: &str) {
        self.message(Level::Warning, text);
    }

    /// Logs words at CRITICAL.
    pub fn critical(&self, text: &str) {
        self.message(Level::Critical, text);
    }

    /// Logs an error at ERROR: its text, its type where the caller knows it, and what it came from.
    ///
    /// For words at ERROR see [`Logger::message`].
    pub fn error<E: Error + ?Sized>(&self, error: &E) {
        self.event(EventType::ErrorOccurred).message_of(&error).error(error).log();
    }

    /// Logs how long an operation took. See [`LogPerformance`](super::LogPerformance) for a guard that measures.
    pub fn performance(&self, operation: &str, duration: Duration) {
        self.event(EventType::PerformanceMeasured)
            .message(operation)
            .field(LogField::Operation, operation)
            .field(LogField::DurationMs, duration)
            .log();
    }

    /// Logs a step of a call of the tool `name`.
    pub fn tool(&self, name: &str, status: ToolStatus) {
        let (event_type, text) = match status {
            ToolStatus::Invoked => (EventType::McpToolInvoked, "tool invoked"),
            ToolStatus::Completed => (EventType::McpToolCompleted, "tool completed"),
            ToolStatus::Failed => (EventType::McpToolFailed, "tool failed"),
        };
        self.event(event_type).message(text).field(LogField::ToolName, name).log();
    }

    /// Adds `context` to the current one of the calling unit, until the scope is dropped.
    pub fn enter(&self, context: &LogContext) -> ContextScope<P> {
        self.outlet.count_panics(context.panics());
        let scope = context.enter(&self.platform);
        if P::PLANTS
            && let Some(place) = &self.outlet.shared_context
        {
            return scope.also_in(place.clone(), context);
        }
        scope
    }

    /// Announces what was lost and held back, and flushes every sink. Where lines wait, it waits until they are written, at most for the
    /// [patience](super::Queue::patience) of the queue.
    ///
    /// # Errors
    /// A sink fails, the lines are not written in time, the logger is shut down, or the caller is the sink itself.
    pub fn flush(&self) -> Result<(), FlushError> {
        rate::tell_of_held_back(self);
        self.outlet.flush(&self.platform)
    }

    /// Flushes, and takes nothing any more: events that come later are dropped as [`Closed`](super::DropCause::Closed). For the logger, its
    /// clones and children.
    ///
    /// Where lines wait, those that are not written after three quarters of the [patience](super::Queue::patience) are dropped as
    /// [`Shutdown`](super::DropCause::Shutdown), so that the rest of the time is for their announcement. Where the sink stands still, they are
    /// dropped at the end of the patience, but for the line that is with the sink, and announced if it ever goes on.
    ///
    /// # Errors
    /// As for [`flush`](Logger::flush). The logger is shut down all the same, unless the caller is the sink itself.
    pub fn shutdown(&self) -> Result<(), FlushError> {
        rate::tell_of_held_back(self);
        self.outlet.shut_down(&self.platform)
    }

    /// Where all events went. Not to be called by the sink, which runs under the lock that this takes.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.outlet.stats(&self.platform)
    }

    /// The platform the logger runs on.
    pub fn platform(&self) -> &P {
        &self.platform
    }

    pub(super) fn outlet(&self) -> &Outlet<P> {
        &self.outlet
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }
}

impl<P: Platform> Clone for Logger<P> {
    fn clone(&self) -> Self {
        Self {
            platform: self.platform.clone(),
            outlet: self.outlet.clone(),
            name: self.name.clone(),
            threshold: self.threshold,
        }
    }
}

impl<P: Platform> fmt::Debug for Logger<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logger")
            .field("name", &String::from_utf8_lossy(&self.name))
            .field("threshold", &self.threshold)
            .finish_non_exhaustive()
    }
}
