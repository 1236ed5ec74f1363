//! Two loggers, each made with a sink of its own, are used by the same threads.
//!
//! A logger that is found by its name in a place of the whole process writes to the sink that somebody else has set up: what one part of a
//! program does to its log changes the log of another, and tests that share a process share their lines.

use super::author::Author;
use super::operation::AuthorOperation;
use super::promise::own_sink_only;
use retrip_core::logger::{Level, plants};
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "two loggers with a sink each are used by the same threads";
    Scenario::new("sinks_of_their_own", about, |s| {
        let authors = [s.part(Author::named("api")), s.part(Author::named("worker"))];
        let mut script = s.generator("script");
        for thread in 1..=s.draw("threads", 1..=3) {
            let mut actor = s.actor(format!("thread-{thread}"));
            for _ in 0..4 {
                let author = script.pick(&authors);
                actor = actor.does(author.does(&AuthorOperation::Helps(Level::Info)));
            }
            actor.ends();
        }

        s.check(own_sink_only("api"));
        s.check(own_sink_only("worker"));
    })
    .in_full()
    .proves(&[Row::end_to_end(14)], "own_sink_only", plants::LOGGERS_SHARE_THE_FIRST_SINK)
}
