//! A trial fails, after others have succeeded: the breaker opens again, for a whole interval from that moment.
//!
//! Two mistakes hide here. The interval of the first opening is long over, and one that is not restarted rejects nobody.
//! And the trials that succeeded before say nothing about the service after: they must not count in the next period.

use crate::config::closes_after;
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "a trial fails after others have succeeded";
    Scenario::new("failed_trial_reopens", about, |s| {
        let success_threshold = s.draw("success_threshold", 2..=5);
        let succeed_first = s.draw("succeed_first", 1..=success_threshold - 1);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let takes = s.draw_duration("takes", Duration::ZERO..=secs(5));
        let config = BreakerConfig {
            failure_threshold: Some(1),
            open_for,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        let opened = secs(10);
        s.at(opened, llm.call_and_fail());

        s.at(opened + open_for, llm.takes(takes));
        for _ in 0..succeed_first {
            s.at(opened + open_for, llm.call());
        }
        s.at(opened + open_for, llm.call_and_fail());

        let reopened = opened + open_for + takes * (succeed_first + 1);
        s.at(reopened + open_for - NANOSECOND, llm.call()); // one nanosecond too early
        for _ in 0..success_threshold {
            s.at(reopened + open_for, llm.call());
        }

        s.check(promise::failed_trial_restarts_interval("llm", open_for));
        s.check(promise::closes_at_kth_success("llm", success_threshold));
    })
    // After one, two and four trials that succeeded.
    .pinned(&[0, 3, 4])
    .proves(&[Row::recovery(3)], "failed_trial_restarts_interval", plants::INTERVAL_NOT_RESTARTED)
    .finds(plants::SUCCESS_STREAK_SURVIVES_OPENING, "closes_at_kth_success")
}
