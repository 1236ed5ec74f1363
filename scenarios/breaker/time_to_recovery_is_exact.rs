//! How long a recovery takes is no estimate: the intervals and the trials add up to it, to the nanosecond.

use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "a recovery with failed trials in between takes exactly as long as they add up to";
    Scenario::new("time_to_recovery_is_exact", about, |s| {
        let failed_trials = s.draw("failed_trials", 0..=3);
        let success_threshold = s.draw("success_threshold", 1..=4);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let takes = s.draw_duration("takes", Duration::ZERO..=secs(5));
        let config = BreakerConfig {
            failure_threshold: Some(1),
            open_for,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        s.at(secs(10), llm.call_and_fail());
        s.at(secs(10), llm.takes(takes));

        let mut on_time = secs(10) + open_for;
        for _ in 0..failed_trials {
            s.at(on_time, llm.call_and_fail());
            on_time += takes + open_for;
        }
        for _ in 0..success_threshold {
            s.at(on_time, llm.call());
        }
        // Nothing is left to do by now; a breaker that is late recovers here.
        let too_late = on_time + takes * success_threshold + open_for + secs(1);
        for _ in 0..success_threshold {
            s.at(too_late, llm.call());
        }

        let wanted = (open_for + takes) * failed_trials + open_for + takes * success_threshold;
        s.check(promise::recovery_takes("llm", wanted));
    })
    // With three failed trials, with none, and with one.
    .pinned(&[2, 3, 8])
    .proves(&[Row::recovery(19)], "recovery_takes", plants::LATE_BY_ONE_NANOSECOND)
}
