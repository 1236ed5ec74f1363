//! Operations that take their time, and end well, with an error or by a panic, are measured while the wall clock jumps.
//!
//! A duration that is taken from the wall clock is negative, or an hour too long, at the one moment at which somebody looks for what was
//! slow; and a failure that is logged as INFO is one that no alarm sees.

use super::author::Author;
use super::operation::{AuthorOperation, Ending};
use super::promise::{durations_are_exact, types_are_known};
use crate::time::secs;
use retrip_core::logger::{EventType, Level, ToolStatus, plants};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::{Row, Scenario};
use retrip_sim::span::Offset;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "operations that end in every way are measured while the wall clock jumps";
    Scenario::new("a_failed_operation_is_measured", about, |s| {
        let author = s.part(Author::named("app"));
        let mut script = s.generator("script");
        for number in 1..=8 {
            let operation = match script.index(6) {
                0 => AuthorOperation::Helps(*script.pick(Level::ALL)),
                1 => AuthorOperation::Uses(ToolStatus::Failed),
                2 => AuthorOperation::Says(Level::Info, EventType::CircuitBreakerRejected),
                _ => {
                    let ending = *script.pick(&[Ending::Ok, Ending::Failed, Ending::Panicked]);
                    let takes = Duration::from_nanos(script.within(0..=2_000_000_000));
                    AuthorOperation::Measures(ending, takes, format!("r-{number}"))
                }
            };
            s.at(secs(number), author.does(&operation));
        }
        for _ in 0..script.within(1..=3) {
            let at = script.duration_within(secs(0)..=secs(10));
            let hour = *script.pick(&[-3_600_000_000_000, 3_600_000_000_000]);
            s.fault(at, None, FaultKind::WallJumps(Offset::from_nanos(hour)));
        }

        s.check(durations_are_exact("app"));
        s.check(types_are_known("app"));
    })
    .proves(&[Row::end_to_end(20)], "durations_are_exact", plants::DURATION_BY_THE_WALL_CLOCK)
    .proves(&[Row::end_to_end(20)], "durations_are_exact", plants::FAILURE_IS_LOGGED_AS_INFO)
    .proves(&[Row::properties(7)], "types_are_known", plants::PERFORMANCE_IS_LOGGED_AS_CUSTOM)
    .proves(&[Row::properties(7)], "types_are_known", plants::LATER_TYPE_IS_WRITTEN_AS_CUSTOM)
}
