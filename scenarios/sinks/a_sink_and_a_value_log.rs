//! The sink logs through the logger that it serves, and values that print themselves log, panic and take their time.
//!
//! A metrics sink that logs that it is slow, and a `Display` that takes a lock and logs, are how loggers deadlock and recurse. Here what
//! comes from within is refused, counted and announced, and everything else goes on.

use super::mirror::{KINDS, Mirror, MirrorOperation};
use super::promise::{inner_events_are_counted, outer_events_are_written};
use retrip_core::logger::plants;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a sink logs, and values log, panic and block when they print themselves";
    Scenario::new("a_sink_and_a_value_log", about, |s| {
        let mirror = s.part(Mirror);
        let mut script = s.generator("script");
        for thread in 1..=s.draw("threads", 1..=3) {
            let mut actor = s.actor(format!("thread-{thread}"));
            for _ in 0..4 {
                let (kind, _) = *script.pick(&KINDS);
                actor = actor.does(mirror.does(MirrorOperation::Logs(kind)));
            }
            actor.ends();
        }
        s.finally(mirror.does(MirrorOperation::Counts));

        s.check(outer_events_are_written());
        s.check(inner_events_are_counted());
    })
    .in_full()
    .finds(plants::PANIC_LEAVES_THE_UNIT_BUSY, "outer_events_are_written")
    .finds(plants::REENTRANT_IS_NOT_COUNTED, "inner_events_are_counted")
}
