//! slog-json 2.6 on slog 2.8: default keys, the whole drain behind one lock, as its documentation shows it.

use crate::happening::{CONTEXT, Happening, MESSAGE};
use crate::target::{Gathered, Place, Target};
use crate::work::Work;
use retrip_core::logger::Level;
use slog::{Drain, LevelFilter, Logger, o};
use std::sync::Mutex;

fn logger(place: Place) -> Logger {
    let json = slog_json::Json::new(Gathered::new(Target::of(place)));
    let json = json.add_default_keys().set_flush(true).build();
    let drain = LevelFilter::new(Mutex::new(json).map(slog::Fuse), slog::Level::Info);
    Logger::root(drain.fuse(), o!("logger" => "llm"))
}

pub(crate) fn work(place: Place, level: Level) -> Work {
    let logger = logger(place);
    Box::new(move |events| {
        let [(request, request_id), (session, session_id)] = CONTEXT;
        assert_eq!((request, session), ("request_id", "session_id"));
        let logger = logger.new(o!("request_id" => request_id, "session_id" => session_id));
        for _ in 0..events {
            let happening = Happening::again();
            macro_rules! event {
                ($log:ident) => {
                    slog::$log!(
                        logger, "{}", MESSAGE;
                        "event_type" => "mcp.tool.completed",
                        "tool_name" => happening.tool_name,
                        "query" => happening.query,
                        "attempt" => happening.attempt,
                        "score" => happening.score,
                        "cached" => happening.cached,
                        "duration_ms" => happening.millis(),
                    )
                };
            }
            if level < Level::Info { event!(debug) } else { event!(info) }
        }
    })
}
