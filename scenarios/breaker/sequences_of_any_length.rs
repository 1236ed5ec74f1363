//! Nothing is done to a breaker, or one thing, or twenty: what it is and has counted is right before, between and after.

use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "nothing is done to a breaker, or one thing, or many, one after the other";
    Scenario::new("sequences_of_any_length", about, |s| {
        let length = s.draw("length", 0..=20);
        let failure_threshold = s.draw("failure_threshold", 1..=2);
        let success_threshold = s.draw("success_threshold", 1..=2);
        let open_for = secs(2);
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        let mut script = s.generator("script");
        let mut now = secs(0);
        s.at(now, llm.read());
        for _ in 0..length {
            now += secs(script.within(0..=2));
            let operation = match script.index(10) {
                0..=3 => llm.call(),
                4..=6 => llm.call_and_fail(),
                7 => llm.call_and_cancel(),
                8 => llm.refresh(),
                _ => llm.reset(),
            };
            s.at(now, operation);
            s.at(now, llm.read());
        }

        s.check(promise::counts_match("llm", open_for));
    })
    // Nothing at all, a call that fails, and a recovery.
    .pinned(&[0x10, 0x14, 0x1])
    .proves(&[Row::properties(10)], "counts_match", plants::STARTS_HALF_OPEN)
    .proves(&[Row::properties(10)], "counts_match", plants::IGNORED_ENDS_THE_ROW)
    .proves(&[Row::properties(10)], "counts_match", plants::TOTALS_LOST_BY_CLOSING)
}
