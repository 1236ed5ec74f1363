//! After any history of successes and failures the service is healthy again: the breaker closes within its interval and
//! as many calls as its success threshold.

use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "whatever happened before, a healthy service gets its calls back";
    Scenario::new("healthy_service_closes_the_breaker", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=4);
        let success_threshold = s.draw("success_threshold", 1..=5);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        let mut history = s.generator("history");
        let mut now = secs(0);
        for _ in 0..history.within(5..=20) {
            now += history.duration_within(Duration::ZERO..=open_for);
            s.at(now, if history.chance(2, 3) { llm.fails() } else { llm.recovers() });
            s.at(now, llm.call());
        }

        s.at(now, llm.recovers());
        for _ in 0..=success_threshold {
            s.at(now + open_for, llm.call());
        }

        s.check(promise::recovers("llm", open_for, success_threshold));
    })
    // With three openings, and with one; there are histories with none.
    .pinned(&[0x0, 0x2, 0x18])
    .proves(&[Row::properties(8)], "recovers", plants::SUCCESS_THRESHOLD_OFF_BY_ONE)
}
