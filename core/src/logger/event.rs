//! One event while it is being told.

use super::encode::{self, Outcome};
use super::entries::Entries;
use super::field::Key;
use super::line::{Body, Head};
use super::outlet;
use super::planted;
use super::unit::{self, Scratch};
use super::value::{ToValue, Value};
use super::{
    DropCause, DropReason, EventType, Level, LogContext, LogField, Logger, VALUE_CAP, plants, rate,
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
    /// Its level is below the threshold; it is told no further.
    Filtered,
    /// There are too many of its kind; it is told no further.
    HeldBack,
}

impl<'l, P: Platform> Event<'l, P> {
    #[inline]
    pub(super) fn new(logger: &'l Logger<P>, event_type: EventType) -> Self {
        let outer = LogContext::new();
        Self { logger, event_type, level: None, gathered: Gathered::Nothing, outer }
    }

    /// Sets the level; without, it is [`EventType::default_level`]. The first call decides: below the threshold, nothing
    /// that comes after it is encoded.
    #[inline]
    pub fn level(mut self, level: Level) -> Self {
        if self.level.is_none() {
            self.level = Some(level);
            if !self.logger.is_enabled(level) {
                self.filter();
            }
        }
        self
    }

    /// Sets the message. Without one it is empty; the last one stands.
    #[inline]
    pub fn message(mut self, text: impl AsRef<str>) -> Self {
        if self.is_told() {
            self.put_message(Value::Text(text.as_ref()));
        }
        self
    }

    /// Sets the message to whatever prints, such as `&format_args!(..)`.
    #[inline]
    pub fn message_of(mut self, text: &impl fmt::Display) -> Self {
        if self.is_told() {
            self.put_message(Value::Display(text));
        }
        self
    }

