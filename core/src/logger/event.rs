//! One event while it is being told.

#[cfg(feature = "tracing")]
use super::LogContext;
use super::field::Key;
use super::foreign::{self, PANICKED};
use super::gathered::Gathered;
use super::kind::Kind;
use super::unit;
use super::value::{ToValue, Value};
use super::{DropReason, EventType, Level, LogField, Logger};
use crate::door::{Platform, System};
use std::error::Error;
use std::fmt;

/// An event that gathers its message and fields, in any order, until [`Event::log`].
///
/// ```
/// use retrip_core::logger::{EventType, Level, LogField, Logger, MemorySink};
///
/// let sink = MemorySink::new();
/// let logger = Logger::named("llm").to(sink.clone());
/// let seq = logger
///     .event(EventType::ErrorOccurred)
///     .level(Level::Warning)
///     .field(LogField::ToolName, "search")
///     .field("attempt", 2)
///     .field("password", "hunter2")
///     .message("no answer")
///     .try_log();
/// assert_eq!(seq, Ok(1));
/// assert!(sink.lines()[0].ends_with(
///     r#""message":"no answer","tool_name":"search","attempt":2,"password":"***REDACTED***"}"#
/// ));
/// ```
#[must_use = "an event is offered by `log` or `try_log`"]
pub struct Event<'l, P: Platform = System> {
    logger: &'l Logger<P>,
    kind: Kind,
    gathered: Gathered,
}

impl<'l, P: Platform> Event<'l, P> {
    #[inline]
    pub(super) fn new(logger: &'l Logger<P>, event_type: EventType) -> Self {
        Self { logger, kind: Kind::of(event_type), gathered: Gathered::Nothing }
    }

    /// Sets the level; without, it is [`EventType::default_level`]. The first call decides: below the threshold, nothing
    /// that comes after it is encoded.
    #[inline]
    pub fn level(self, level: Level) -> Self {
        if self.kind.level.is_some() {
            return self;
        }
        let kind = Kind { level: Some(level), ..self.kind };
        let event = Self { kind, ..self };
        if kind.is_enabled(event.logger) { event } else { event.filtered() }
    }

    /// Sets the message. Without one it is empty; the last one stands.
    #[inline]
    pub fn message(self, text: impl AsRef<str>) -> Self {
        if self.gathered.is_told() { self.and_message(Value::Text(text.as_ref())) } else { self }
    }

    /// Sets the message to whatever prints, such as `&format_args!(..)`.
    #[inline]
    pub fn message_of(self, text: &impl fmt::Display) -> Self {
        if self.gathered.is_told() { self.and_message(Value::Display(text)) } else { self }
    }

