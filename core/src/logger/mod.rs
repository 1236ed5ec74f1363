//! The structured logger: one JSON object per line, with a context that follows each unit of execution.
//!
//! ```
//! use retrip_core::logger::{EventType, Logger, MemorySink};
//!
//! let sink = MemorySink::new();
//! let logger = Logger::named("llm").to(sink.clone());
//! logger.event(EventType::McpToolInvoked).message("asking").field("tool_name", "search").log();
//! assert!(sink.lines()[0].ends_with(r#""message":"asking","tool_name":"search"}"#));
//! ```
//!
//! # The line (schema 1.0.0)
//! Keys come in this order: `timestamp`, `schema_version`, `level`, `logger`, `seq`, `event_type`, `message`, then the
//! context in the order of pushing, then the event's fields in the order of the calls, then `truncated` where something
//! was cut. `seq` is a JSON number, right-aligned with spaces to 16 places, so that it can be patched into a line that
//! is already encoded.
//!
//! An event's field stands before the same key of an inner scope, and that before an outer scope's; what is overridden
//! is left out. A key that the line uses itself becomes `attr.<key>`.
//!
//! # The promise
//! Nothing is lost silently. An event is filtered, or accepted; an accepted one takes a sequence number, and is written
//! or counted as dropped and announced by a `log.dropped` line before the next one. That line has the last number of what it
//! tells of, so that numbers count accepted events and nothing else. See [`Stats`].
//!
//! # Queue
//! [`LoggerBuilder::to`] writes at once. With [`LoggerBuilder::to_queue`] lines wait in a bounded [`Queue`] for a thread of their own: a
//! sink that is slow or fails then costs those who log nothing, until the queue is full.
//!
//! # Bridges
//! What other crates log through `tracing` and `log` can come here too, with the same lines, numbers and accounting: with the feature
//! `tracing` by `TracingLayer`, with the feature `log` by `LogBackend`.

mod books;
#[cfg(any(feature = "log", feature = "tracing"))]
mod bridge;
mod builder;
mod context;
mod desk;
mod desks;
mod direct;
mod encode;
mod entries;
mod escape;
mod event;
mod event_type;
mod fallback;
mod field;
mod first_made;
mod foreign;
mod gathered;
mod health;
mod kind;
mod level;
mod line;
mod line_writer;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its noun, which is the folder's too"
)]
mod logger;
mod loss;
mod outlet;
mod performance;
mod planted;
pub mod plants;
mod process_default;
mod queue;
mod rate;
mod reader;
mod secret;
mod sink;
mod stats;
mod stripes;
mod tally;
mod unit;
mod value;
mod with_context;
mod words;

#[cfg(feature = "log")]
pub use bridge::LogBackend;
#[cfg(feature = "tracing")]
pub use bridge::TracingLayer;
pub use builder::LoggerBuilder;
pub use context::{ContextScope, LogContext};
pub use event::Event;
pub use event_type::EventType;
pub use field::{Key, LogField};
pub use level::Level;
pub use line::{LINE_CAP, SCHEMA_VERSION, SEQ_WIDTH};
pub use logger::{Logger, ToolStatus};
pub use outlet::FlushError;
pub use performance::LogPerformance;
pub use process_default::DefaultIsSet;
pub use queue::{Queue, WhenFull};
pub use rate::RateLimit;
pub use reader::{
    Announcement, Filter, Gap, Json, JsonError, JsonLog, JsonLogReader, LogItem, LogScanner,
    READ_CAP, Record, SkipReason, Skipped, Told, TornTail, read_json_log, read_json_log_on,
};
pub use secret::{REDACTED, Secret};
pub use sink::{
    FileSink, MemorySink, NextLine, Rotation, Sink, SinkTroubles, StreamSink, SyncPolicy,
};
pub use stats::{DropCause, DropReason, SinkStats, Stats};
pub use value::{ToValue, Value};
pub use with_context::WithContext;
pub use words::UnknownWord;

pub use encode::{STACK_CAP, VALUE_CAP};
pub use entries::{FIELD_CAP, KEY_CAP};
