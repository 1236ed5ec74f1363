//! Calls succeed, fail and are cancelled in any order: the breaker opens at exactly the failures that make a full row.

use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "calls succeed and fail in any order";
    Scenario::new("intermittent_failures", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=6);
        let of_ten_fail = s.draw("of_ten_fail", 3..=9);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(5));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            ..BreakerConfig::default()
        };
        let llm = s.guarded("llm", config);

        let mut calls = s.generator("calls");
        let mut now = secs(0);
        for _ in 0..calls.within(10..=60) {
            now += calls.duration_within(Duration::ZERO..=secs(2));
            let operation = match calls.index(20) {
                0 => llm.call_and_cancel(),
                1 => llm.reset(),
                _ if calls.chance(of_ten_fail, 10) => llm.call_and_fail(),
                _ => llm.call(),
            };
            s.at(now, operation);
        }

        s.check(promise::trips_exactly("llm", failure_threshold));
    })
    .proves(&ROWS, "trips_exactly", plants::THRESHOLD_OFF_BY_ONE)
    .proves(&ROWS, "trips_exactly", plants::FAILURES_NEED_NO_ROW)
}

const ROWS: [Row; 2] = [Row::end_to_end(3), Row::recovery(4)];
