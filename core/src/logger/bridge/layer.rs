//! A layer that writes what is told through `tracing`.

use super::span_fields::{self, LayerKey};
use super::visitor::FieldVisitor;
use super::{EVENT_TYPE, TARGET};
use crate::door::{Platform, System};
use crate::logger::{EventType, Key, Level, Logger, Value};
use std::fmt;
use tracing_core::{Event, Subscriber, span};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{Filtered, LevelFilter};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// Writes the events of [`tracing`](https://docs.rs/tracing) through a logger, with the feature `tracing`.
///
/// ```
/// use retrip_core::logger::{Logger, MemorySink, TracingLayer};
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let sink = MemorySink::new();
/// let layer = TracingLayer::new(Logger::named("shop").to(sink.clone())).at_threshold();
/// let subscriber = tracing_subscriber::registry().with(layer);
///
/// // A program calls `tracing::subscriber::set_global_default(subscriber)` once.
/// tracing::subscriber::with_default(subscriber, || {
///     let _span = tracing::info_span!("request", request_id = "r-1", password = "hunter2").entered();
///     tracing::warn!(target: "shop::cart", items = 3, "{} is sold out", "tea");
/// });
/// let line = &sink.lines()[0];
/// assert!(line.contains(r#""level":"WARNING","logger":"shop","#));
/// assert!(line.ends_with(concat!(
///     r#""event_type":"custom","message":"tea is sold out","request_id":"r-1","#,
///     r#""password":"***REDACTED***","target":"shop::cart","items":3}"#
/// )));
/// ```
///
/// # What is written
/// - The level: `TRACE` and `DEBUG` are DEBUG, `INFO` is INFO, `WARN` is WARNING, `ERROR` is ERROR. Nothing is CRITICAL.
/// - The target as the field `target`, unless the event has a field of that name. It is not the `component`, which would take the place
///   of what a context says about it.
/// - Fields with their types, in their order, under their names. Keys of the line itself, secrets and caps are treated as in
///   [`Event::field`](crate::logger::Event::field), also in spans.
/// - An error, given as `&dyn Error`, as its text; if it came from others, these are under `<key>_stack`. The key `error` stands for
///   the schema's own: then they are `error_message` and `error_stack`.
/// - The [`EventType`]: what a text field `event_type` names, if it is a word of the schema but `log.dropped`; the field is then not
///   written. Otherwise it is custom, and the field becomes `attr.event_type` as usual.
/// - The fields of the spans that an event is in, outermost first. The name, the id and the place in the source of a span or an event
///   are not written.
///
/// Of the same key in several places one stands: event > [context](crate::logger::LogContext) of the logger > inner span > outer span.
///
/// # What it costs below the threshold
/// Behind [`at_threshold`](Self::at_threshold), next to nothing: callsites below it are switched off, as far as no other layer wants
/// them. The logger is not offered such events, so that [`Stats`](crate::logger::Stats) counts none of them as filtered. Spans below the
/// threshold are none for this layer: their fields are missing in events that are above it.
///
/// Without it the layer takes every span and is offered every event; those below the threshold are counted as filtered, and their fields
/// are not looked at. Any other filter of `tracing_subscriber` can be put before it with `with_filter`. The layer never switches
/// anything off by itself, because that would hold for all layers beside it.
///
/// # Code that logs while it is logged
/// A `Debug` or `Display` that panics gives `"<panicked>"` and is counted; the panic ends here. An event from a `Debug`, a `Display` or a
/// [`Sink`](crate::logger::Sink) that this logger or another one is running is dropped and counted as
/// [`Reentrant`](crate::logger::DropCause::Reentrant); a span from there has `"<reentrant>"` in place of values that print themselves.
/// That holds where the subscriber is the global one. One that is set for a thread (`set_default`, `with_default`, `with_subscriber`),
/// even for another thread of the process, makes `tracing` itself discard what is told while it tells an event, and nobody counts that.
///
/// ```
/// use retrip_core::logger::{DropCause, Logger, MemorySink, Sink, TracingLayer};
/// use std::io;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// struct Talkative(MemorySink);
///
/// impl Sink for Talkative {
///     fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
///         tracing::info!("I was written to");
///         self.0.write(bytes)
///     }
/// }
///
/// let kept = MemorySink::new();
/// let logger = Logger::named("shop").to(Talkative(kept.clone()));
/// let layer = TracingLayer::new(logger.clone()).at_threshold();
/// tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
/// tracing::info!("hello");
/// assert_eq!(kept.lines().len(), 1);
/// assert_eq!(logger.stats().dropped.get(&DropCause::Reentrant), Some(&1));
/// # Ok::<(), tracing::subscriber::SetGlobalDefaultError>(())
/// ```
///
/// # Simulated threads
/// `tracing` keeps its stack of spans, and what it is just telling, for each thread of the operating system. Simulated threads that
/// share one share these as well: an event has the spans of whoever entered last, and with a subscriber that is set for a thread,
/// events are discarded while another simulated thread waits in this layer, which is most of them. There, set a global subscriber, and
/// use the [context](crate::logger::LogContext) of the logger, which follows each unit of execution, also for events that come through
/// this layer.
pub struct TracingLayer<P: Platform = System> {
    logger: Logger<P>,
    key: LayerKey,
}

