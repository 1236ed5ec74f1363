//! A call comes at every tick of the open interval: each is rejected and reaches nobody, the one at its end passes.

use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a call comes at every tick of the open interval";
    Scenario::new("timeout_respected_at_every_tick", about, |s| {
        let ticks = s.draw("ticks", 2..=20);
        let tick = s.draw_duration("tick", NANOSECOND..=secs(3));
        let failure_threshold = s.draw("failure_threshold", 1..=5);
        let open_for = tick * ticks;
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            ..BreakerConfig::default()
        };
        let llm = s.guarded("llm", config);

        let opened = secs(1);
        s.at(secs(0), llm.fails());
        for _ in 0..failure_threshold {
            s.at(opened, llm.call());
        }
        s.at(opened, llm.recovers());

        for passed in 0..ticks {
            s.at(opened + tick * passed, llm.call());
        }
        s.at(opened + open_for - NANOSECOND, llm.call()); // one nanosecond too early
        s.at(opened + open_for, llm.call()); // exactly on time

        s.check(promise::open_rejects("llm", open_for));
        s.check(promise::open_ends("llm", open_for));
        s.check(promise::rejection_runs_nothing("llm"));
    })
    .proves(&[Row::recovery(13)], "open_ends", plants::LATE_BY_ONE_NANOSECOND)
    .proves(&ROWS, "open_rejects", plants::EARLY_BY_ONE_NANOSECOND)
    .proves(&REJECTED, "rejection_runs_nothing", plants::REJECTED_CALL_RUNS)
}

const ROWS: [Row; 2] = [Row::recovery(13), Row::end_to_end(4)];
const REJECTED: [Row; 2] = [Row::end_to_end(4), Row::recovery(10)];
