//! Events of every kind are logged at every level, by every method of the logger, while the wall clock jumps, also to before 1970.
//!
//! Whatever reads logs relies on their bytes: the order of the keys, the form of the moment, the words for levels and kinds. A line that
//! differs in one of them is lost for it, and nobody notices for months.

use super::author::{Author, types};
use super::operation::{AuthorOperation, Ending};
use super::promise::lines_are_golden;
use crate::time::{days, hours, secs};
use retrip_core::logger::{Level, ToolStatus, plants};
use retrip_sim::part::clock;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "events of every kind at every level, while the wall clock jumps";
    Scenario::new("every_type_at_every_level", about, |s| {
        let author = s.part(Author::named("app"));
        let mut script = s.generator("script");
        let all: Vec<_> = types().collect();
        for second in 0..12 {
            let operation = match script.index(8) {
                0 => AuthorOperation::Helps(*script.pick(Level::ALL)),
                1 => {
                    let statuses = [ToolStatus::Invoked, ToolStatus::Completed, ToolStatus::Failed];
                    AuthorOperation::Uses(*script.pick(&statuses))
                }
                2 => AuthorOperation::Took(Duration::from_nanos(script.within(0..=5_000_000))),
                3 => {
                    let ending = *script.pick(&[Ending::Ok, Ending::Failed, Ending::Panicked]);
                    let takes = Duration::from_micros(script.within(0..=5_000));
                    AuthorOperation::Measures(ending, takes, format!("r-{second}"))
                }
                _ => AuthorOperation::Says(*script.pick(Level::ALL), *script.pick(&all)),
            };
            if script.chance(1, 4) {
                // Sixty years back it is before 1970.
                let by = *script.pick(&[days(60 * 365), hours(1), Duration::from_nanos(1)]);
                s.at(secs(second), clock().jumps_back(by));
            }
            s.at(secs(second), author.does(&operation));
        }

        s.check(lines_are_golden("app"));
    })
    .proves(&[Row::end_to_end(15)], "lines_are_golden", plants::TIMESTAMP_BY_THE_MONOTONIC_CLOCK)
    .proves(&[Row::end_to_end(16)], "lines_are_golden", plants::LATER_TYPE_IS_WRITTEN_AS_CUSTOM)
    .proves(
        &[Row::end_to_end(16), Row::end_to_end(32)],
        "lines_are_golden",
        plants::LEVEL_OF_THE_TYPE_WINS,
    )
    .proves(&[Row::end_to_end(21)], "lines_are_golden", plants::PERFORMANCE_LEAVES_ITS_CONTEXT_OUT)
    .proves(&[Row::end_to_end(24)], "lines_are_golden", plants::FAILED_TOOL_IS_LOGGED_AS_INFO)
}