    /// Adds a field. The same key again takes the place of the one before.
    ///
    /// A key of the line itself becomes `attr.<key>`; a value under a key that looks secret is redacted. A text longer
    /// than 8 KiB, a key longer than 256 bytes and a field beyond the 64th are cut or left out, and named in
    /// `truncated`.
    #[inline]
    pub fn field<'k>(self, key: impl Into<Key<'k>>, value: impl ToValue) -> Self {
        if !self.gathered.is_told() {
            return self;
        }
        let value = foreign::run(|| value.to_value()).unwrap_or_else(|| self.panicked());
        self.and_field(key.into(), value)
    }

    /// Adds the fields that tell of an error: its type where the caller knows it, its text, and what it came from.
    pub fn error<E: Error + ?Sized>(mut self, error: &E) -> Self {
        let type_name = std::any::type_name::<E>();
        if !type_name.starts_with("dyn ") {
            self = self.field(LogField::ErrorType, type_name);
        }
        self = self.field(LogField::ErrorMessage, Value::Display(&error));
        match foreign::run(|| error.source()) {
            Some(Some(source)) => {
                self.field(LogField::ErrorStack, Value::Display(&Sources(source)))
            }
            Some(None) => self,
            None => {
                let panicked = self.panicked();
                self.field(LogField::ErrorStack, panicked)
            }
        }
    }

    /// Logs the event. What becomes of it is counted in [`Logger::stats`].
    #[inline]
    pub fn log(self) {
        let _ = self.try_log();
    }

    /// Logs the event and tells its sequence number.
    ///
    /// # Errors
    /// Why there is no line of it.
    #[inline]
    pub fn try_log(self) -> Result<u64, DropReason> {
        let Self { logger, kind, gathered } = self;
        // What most events of a service come to is decided where they are logged.
        let is_filtered = match gathered {
            Gathered::Filtered => true,
            Gathered::Nothing => !kind.is_enabled(logger),
            _ => false,
        };
        if is_filtered {
            Err(logger.outlet().filter(logger.platform()))
        } else {
            gathered.offered(logger, kind)
        }
    }

    /// An event that the logger logs by itself; nothing where the calling unit runs the logger already. It goes past threshold and rate limit.
    pub(super) fn of_the_logger(logger: &'l Logger<P>, event_type: EventType) -> Option<Self> {
        let scratch =
            unit::with(logger.platform(), |unit| (unit.busy == 0).then(|| unit.scratch()))?;
        Some(Self { gathered: Gathered::Some(scratch), ..Self::new(logger, event_type) })
    }

    /// Offers such an event.
    pub(super) fn try_log_past_limits(self) -> Result<u64, DropReason> {
        match self.gathered {
            Gathered::Some(scratch) => self.kind.deliver(self.logger, Some(scratch)),
            _ => Err(self.logger.outlet().refuse_reentrant()),
        }
    }

    /// What stands in place of a value that has panicked before it could be told.
    #[cold]
    fn panicked(&self) -> Value<'static> {
        self.logger.outlet().count_panics(1);
        Value::Text(PANICKED)
    }

    /// Its level is below the threshold: what has been gathered is given back.
    #[inline]
    fn filtered(self) -> Self {
        let Self { logger, kind, gathered } = self;
        gathered.given_back(logger.platform());
        Self { logger, kind, gathered: Gathered::Filtered }
    }

    // What is gathered goes through these by value, and the rest beside it in parts: an event whose address nobody has is kept in
    // registers, also for where a call unwinds, and one that is filtered costs no more than a few comparisons.
    #[inline]
    fn and_field(self, key: Key<'_>, value: Value<'_>) -> Self {
        let Self { logger, kind, gathered } = self;
        Self { logger, kind, gathered: gathered.and_field(logger, kind, key, value) }
    }

    #[inline]
    fn and_message(self, text: Value<'_>) -> Self {
        let Self { logger, kind, gathered } = self;
        Self { logger, kind, gathered: gathered.and_message(logger, kind, text) }
    }

    /// What has been gathered, and leaves nothing.
    #[cfg(any(feature = "log", feature = "tracing"))]
    const fn take(&mut self) -> Gathered {
        std::mem::replace(&mut self.gathered, Gathered::Nothing)
    }

    /// A field, for whoever has the event lent.
    #[cfg(any(feature = "log", feature = "tracing"))]
    pub(super) fn put_field(&mut self, key: Key<'_>, value: Value<'_>) {
        self.gathered = self.take().and_field(self.logger, self.kind, key, value);
    }

    /// The message, for whoever has the event lent.
    #[cfg(any(feature = "log", feature = "tracing"))]
    pub(super) fn put_message(&mut self, text: Value<'_>) {
        self.gathered = self.take().and_message(self.logger, self.kind, text);
    }

    /// What is told from now on may say what type it is of.
    #[cfg(any(feature = "log", feature = "tracing"))]
    pub(super) fn opens_type(&mut self) {
        self.kind.type_is_open = true;
    }

    /// Says what kind of event it is, after all: the type is open.
    #[cfg(any(feature = "log", feature = "tracing"))]
    pub(super) fn put_type(&mut self, event_type: EventType) {
        self.kind.event_type = event_type;
    }

    /// Adds fields that give way to the context of the unit, as that does to the event's own.
    #[cfg(feature = "tracing")]
    pub(super) fn put_outer(&mut self, outer: LogContext) {
        self.gathered = self.take().and_outer(self.logger, self.kind, outer);
    }
}

impl<P: Platform> fmt::Debug for Event<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event_type", &self.kind.event_type)
            .field("level", &self.kind.level)
            .finish_non_exhaustive()
    }
}

/// An error and what it came from, one per line.
struct Sources<'e>(&'e dyn Error);

impl fmt::Display for Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            write!(f, "\n{error}")?;
            next = error.source();
        }
        Ok(())
    }
}
