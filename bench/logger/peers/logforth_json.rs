//! logforth 0.30 with its JSON layout, called through `log` 0.4.

use crate::happening::{CONTEXT, Happening};
use crate::target::{Place, Target};
use crate::work::Work;
use logforth::bridge::log::LogBridge;
use logforth::diagnostic::ThreadLocalDiagnostic;
use logforth::layout::JsonLayout;
use logforth::record::{Level as Severity, LevelFilter, Record};
use logforth::{Append, Diagnostic, Error, Layout};
use parking_lot::Mutex;
use retrip_core::logger::Level;

/// What is between its layout and a target; those that come with it write to the standard streams, or in a thread of their own.
#[derive(Debug)]
struct ToTarget {
    layout: JsonLayout,
    target: Mutex<Target>,
}

impl Append for ToTarget {
    fn append(&self, record: &Record, diags: &[Box<dyn Diagnostic>]) -> Result<(), Error> {
        let mut line = self.layout.format(record, diags)?;
        line.push(b'\n');
        self.target.lock().line(&line).expect("the target takes what it is given");
        Ok(())
    }

    fn flush(&self) -> Result<(), Error> {
        Ok(())
    }
}

pub(crate) fn work(place: Place, level: Level) -> Work {
    let append = ToTarget { layout: JsonLayout::default(), target: Mutex::new(Target::of(place)) };
    let builder = logforth::core::builder().dispatch(|dispatch| {
        dispatch
            .filter(LevelFilter::MoreSevereEqual(Severity::Info))
            .diagnostic(ThreadLocalDiagnostic::default())
            .append(append)
    });
    let logger = LogBridge::new(builder.build());
    log::set_max_level(log::LevelFilter::Info);
    Box::new(move |events| {
        for (key, text) in CONTEXT {
            ThreadLocalDiagnostic::insert(key, text);
        }
        for _ in 0..events {
            let happening = Happening::again();
            macro_rules! event {
                ($log:ident) => {
                    log::$log!(
                        logger: logger,
                        event_type = "mcp.tool.completed",
                        tool_name = happening.tool_name,
                        query = happening.query,
                        attempt = happening.attempt,
                        score = happening.score,
                        cached = happening.cached,
                        duration_ms = happening.millis();
                        "tool completed"
                    )
                };
            }
            if level < Level::Info { event!(debug) } else { event!(info) }
        }
        for (key, _) in CONTEXT {
            ThreadLocalDiagnostic::remove(key);
        }
    })
}
