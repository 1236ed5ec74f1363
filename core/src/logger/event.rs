//! One event while it is being told.

use super::encode::{self, Outcome};
use super::field::Key;
use super::line::{Body, Head};
use super::outlet::{self, Busy};
use super::unit::{self, Scratch};
use super::value::{ToValue, Value};
use super::{
    DropCause, DropReason, EventType, Level, LogContext, LogField, Logger, VALUE_CAP, plants,
};
use crate::door::{Guard, Mutex, Platform, Rules, System, Timestamp};
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
    event_type: EventType,
    level: Option<Level>,
    gathered: Gathered,
    /// What surrounds the context of the unit: the fields of foreign spans.
    outer: LogContext,
}

/// What an event has so far.
enum Gathered {
    Nothing,
    Some(Box<Scratch>),
    /// The event comes from code that the logger is running; it is told no further.
    Reentrant,
}

impl<'l, P: Platform> Event<'l, P> {
    pub(super) fn new(logger: &'l Logger<P>, event_type: EventType) -> Self {
        let outer = LogContext::new();
        Self { logger, event_type, level: None, gathered: Gathered::Nothing, outer }
    }

    /// Sets the level; without, it is [`EventType::default_level`]. The first call decides: below the threshold, nothing
    /// that comes after it is encoded.
    pub fn level(mut self, level: Level) -> Self {
        self.level.get_or_insert(level);
        self
    }

    /// Sets the message. Without one it is empty; the last one stands.
    pub fn message(mut self, text: impl AsRef<str>) -> Self {
        self.put_message(Value::Text(text.as_ref()));
        self
    }

    /// Sets the message to whatever prints, such as `&format_args!(..)`.
    pub fn message_of(mut self, text: &impl fmt::Display) -> Self {
        self.put_message(Value::Display(text));
        self
    }

