//! Takes the fields of `tracing`, for an event or for a span.

use super::{EVENT_TYPE, takes_type};
use crate::door::Platform;
use crate::logger::{Event, Key, LogContext, LogField, Logger, ToValue, Value, foreign, unit};
use std::error::Error;
use std::fmt;
use tracing_core::field::{Field, Visit};

/// What stands in place of a value that would print itself while the logger is at work already.
const REENTRANT: &str = "<reentrant>";

/// Gives each field, with its type, to whom it is for.
pub(super) struct FieldVisitor<'v, 'l, P: Platform> {
    logger: &'l Logger<P>,
    receiver: Receiver<'v, 'l, P>,
}

enum Receiver<'v, 'l, P: Platform> {
    Event(&'v mut Event<'l, P>),
    Span(&'v mut LogContext),
}

impl<'v, 'l, P: Platform> FieldVisitor<'v, 'l, P> {
    pub(super) fn of_event(logger: &'l Logger<P>, event: &'v mut Event<'l, P>) -> Self {
        Self { logger, receiver: Receiver::Event(event) }
    }

    /// The fields that `record` visits, encoded.
    pub(super) fn of_span(
        logger: &'l Logger<P>,
        record: impl FnOnce(&mut FieldVisitor<'_, 'l, P>),
    ) -> LogContext {
        let mut fields = LogContext::new();
        record(&mut FieldVisitor { logger, receiver: Receiver::Span(&mut fields) });
        logger.outlet().count_panics(fields.panics());
        fields
    }

    fn put(&mut self, key: &str, value: Value<'_>) {
        match &mut self.receiver {
            Receiver::Event(event) if key == LogField::Message.as_str() => event.put_message(value),
            Receiver::Event(event) => event.put_field(Key::from(key), value),
            Receiver::Span(fields) => put_in_span(self.logger.platform(), fields, key, value),
        }
    }

    /// Whether `error` came from another one; also where it panics when it is asked, which its text will tell and count.
    fn has_source(&self, error: &dyn Error) -> bool {
        let asked = unit::while_busy(self.logger.platform(), || {
            foreign::run(|| error.source().is_some()).unwrap_or(true)
        });
        asked.unwrap_or(false)
    }
}

fn put_in_span<P: Platform>(platform: &P, fields: &mut LogContext, key: &str, value: Value<'_>) {
    let mut put = |value: Value<'_>| *fields = std::mem::take(fields).with(key, value);
    if !value.runs_foreign_code() {
        put(value);
    } else if unit::while_busy(platform, || put(value)).is_none() {
        put(Value::Text(REENTRANT));
    }
}

impl<P: Platform> Visit for FieldVisitor<'_, '_, P> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value.to_value());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value.to_value());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value.to_value());
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.put(field.name(), value.to_value());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.put(field.name(), value.to_value());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value.to_value());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let name = field.name();
        let taken = match &mut self.receiver {
            Receiver::Event(event) => name == EVENT_TYPE && takes_type(event, value),
            Receiver::Span(_) => false,
        };
        if !taken {
            self.put(name, value.to_value());
        }
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.put(field.name(), Value::Bytes(value));
    }

    fn record_error(&mut self, field: &Field, error: &(dyn Error + 'static)) {
        let stack;
        let (text_key, stack_key) = match field.name() {
            "error" => (LogField::ErrorMessage.as_str(), LogField::ErrorStack.as_str()),
            name => {
                stack = format!("{name}_stack");
                (name, &stack[..])
            }
        };
        self.put(text_key, Value::Display(&error));
        if self.has_source(error) {
            self.put(stack_key, Value::Display(&Sources(error)));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field.name(), Value::Debug(value));
    }
}

/// What an error came from, one per line.
struct Sources<'e>(&'e dyn Error);

impl fmt::Display for Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let mut next = self.0.source();
        while let Some(error) = next {
            write!(f, "{separator}{error}")?;
            separator = "\n";
            next = error.source();
        }
        Ok(())
    }
}
