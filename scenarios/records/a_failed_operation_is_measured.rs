//! Operations that take their time, and end well, with an error or by a panic, are measured while the wall clock jumps.
//!
//! A duration that is taken from the wall clock is negative, or an hour too long, at the one moment at which somebody looks for what was
//! slow; and a failure that is logged as INFO is one that no alarm sees.

use super::author::Author;
use super::operation::{AuthorOperation, Ending};
use super::promise::{durations_are_exact, types_are_known};
use crate::time::{hours, secs};
use retrip_core::logger::{EventType, Level, ToolStatus, plants};
use retrip_sim::part::{clock, waits};
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "operations that end in every way are measured while the wall clock jumps";
    Scenario::new("a_failed_operation_is_measured", about, |s| {
        let author = s.part(Author::named("app"));
        let mut script = s.generator("script");
        for worker in 1..=s.draw("workers", 1..=3) {
            let mut actor = s.actor(format!("worker-{worker}"));
            for number in 1..=4 {
                let operation = match script.index(6) {
                    0 => AuthorOperation::Helps(*script.pick(Level::ALL)),
                    1 => AuthorOperation::Uses(ToolStatus::Failed),
                    2 => AuthorOperation::Says(Level::Info, EventType::CircuitBreakerRejected),
                    _ => {
                        let ending = *script.pick(&[Ending::Ok, Ending::Failed, Ending::Panicked]);
                        let takes = Duration::from_nanos(script.within(0..=2_000_000_000));
                        AuthorOperation::Measures(ending, takes, format!("r-{worker}.{number}"))
                    }
                };
                actor = actor.does(author.does(&operation));
            }
            actor.ends();
        }
        let mut ntp = s.actor("ntp");
        for _ in 0..script.within(1..=3) {
            let after = script.duration_within(secs(0)..=secs(2));
            let jump = if script.chance(1, 2) {
                clock().jumps_back(hours(1))
            } else {
                clock().jumps_forward(hours(1))
            };
            ntp = ntp.does(waits(after)).does(jump);
        }
        ntp.ends();

        s.check(durations_are_exact("app"));
        s.check(types_are_known("app"));
    })
    .in_full()
    .proves(&[Row::end_to_end(20)], "durations_are_exact", plants::DURATION_BY_THE_WALL_CLOCK)
    .proves(&[Row::end_to_end(20)], "durations_are_exact", plants::FAILURE_IS_LOGGED_AS_INFO)
    .proves(&[Row::properties(7)], "types_are_known", plants::PERFORMANCE_IS_LOGGED_AS_CUSTOM)
    .proves(&[Row::properties(7)], "types_are_known", plants::LATER_TYPE_IS_WRITTEN_AS_CUSTOM)
}
