//! A caller is admitted and then stands still for 30 s, before its call begins.
//!
//! Meanwhile the breaker opens, half-opens and closes again. The call that is made at last belongs to a time long past,
//! and its failure must not be held against the service of today.

use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a caller stalls for 30 s between its admission and its call";
    Scenario::new("caller_stalls_between_admission_and_call", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=4);
        let success_threshold = s.draw("success_threshold", 1..=3);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(20));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        s.actor("stalled").does_at(secs(0), llm.call_after_stalling(secs(30))).ends();

        let mut others = s.actor("others").does_at(secs(1), llm.fails());
        for _ in 0..failure_threshold {
            others = others.does(llm.call());
        }
        others = others.does(llm.recovers());
        for _ in 0..success_threshold {
            others = others.does_at(secs(1) + open_for, llm.call());
        }
        others.does_at(secs(25), llm.fails()).does_at(secs(40), llm.recovers()).ends();

        s.check(promise::fenced_results("llm"));
        s.check(promise::open_rejects("llm", open_for));
    })
    // Late when the breaker has closed again, while it is half-open, and while it is open.
    .pinned(&[1, 9, 0])
    .in_full()
    .finds(plants::UNFENCED_LATE_RESULT, "fenced_results")
}