impl<P: Platform> TracingLayer<P> {
    /// Writes through `logger`, which decides by its threshold. Several layers, each with a logger of its own, can be in one subscriber.
    pub fn new(logger: Logger<P>) -> Self {
        Self { logger, key: LayerKey::default() }
    }

    /// This layer behind a filter at the logger's threshold, so that what is below costs next to nothing and is not counted.
    pub fn at_threshold<S>(self) -> Filtered<Self, LevelFilter, S>
    where
        S: Subscriber + for<'l> LookupSpan<'l>,
    {
        let threshold = self.threshold();
        self.with_filter(threshold)
    }

    /// The logger.
    #[must_use]
    pub const fn logger(&self) -> &Logger<P> {
        &self.logger
    }

    fn threshold(&self) -> LevelFilter {
        let verbose_first = [
            (Level::Debug, LevelFilter::TRACE),
            (Level::Info, LevelFilter::INFO),
            (Level::Warning, LevelFilter::WARN),
            (Level::Error, LevelFilter::ERROR),
        ];
        let found = verbose_first.iter().find(|(level, _)| self.logger.is_enabled(*level));
        found.map_or(LevelFilter::OFF, |(_, filter)| *filter)
    }
}

impl<S, P> Layer<S> for TracingLayer<P>
where
    S: Subscriber + for<'l> LookupSpan<'l>,
    P: Platform,
{
    fn on_new_span(
        &self,
        attributes: &span::Attributes<'_>,
        id: &span::Id,
        context: Context<'_, S>,
    ) {
        // Code of the caller's runs here, under no lock.
        let fields = FieldVisitor::of_span(&self.logger, |visitor| attributes.record(visitor));
        if let Some(span) = context.span(id) {
            span_fields::begin(&span, &self.key, fields);
        }
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        let fields = FieldVisitor::of_span(&self.logger, |visitor| values.record(visitor));
        if let Some(span) = context.span(id) {
            span_fields::add(&span, &self.key, &fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        let level = level_of(*metadata.level());
        let mut line = self.logger.event(EventType::Custom).level(level);
        if self.logger.is_enabled(level) {
            if metadata.fields().field(EVENT_TYPE).is_some() {
                line.opens_type();
            }
            line.put_field(Key::from(TARGET), Value::Text(metadata.target()));
            event.record(&mut FieldVisitor::of_event(&self.logger, &mut line));
            if let Some(span) = context.event_span(event) {
                line.put_outer(span_fields::of(&span, &self.key));
            }
        }
        line.log();
    }
}

fn level_of(level: tracing_core::Level) -> Level {
    match level {
        tracing_core::Level::ERROR => Level::Error,
        tracing_core::Level::WARN => Level::Warning,
        tracing_core::Level::INFO => Level::Info,
        tracing_core::Level::DEBUG | tracing_core::Level::TRACE => Level::Debug,
    }
}

impl<P: Platform> fmt::Debug for TracingLayer<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracingLayer").field("logger", &self.logger).finish_non_exhaustive()
    }
}
