//! Calls come at uneven times, often within a nanosecond of the end of an open interval, and all of them fail.
//!
//! What counts is the time that has passed, not the number of calls or of waits: a call is admitted if, and only if, the
//! whole interval is over.

use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "calls come at uneven times around the end of each open interval, and fail";
    Scenario::new("variable_delays_around_the_boundary", about, |s| {
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let calls = s.draw("calls", 5..=30);
        let config =
            BreakerConfig { failure_threshold: Some(1), open_for, ..BreakerConfig::default() };
        let llm = s.guarded("llm", config);

        s.at(secs(0), llm.fails());
        let (mut opened, mut now) = (secs(1), secs(1));
        s.at(now, llm.call());

        let mut delays = s.generator("delays");
        for _ in 0..calls {
            let delay = match delays.index(4) {
                0 => open_for - NANOSECOND,
                1 => open_for,
                2 => open_for + NANOSECOND,
                _ => delays.duration_within(Duration::ZERO..=open_for * 2),
            };
            now = now.max(opened + delay);
            s.at(now, llm.call());
            if now >= opened + open_for {
                opened = now; // a trial, and it failed
            }
        }

        s.check(promise::open_rejects("llm", open_for));
        s.check(promise::open_ends("llm", open_for));
    })
    .proves(&[Row::recovery(15)], "open_ends", plants::LATE_BY_ONE_NANOSECOND)
    .proves(&[Row::recovery(15)], "open_rejects", plants::EARLY_BY_ONE_NANOSECOND)
}
