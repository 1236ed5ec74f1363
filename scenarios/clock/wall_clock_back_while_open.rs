//! The wall clock jumps back while the breaker is open.
//!
//! A breaker that times its open interval on the wall clock would now stay open for as much longer: after a step back
//! of one hour, for an hour and half a minute. The interval belongs to the monotonic clock, which neither an operator
//! nor NTP can move.

use super::opened::Opened;
use crate::time::NANOSECOND;
use retrip_core::breaker::plants;
use retrip_sim::part::clock;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "the wall clock jumps back while the breaker is open";
    Scenario::new("wall_clock_back_while_open", about, |s| {
        let Opened { llm, at, until, moment, jump } = Opened::drawn(s);
        s.at(at, llm.recovers());

        s.at(moment, clock().jumps_back(jump));

        s.at(until - NANOSECOND, llm.call()); // one nanosecond too early
        s.at(until, llm.call()); // exactly on time
        s.at(until, llm.call());
    })
    .proves(&[Row::recovery(14)], "open_ends", plants::WALL_CLOCK_INTERVAL)
    .finds(plants::LATE_BY_ONE_NANOSECOND, "open_ends")
    .finds(plants::EARLY_BY_ONE_NANOSECOND, "open_rejects")
}
