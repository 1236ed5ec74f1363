//! Failures come one at a time, with successes between them, more often than the threshold: the breaker stays closed.

use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "single failures with successes between them do not open a breaker";
    Scenario::new("single_failures_do_not_open", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 2..=5);
        let more = s.draw("more", 1..=8);
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            ..BreakerConfig::default()
        };
        let llm = s.guarded("llm", config);

        let mut pauses = s.generator("pauses");
        let mut now = secs(0);
        for _ in 0..failure_threshold + more {
            now += pauses.duration_within(secs(0)..=secs(10));
            s.at(now, llm.call_and_fail());
            for _ in 0..pauses.within(1..=3) {
                s.at(now, llm.call());
            }
        }

        s.check(promise::trips_exactly("llm", failure_threshold));
    })
    .proves(&[Row::recovery(1)], "trips_exactly", plants::FAILURES_NEED_NO_ROW)
}
