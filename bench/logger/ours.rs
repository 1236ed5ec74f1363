//! The logger of this project.

use crate::happening::{CONTEXT, Happening, MESSAGE};
use crate::target::{Place, Target, next_path};
use crate::work::Work;
use retrip_core::door::{Platform, System};
use retrip_core::logger::{EventType, FileSink, Level, LogContext, LogField, Logger};

/// A logger as a service would make it.
pub(crate) fn logger(place: Place) -> Logger {
    let named = Logger::named("llm");
    match place {
        Place::File => {
            let sink = FileSink::append(&System, &next_path());
            named.to(sink.expect("a file can be made there"))
        }
        _ => named.to(Target::of(place)),
    }
}

/// The context of all events.
pub(crate) fn context() -> LogContext {
    CONTEXT.iter().fold(LogContext::new(), |context, (key, text)| context.with(*key, *text))
}

/// Logs what happened.
#[inline]
pub(crate) fn happened<P: Platform>(logger: &Logger<P>, level: Level, happening: &Happening) {
    logger
        .event(EventType::McpToolCompleted)
        .level(level)
        .message(MESSAGE)
        .field(LogField::ToolName, happening.tool_name)
        .field("query", happening.query)
        .field("attempt", happening.attempt)
        .field("score", happening.score)
        .field("cached", happening.cached)
        .field(LogField::DurationMs, happening.took)
        .log();
}

pub(crate) fn work(place: Place, level: Level) -> Work {
    let (logger, context) = (logger(place), context());
    Box::new(move |events| {
        let _scope = logger.enter(&context);
        for _ in 0..events {
            happened(&logger, level, &Happening::again());
        }
    })
}
