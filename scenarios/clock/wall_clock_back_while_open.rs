//! The wall clock jumps back while the breaker is open.
//!
//! A breaker that times its open interval on the wall clock would now stay open for as much longer: after a step back
//! of one hour, for an hour and half a minute. The interval belongs to the monotonic clock, which neither an operator
//! nor NTP can move.

use crate::time::{NANOSECOND, hours, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::clock;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "the wall clock jumps back while the breaker is open";
    Scenario::new("wall_clock_back_while_open", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=5);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let jump = s.draw_duration("jump", NANOSECOND..=hours(2));
        let opened = secs(10);
        let moment = s.draw_duration("moment", opened..=opened + open_for - NANOSECOND);
        let config = BreakerConfig { failure_threshold, open_for, ..BreakerConfig::default() };
        let llm = s.guarded("llm", config);

        s.at(secs(0), llm.fails());
        for _ in 0..failure_threshold {
            s.at(opened, llm.call());
        }
        s.at(opened, llm.recovers());

        s.at(moment, clock().jumps_back(jump));

        s.at(opened + open_for - NANOSECOND, llm.call()); // one nanosecond too early
        s.at(opened + open_for, llm.call()); // exactly on time
        s.at(opened + open_for, llm.call());

        s.check(promise::open_rejects("llm", open_for));
        s.check(promise::open_ends("llm", open_for));
    })
    .proves(&[Row::recovery(14)], "open_ends", plants::WALL_CLOCK_INTERVAL)
    .finds(plants::LATE_BY_ONE_NANOSECOND, "open_ends")
    .finds(plants::EARLY_BY_ONE_NANOSECOND, "open_rejects")
}
