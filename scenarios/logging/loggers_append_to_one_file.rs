//! Several loggers, as of several processes, append to one file at the same time.
//!
//! They share no lock. What keeps their lines apart is that each is given to the operating system whole, in one call, and that the file
//! is open for appending.

use retrip_core::logger::{Level, plants};
use retrip_sim::check::logger::{accounting_is_exact, written_is_in_the_file};
use retrip_sim::part::LogFile;
use retrip_sim::scenario::{Row, Scenario};

const LOGGERS: [&str; 3] = ["one", "two", "three"];

pub(crate) fn scenario() -> Scenario {
    let about = "several loggers append to one file at the same time";
    Scenario::new("loggers_append_to_one_file", about, |s| {
        let count = s.generator("loggers").within(2..=3);
        let lines = s.draw("lines", 2..=6);
        let threads = s.draw("threads", 1..=2);
        let mut logs = Vec::new();
        for name in LOGGERS.into_iter().zip(0..count).map(|(name, _)| name) {
            let log = s.part(LogFile::named(name).appends_to("shared"));
            for thread in 1..=threads {
                let mut actor = s.actor(format!("{name}-{thread}"));
                for line in 1..=lines {
                    let text = format!("line {line} of {name}-{thread}");
                    actor = actor.does(log.logs(Level::Info, &text));
                }
                actor.ends();
            }
            logs.push(log);
        }
        for (log, name) in logs.iter().zip(LOGGERS) {
            s.finally(log.flushes());
            s.finally(log.is_read());
            s.check(accounting_is_exact(name));
            s.check(written_is_in_the_file(name));
        }
    })
    .proves(&[Row::recovery(9)], "written_is_in_the_file", plants::LINE_IS_WRITTEN_IN_PIECES)
}
