//! A backend that writes what is told through `log`.

use super::{EVENT_TYPE, TARGET, takes_type};
use crate::door::{Platform, System};
use crate::logger::foreign::{self, PANICKED};
use crate::logger::{Event, EventType, Key, Level, Logger, ToValue, Value};
use log::kv::{self, VisitSource, VisitValue};
use log::{LevelFilter, Log, Metadata, Record};
use std::fmt;

/// Writes the records of [`log`](https://docs.rs/log) through a logger, with the feature `log`.
///
/// It does not install itself; a program does that once:
/// ```
/// use retrip_core::logger::{LogBackend, Logger, MemorySink};
///
/// let sink = MemorySink::new();
/// let backend = LogBackend::new(Logger::named("shop").to(sink.clone()));
/// log::set_max_level(backend.max_level());
/// log::set_boxed_logger(Box::new(backend))?;
///
/// log::warn!(target: "shop::cart", items = 3, api_key = "k-1"; "{} is sold out", "tea");
/// let line = &sink.lines()[0];
/// assert!(line.contains(r#""level":"WARNING","logger":"shop","#));
/// assert!(line.ends_with(concat!(
///     r#""event_type":"custom","message":"tea is sold out","target":"shop::cart","#,
///     r#""items":3,"api_key":"***REDACTED***"}"#
/// )));
/// # Ok::<(), log::SetLoggerError>(())
/// ```
///
/// # What is written
/// - The level: `Trace` and `Debug` are DEBUG, `Info` is INFO, `Warn` is WARNING, `Error` is ERROR. Nothing is CRITICAL.
/// - The target as the field `target`, unless a key-value has that name. The module, the file and the line are not written.
/// - Key-values with their types, in their order. Keys of the line itself, secrets and caps are treated as in
///   [`Event::field`](crate::logger::Event::field). Whatever is no number, text or truth value, an error among them, is written as it
///   prints itself. Where the source of key-values fails, those before are written, and `kv_error` says why there are no more.
/// - The [`EventType`]: what a text `event_type` names, if it is a word of the schema but `log.dropped`; it is then no field.
///   Otherwise it is custom, and the key-value becomes `attr.event_type` as usual.
/// - The [context](crate::logger::LogContext) of the logger, which gives way to the record's own.
///
/// # What it costs below the threshold
/// With [`max_level`](Self::max_level) set as above, a comparison: such records are not offered to the logger, so that
/// [`Stats`](crate::logger::Stats) counts none of them. Those that come all the same are counted as filtered.
///
/// # Code that logs while it is logged
/// A `Display` that panics gives `"<panicked>"` and is counted. A record from a `Display` or a [`Sink`](crate::logger::Sink) that this
/// logger or another one is running is dropped and counted as [`Reentrant`](crate::logger::DropCause::Reentrant).
///
/// # Flushing
/// `log::logger().flush()` announces what was lost and flushes the sink. It cannot tell that this failed; [`Logger::flush`] does.
/// What was lost stays counted and is announced later, also after a flush that failed.
pub struct LogBackend<P: Platform = System> {
    logger: Logger<P>,
}

impl<P: Platform> LogBackend<P> {
    /// Writes through `logger`, which decides by its threshold.
    pub const fn new(logger: Logger<P>) -> Self {
        Self { logger }
    }

    /// The most verbose level that passes the logger's threshold, for `log::set_max_level`.
    #[must_use]
    pub fn max_level(&self) -> LevelFilter {
        let passing = log::Level::iter().filter(|level| self.passes(*level));
        passing.max().map_or(LevelFilter::Off, |level| level.to_level_filter())
    }

    /// The logger.
    #[must_use]
    pub const fn logger(&self) -> &Logger<P> {
        &self.logger
    }

    fn passes(&self, level: log::Level) -> bool {
        self.logger.is_enabled(level_of(level))
    }
}

impl<P: Platform> Log for LogBackend<P> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.passes(metadata.level())
    }

    fn log(&self, record: &Record<'_>) {
        let mut line = self.logger.event(EventType::Custom).level(level_of(record.level()));
        if self.passes(record.level()) {
            let source = record.key_values();
            // One that panics is asked again for all of them.
            if foreign::run(|| source.get(kv::Key::from_str(EVENT_TYPE)).is_some()) != Some(false) {
                line.opens_type();
            }
            line.put_message(Value::Display(record.args()));
            line.put_field(Key::from(TARGET), Value::Text(record.target()));
            self.put_key_values(&mut line, source);
        }
        line.log();
    }

    fn flush(&self) {
        // What is owed stays owed, and the next line tries again.
        let _ = self.logger.flush();
    }
}

impl<P: Platform> LogBackend<P> {
    /// A source is the caller's code: its panic ends here.
    fn put_key_values(&self, line: &mut Event<'_, P>, source: &dyn kv::Source) {
        const WHY: &str = "kv_error";
        match foreign::run(|| source.visit(&mut Pairs(line))) {
            Some(Ok(())) => {}
            Some(Err(error)) => line.put_field(Key::from(WHY), Value::Display(&error)),
            None => {
                self.logger.outlet().count_panics(1);
                line.put_field(Key::from(WHY), Value::Text(PANICKED));
            }
        }
    }
}

fn level_of(level: log::Level) -> Level {
    match level {
        log::Level::Error => Level::Error,
        log::Level::Warn => Level::Warning,
        log::Level::Info => Level::Info,
        log::Level::Debug | log::Level::Trace => Level::Debug,
    }
}

/// Gives each key-value to the event.
struct Pairs<'e, 'l, P: Platform>(&'e mut Event<'l, P>);

impl<'kvs, P: Platform> VisitSource<'kvs> for Pairs<'_, '_, P> {
    fn visit_pair(&mut self, key: kv::Key<'kvs>, value: kv::Value<'kvs>) -> Result<(), kv::Error> {
        value.visit(Typed { event: self.0, key: key.as_str() })
    }
}

/// Gives one value, with its type, to the event.
struct Typed<'e, 'l, 'k, P: Platform> {
    event: &'e mut Event<'l, P>,
    key: &'k str,
}

impl<P: Platform> Typed<'_, '_, '_, P> {
    fn put(&mut self, value: Value<'_>) -> Result<(), kv::Error> {
        self.event.put_field(Key::from(self.key), value);
        Ok(())
    }
}

impl<'v, P: Platform> VisitValue<'v> for Typed<'_, '_, '_, P> {
    fn visit_any(&mut self, value: kv::Value<'_>) -> Result<(), kv::Error> {
        self.put(Value::Display(&value))
    }

    fn visit_null(&mut self) -> Result<(), kv::Error> {
        self.put(Value::Null)
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), kv::Error> {
        self.put(value.to_value())
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), kv::Error> {
        self.put(value.to_value())
    }

    fn visit_u128(&mut self, value: u128) -> Result<(), kv::Error> {
        self.put(value.to_value())
    }

    fn visit_i128(&mut self, value: i128) -> Result<(), kv::Error> {
        self.put(value.to_value())
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), kv::Error> {
        self.put(value.to_value())
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), kv::Error> {
        self.put(value.to_value())
    }

    fn visit_str(&mut self, value: &str) -> Result<(), kv::Error> {
        if self.key == EVENT_TYPE && takes_type(self.event, value) {
            return Ok(());
        }
        self.put(value.to_value())
    }
}

impl<P: Platform> fmt::Debug for LogBackend<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogBackend").field("logger", &self.logger).finish()
    }
}
