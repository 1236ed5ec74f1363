//! tracing-subscriber 0.3 with its JSON format, in a span that has the context as its fields.

use crate::happening::{CONTEXT, Happening};
use crate::target::{Place, Target};
use crate::work::Work;
use retrip_core::logger::Level;
use std::sync::Mutex;
use tracing::Dispatch;

pub(crate) fn work(place: Place, level: Level) -> Work {
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::INFO)
        .with_writer(Mutex::new(Target::of(place)))
        .finish();
    let dispatch = Dispatch::new(subscriber);
    Box::new(move |events| {
        tracing::dispatcher::with_default(&dispatch, || {
            let [(_, request_id), (_, session_id)] = CONTEXT;
            let _span = tracing::info_span!("request", request_id, session_id).entered();
            for _ in 0..events {
                let happening = Happening::again();
                macro_rules! event {
                    ($log:ident) => {
                        tracing::$log!(
                            event_type = "mcp.tool.completed",
                            tool_name = happening.tool_name,
                            query = happening.query,
                            attempt = happening.attempt,
                            score = happening.score,
                            cached = happening.cached,
                            duration_ms = happening.millis(),
                            "tool completed"
                        )
                    };
                }
                if level < Level::Info { event!(debug) } else { event!(info) }
            }
        });
    })
}
