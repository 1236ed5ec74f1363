//! The wall clock jumps forward while the breaker is open.
//!
//! A breaker that times its open interval on the wall clock would now end its protection early, and the service that is
//! down would get its load back. The interval belongs to the monotonic clock.

use super::opened::Opened;
use crate::time::NANOSECOND;
use retrip_core::breaker::plants;
use retrip_sim::part::clock;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "the wall clock jumps forward while the breaker is open";
    Scenario::new("wall_clock_forward_while_open", about, |s| {
        let Opened { llm, until, moment, jump, .. } = Opened::drawn(s);

        s.at(moment, clock().jumps_forward(jump));
        s.at(moment, llm.call()); // in the middle of the interval, whatever the wall clock says

        s.at(until - NANOSECOND, llm.call()); // one nanosecond too early
        s.at(until, llm.call()); // exactly on time
    })
    .proves(&[Row::recovery(14)], "open_rejects", plants::WALL_CLOCK_INTERVAL)
    .finds(plants::LATE_BY_ONE_NANOSECOND, "open_ends")
    .finds(plants::EARLY_BY_ONE_NANOSECOND, "open_rejects")
}