    /// Adds a field. The same key again takes the place of the one before.
    ///
    /// A key of the line itself becomes `attr.<key>`; a value under a key that looks secret is redacted. A text longer
    /// than 8 KiB, a key longer than 256 bytes and a field beyond the 64th are cut or left out, and named in
    /// `truncated`.
    pub fn field<'k>(mut self, key: impl Into<Key<'k>>, value: impl ToValue) -> Self {
        self.put_field(key.into(), value.to_value());
        self
    }

    /// Adds the fields that tell of an error: its type where the caller knows it, its text, and what it came from.
    pub fn error<E: Error + ?Sized>(mut self, error: &E) -> Self {
        let type_name = std::any::type_name::<E>();
        if !type_name.starts_with("dyn ") {
            self = self.field(LogField::ErrorType, type_name);
        }
        self = self.field(LogField::ErrorMessage, Value::Display(&error));
        match error.source() {
            Some(source) => self.field(LogField::ErrorStack, Value::Display(&Sources(source))),
            None => self,
        }
    }

    /// Logs the event. What becomes of it is counted in [`Logger::stats`].
    pub fn log(self) {
        let _ = self.try_log();
    }

    /// Logs the event and tells its sequence number.
    ///
    /// # Errors
    /// Why there is no line of it.
    pub fn try_log(self) -> Result<u64, DropReason> {
        let Self { logger, event_type, level, gathered, outer } = self;
        let (platform, outlet) = (logger.platform(), logger.outlet());
        let (event_type, level) = told_as(platform, event_type, level);
        outlet.offer();
        if !logger.is_enabled(level) {
            if let Gathered::Some(scratch) = gathered {
                unit::with(platform, |unit| unit.give_back(scratch));
            }
            if platform.broken_by(plants::FILTERED_IS_NOT_COUNTED) {
                return Err(DropReason::Filtered);
            }
            return Err(outlet.filter());
        }
        let scratch = match gathered {
            Gathered::Reentrant if platform.broken_by(plants::REENTRANT_IS_NOT_COUNTED) => {
                return Err(DropReason::Dropped(DropCause::Reentrant));
            }
            Gathered::Reentrant => return Err(outlet.refuse_reentrant()),
            Gathered::Nothing => None,
            Gathered::Some(scratch) => Some(scratch),
        };
        let Busy::Entered(mut context, mut scratch) = outlet::enter(platform, scratch) else {
            return Err(outlet.refuse_reentrant());
        };
        if P::PLANTS
            && let Some(place) = &outlet.shared_context
        {
            let shared: Guard<'_, P, _> = place.lock();
            context = shared.clone();
        }
        if !outer.is_empty() {
            context = outer.merged(&context);
        }
        if event_type == EventType::PerformanceMeasured
            && platform.broken_by(plants::PERFORMANCE_LEAVES_ITS_CONTEXT_OUT)
        {
            context = LogContext::new();
        }
        let at = if platform.broken_by(plants::TIMESTAMP_BY_THE_MONOTONIC_CLOCK) {
            Timestamp::from_unix_nanos(platform.now().as_nanos().into())
        } else {
            platform.wall()
        };
        let Scratch { message, message_cut, fields, line } = &mut *scratch;
        let (context, fields) = match context.entries() {
            context if platform.broken_by(plants::CONTEXT_WINS_OVER_THE_EVENT) => {
                (&*fields, context)
            }
            context => (context, &*fields),
        };
        line.compose(
            Head { at, level, logger: logger.name(), event_type },
            Body {
                message: if message.is_empty() { b"\"\"" } else { message },
                message_cut: *message_cut,
                context,
                fields,
            },
        );
        let result = outlet.deliver(platform, line, (level, at));
        if event_type == EventType::CircuitBreakerRejected
            && platform.broken_by(plants::REJECTION_LEAVES_THE_UNIT_BUSY)
        {
            return result;
        }
        outlet::leave(platform, scratch);
        result
    }

    pub(super) fn put_field(&mut self, key: Key<'_>, value: Value<'_>) {
        let platform = self.logger.platform();
        if key.is_taken() && platform.broken_by(plants::FIELD_LIKE_A_KEY_OF_THE_LINE_IS_LOST) {
            return;
        }
        let value = match value {
            Value::Float(number)
                if !number.is_finite() && platform.broken_by(plants::NAN_IS_WRITTEN_AS_NULL) =>
            {
                Value::Null
            }
            value => value,
        };
        let key = if platform.broken_by(plants::SECRET_IS_SHOWN) { key.shown() } else { key };
        self.gather(value, |scratch, value| scratch.fields.push(key, value));
    }

    pub(super) fn put_message(&mut self, text: Value<'_>) {
        let is_raw = self.logger.platform().broken_by(plants::LINE_BREAK_IS_LEFT_RAW);
        self.gather(text, |scratch, text| {
            scratch.message.clear();
            let outcome = encode::value(&mut scratch.message, text, VALUE_CAP);
            scratch.message_cut = outcome.cut;
            if is_raw {
                let message = String::from_utf8_lossy(&scratch.message).replace("\\n", "\n");
                scratch.message = message.into_bytes();
            }
            outcome
        });
    }

    /// Says what kind of event it is, after all.
    #[cfg(any(feature = "log", feature = "tracing"))]
    pub(super) fn put_type(&mut self, event_type: EventType) {
        self.event_type = event_type;
    }

    /// Adds fields that give way to the context of the unit, as that does to the event's own.
    #[cfg(feature = "tracing")]
    pub(super) fn put_outer(&mut self, outer: LogContext) {
        self.outer = outer;
    }

    /// Encodes a value into the scratch buffer, unless the event is known to go nowhere.
    fn gather(
        &mut self,
        value: Value<'_>,
        encode: impl FnOnce(&mut Scratch, Value<'_>) -> Outcome,
    ) {
        if self.level.is_some_and(|level| !self.logger.is_enabled(level)) {
            return;
        }
        let platform = self.logger.platform();
        let foreign = value.runs_foreign_code();
        if foreign || matches!(self.gathered, Gathered::Nothing) {
            let gathered = std::mem::replace(&mut self.gathered, Gathered::Reentrant);
            self.gathered = unit::with(platform, |unit| {
                if unit.busy > 0 {
                    return Gathered::Reentrant;
                }
                unit.busy += u32::from(foreign);
                match gathered {
                    Gathered::Nothing => Gathered::Some(unit.scratch()),
                    other => other,
                }
            });
        }
        if let Gathered::Some(scratch) = &mut self.gathered {
            let outcome = encode(scratch, value);
            self.logger.outlet().count_panics(outcome.panics);
            let stays =
                outcome.panics > 0 && platform.broken_by(plants::PANIC_LEAVES_THE_UNIT_BUSY);
            if foreign && !stays {
                unit::with(platform, |unit| unit.busy = unit.busy.saturating_sub(1));
            }
        }
    }
}

impl<P: Platform> fmt::Debug for Event<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event_type", &self.event_type)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// What a line says of an event's kind and level.
fn told_as(rules: &impl Rules, event_type: EventType, level: Option<Level>) -> (EventType, Level) {
    let own = event_type.default_level();
    let level = level.unwrap_or(own);
    let is_later = matches!(
        event_type,
        EventType::CircuitBreakerHalfOpened | EventType::CircuitBreakerRejected
    );
    if rules.broken_by(plants::LEVEL_OF_THE_TYPE_WINS) {
        (event_type, own)
    } else if is_later && rules.broken_by(plants::LATER_TYPE_IS_WRITTEN_AS_CUSTOM) {
        (EventType::Custom, level)
    } else if event_type == EventType::McpToolFailed
        && rules.broken_by(plants::FAILED_TOOL_IS_LOGGED_AS_INFO)
    {
        (event_type, Level::Info)
    } else {
        (event_type, level)
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
