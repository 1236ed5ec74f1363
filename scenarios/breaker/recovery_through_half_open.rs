//! A breaker recovers: it opens, half-opens at exactly the end of its interval, and closes at exactly its last trial.

use crate::config::closes_after;
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "a service fails, recovers, and its breaker closes through half-open";
    Scenario::new("recovery_through_half_open", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=5);
        let success_threshold = s.draw("success_threshold", 1..=5);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let takes = s.draw_duration("takes", Duration::ZERO..=secs(5));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        let opened = secs(10);
        s.at(secs(0), llm.fails());
        for _ in 0..failure_threshold {
            s.at(opened, llm.call());
        }
        s.at(opened, llm.recovers());
        s.at(opened, llm.takes(takes));

        s.at(opened + open_for - NANOSECOND, llm.call()); // one nanosecond too early
        for _ in 0..success_threshold {
            s.at(opened + open_for, llm.call()); // the first one exactly on time
        }
        s.at(opened + open_for, llm.call()); // closed by now

        s.check(promise::open_rejects("llm", open_for));
        s.check(promise::open_ends("llm", open_for));
        s.check(promise::closes_at_kth_success("llm", success_threshold));
    })
    .proves(&ROWS, "open_rejects", plants::EARLY_BY_ONE_NANOSECOND)
    .proves(&ROWS, "open_ends", plants::LATE_BY_ONE_NANOSECOND)
    .proves(&ROWS, "closes_at_kth_success", plants::SUCCESS_THRESHOLD_OFF_BY_ONE)
    .proves(
        &[Row::properties(8)],
        "closes_at_kth_success",
        plants::SUCCESS_THRESHOLD_OFF_BY_ONE,
    )
}

const ROWS: [Row; 2] = [Row::end_to_end(5), Row::recovery(2)];
