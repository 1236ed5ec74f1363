//! The statistics are read after every call, through openings and recoveries: each of them is what has happened so far.

use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "the statistics are read after every call of many recoveries";
    Scenario::new("counts_survive_recovery", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=3);
        let success_threshold = s.draw("success_threshold", 1..=3);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(5));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        let mut calls = s.generator("calls");
        let mut now = secs(0);
        for _ in 0..calls.within(10..=40) {
            now += calls.duration_within(Duration::ZERO..=open_for);
            let operation = match calls.index(20) {
                0 => llm.call_and_cancel(),
                1 => llm.call_and_panic(),
                2 => llm.reset(),
                3 => llm.begin("early"),
                4 => llm.end("early", retrip_sim::part::guarded::End::Failed),
                5..=11 => llm.call_and_fail(),
                _ => llm.call(),
            };
            s.at(now, operation);
            s.at(now, llm.read());
        }

        s.check(promise::counts_match("llm", open_for));
    })
    // Each recovers by its trials, two of them with a late result.
    .pinned(&[0x2, 0xf, 0x17])
    .proves(&TOTALS, "counts_match", plants::TOTALS_LOST_BY_CLOSING)
    .proves(&REJECTIONS, "counts_match", plants::REJECTIONS_UNCOUNTED)
    .proves(&[Row::properties(2)], "counts_match", plants::FAILURES_NEED_NO_ROW)
    .proves(&[Row::properties(2)], "counts_match", plants::RESET_KEEPS_THE_ROWS)
}

/// Totals are what happened, also after a recovery.
const TOTALS: [Row; 2] = [Row::recovery(5), Row::end_to_end(6)];

/// Rejections are counted, and no other count says what they are.
const REJECTIONS: [Row; 3] = [Row::end_to_end(4), Row::end_to_end(6), Row::recovery(18)];
