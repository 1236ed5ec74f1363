//! A service is down for good, and up to ten callers never stop calling it.
//!
//! Without a breaker it gets all of their calls, and so does whoever depends on it. With one it gets, in any interval, those
//! that opened the breaker and those that were under way then; later one trial for each interval.

use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::waits;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "callers never stop calling a service that is down";
    Scenario::new("many_callers_meet_an_outage", about, |s| {
        let callers = s.draw("callers", 4..=10);
        let failure_threshold = s.draw("failure_threshold", 1..=5);
        let permits = s.draw("permits", 1..=2);
        let open_for = s.draw_duration("open_for", secs(4)..=secs(60));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            half_open_permits: permits,
            success_threshold: permits,
            open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        let llm = s.guarded("llm", config);

        let mut script = s.generator("script");
        for caller in 1..=callers {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..16 {
                let pause = script.duration_within(Duration::ZERO..=open_for / 3);
                actor = actor.does(waits(pause)).does(llm.call_and_fail());
            }
            actor.ends();
        }
        s.finally(llm.read());

        s.check(promise::load_is_bounded("llm", open_for, failure_threshold + callers + permits));
        s.check(promise::counts_add_up("llm"));
    })
    .proves(&[Row::recovery(12)], "load_is_bounded", plants::REJECTED_CALL_RUNS)
    .proves(&[Row::recovery(12)], "load_is_bounded", plants::INTERVAL_NOT_RESTARTED)
    .proves(&[Row::recovery(12)], "counts_add_up", plants::REJECTIONS_UNCOUNTED)
}