    /// Adds a field. The same key again takes the place of the one before.
    ///
    /// A key of the line itself becomes `attr.<key>`; a value under a key that looks secret is redacted. A text longer
    /// than 8 KiB, a key longer than 256 bytes and a field beyond the 64th are cut or left out, and named in
    /// `truncated`.
    #[inline]
    pub fn field<'k>(mut self, key: impl Into<Key<'k>>, value: impl ToValue) -> Self {
        if self.is_told() {
            self.put_field(key.into(), value.to_value());
        }
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
    #[inline]
    pub fn log(self) {
        let _ = self.try_log();
    }

    /// Logs the event and tells its sequence number.
    ///
    /// # Errors
    /// Why there is no line of it.
    #[inline]
    pub fn try_log(mut self) -> Result<u64, DropReason> {
        let (platform, outlet) = (self.logger.platform(), self.logger.outlet());
        outlet.offer();
        if self.level.is_none() && !self.logger.is_enabled(self.event_type.default_level()) {
            self.filter();
        }
        match std::mem::replace(&mut self.gathered, Gathered::Filtered) {
            Gathered::Filtered if platform.broken_by(plants::FILTERED_IS_NOT_COUNTED) => {
                Err(DropReason::Filtered)
            }
            Gathered::Filtered => Err(outlet.filter()),
            Gathered::Reentrant if platform.broken_by(plants::REENTRANT_IS_NOT_COUNTED) => {
                Err(DropReason::Dropped(DropCause::Reentrant))
            }
            Gathered::Reentrant => Err(outlet.refuse_reentrant()),
            Gathered::HeldBack => Err(outlet.hold_back(platform)),
            Gathered::Nothing if !self.is_admitted() => Err(outlet.hold_back(platform)),
            Gathered::Nothing => self.deliver_and_tell(None),
            Gathered::Some(scratch) => self.deliver_and_tell(Some(scratch)),
        }
    }

    /// An event that the logger logs by itself; nothing where the calling unit runs the logger already. It goes past threshold and rate limit.
    pub(super) fn of_the_logger(logger: &'l Logger<P>, event_type: EventType) -> Option<Self> {
        let scratch =
            unit::with(logger.platform(), |unit| (unit.busy == 0).then(|| unit.scratch()))?;
        Some(Self { gathered: Gathered::Some(scratch), ..Self::new(logger, event_type) })
    }

    /// Offers such an event.
    pub(super) fn try_log_past_limits(mut self) -> Result<u64, DropReason> {
        self.logger.outlet().offer();
        match std::mem::replace(&mut self.gathered, Gathered::Filtered) {
            Gathered::Some(scratch) => self.deliver(Some(scratch)),
            _ => Err(self.logger.outlet().refuse_reentrant()),
        }
    }

    /// Whether there are not too many of its kind.
    fn is_admitted(&self) -> bool {
        let (logger, own) = (self.logger, self.event_type.default_level());
        let level = self.level.unwrap_or(own);
        let limiter = logger.outlet().limiter.as_ref();
        limiter.is_none_or(|limiter| limiter.admits(logger.platform(), self.event_type, level))
    }

    /// Tells what has been gathered to the outlet, and then how many events were held back.
    fn deliver_and_tell(self, scratch: Option<Box<Scratch>>) -> Result<u64, DropReason> {
        let logger = self.logger;
        let result = self.deliver(scratch);
        if result.is_ok() {
            rate::tell_of_held_back(logger);
        }
        result
    }

    /// Tells what has been gathered to the outlet.
    fn deliver(self, scratch: Option<Box<Scratch>>) -> Result<u64, DropReason> {
        let Self { logger, event_type, level, outer, .. } = self;
        let (platform, outlet) = (logger.platform(), logger.outlet());
        let (event_type, level) = planted::told_as(platform, event_type, level);
        let shared = if P::PLANTS { outlet.shared_context.as_ref() } else { None };
        let shared = shared.map(|place| {
            let shared: Guard<'_, P, LogContext> = place.lock();
            shared.clone()
        });
        let at = if platform.broken_by(plants::TIMESTAMP_BY_THE_MONOTONIC_CLOCK) {
            Timestamp::from_unix_nanos(platform.now().as_nanos().into())
        } else {
            platform.wall()
        };
        let head = Head { at, level, logger: logger.name(), event_type };
        // The context is read where it is: to count another reference to it and to take that back would cost more than all of this.
        let composed = unit::with(platform, |unit| {
            let scratch = scratch.unwrap_or_else(|| unit.scratch());
            if unit.busy > 0 {
                unit.give_back(scratch);
                return None;
            }
            unit.busy += 1;
            let context = shared.as_ref().unwrap_or(&unit.own.context);
            Some(if outer.is_empty() {
                compose(scratch, head, context, platform)
            } else {
                compose(scratch, head, &outer.merged(context), platform)
            })
        });
        let Some(mut scratch) = composed else { return Err(outlet.refuse_reentrant()) };
        let result = outlet.deliver(platform, &mut scratch.line, (level, at));
        if event_type == EventType::CircuitBreakerRejected
            && platform.broken_by(plants::REJECTION_LEAVES_THE_UNIT_BUSY)
        {
            return result;
        }
        outlet::leave(platform, scratch);
        result
    }

    /// Its level is below the threshold: what has been gathered is given back.
    #[inline]
    fn filter(&mut self) {
        let gathered = std::mem::replace(&mut self.gathered, Gathered::Filtered);
        if let Gathered::Some(scratch) = gathered {
            unit::with(self.logger.platform(), |unit| unit.give_back(scratch));
        }
    }

    /// Whether what is told of it may come into a line.
    #[inline]
    const fn is_told(&self) -> bool {
        matches!(self.gathered, Gathered::Nothing | Gathered::Some(_))
    }

    pub(super) fn put_field(&mut self, key: Key<'_>, value: Value<'_>) {
        if P::PLANTS {
            let Some((key, value)) = planted::field(self.logger.platform(), key, value) else {
                return;
            };
            self.gather(&value, |scratch, value| scratch.fields.push_borrowed(key, value));
        } else {
            self.gather(&value, |scratch, value| scratch.fields.push_borrowed(key, value));
        }
    }

    pub(super) fn put_message(&mut self, text: Value<'_>) {
        let is_raw = self.logger.platform().broken_by(plants::LINE_BREAK_IS_LEFT_RAW);
        self.gather(&text, |scratch, text| {
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
    #[inline]
    fn gather(
        &mut self,
        value: &Value<'_>,
        encode: impl FnOnce(&mut Scratch, &Value<'_>) -> Outcome,
    ) {
        if !self.is_told() {
            return;
        }
        let foreign = value.runs_foreign_code();
        if foreign || matches!(self.gathered, Gathered::Nothing) {
            self.begin(u32::from(foreign));
        }
        if let Gathered::Some(scratch) = &mut self.gathered {
            let platform = self.logger.platform();
            let locked = foreign && platform.broken_by(plants::VALUE_IS_ENCODED_UNDER_THE_LOCK);
            let held = locked.then(|| self.logger.outlet().hold());
            let outcome = encode(scratch, value);
            drop(held);
            self.logger.outlet().count_panics(outcome.panics);
            let stays =
                outcome.panics > 0 && platform.broken_by(plants::PANIC_LEAVES_THE_UNIT_BUSY);
            if foreign && !stays {
                unit::with(platform, |unit| unit.busy = unit.busy.saturating_sub(1));
            }
        }
    }

    /// Fetches a scratch buffer where there is none, and marks the unit as so many levels deeper in foreign code.
    fn begin(&mut self, levels: u32) {
        let gathered = std::mem::replace(&mut self.gathered, Gathered::Reentrant);
        let is_first = matches!(gathered, Gathered::Nothing);
        self.gathered = unit::with(self.logger.platform(), |unit| {
            if unit.busy > 0 {
                return Gathered::Reentrant;
            }
            unit.busy += levels;
            match gathered {
                Gathered::Nothing => Gathered::Some(unit.scratch()),
                other => other,
            }
        });
        if is_first && self.is_told() && !self.is_admitted() {
            let gathered = std::mem::replace(&mut self.gathered, Gathered::HeldBack);
            unit::with(self.logger.platform(), |unit| {
                unit.busy = unit.busy.saturating_sub(levels);
                if let Gathered::Some(scratch) = gathered {
                    unit.give_back(scratch);
                }
            });
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

/// Encodes the line of what has been gathered.
fn compose(
    mut scratch: Box<Scratch>,
    head: Head<'_>,
    context: &LogContext,
    rules: &impl Rules,
) -> Box<Scratch> {
    let Scratch { message, message_cut, fields, line } = &mut *scratch;
    let none = Entries::default();
    let (context, fields) = match context.entries() {
        context if rules.broken_by(plants::CONTEXT_WINS_OVER_THE_EVENT) => (&*fields, context),
        _ if head.event_type == EventType::PerformanceMeasured
            && rules.broken_by(plants::PERFORMANCE_LEAVES_ITS_CONTEXT_OUT) =>
        {
            (&none, &*fields)
        }
        context => (context, &*fields),
    };
    line.compose(
        head,
        Body {
            message: if message.is_empty() { b"\"\"" } else { message },
            message_cut: *message_cut,
            context,
            fields,
        },
    );
    scratch
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
