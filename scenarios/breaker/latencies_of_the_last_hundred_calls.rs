//! Calls of different lengths succeed and fail while the wall clock jumps: what is kept of the last hundred of them is how long
//! each took, to the nanosecond.
//!
//! A latency that is a difference of two times of day is wrong by a whole jump, or negative.

use crate::time::{hours, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::{Row, Scenario};
use retrip_sim::span::Offset;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "calls of different lengths succeed and fail while the wall clock jumps";
    Scenario::new("latencies_of_the_last_hundred_calls", about, |s| {
        let calls = s.draw("calls", 0..=130);
        // No row is long enough to open it: every call is made.
        let config =
            BreakerConfig { failure_threshold: Some(calls + 1), ..BreakerConfig::default() };
        let llm = s.guarded("llm", config);

        let mut script = s.generator("script");
        let mut now = secs(0);
        for call in 1..=calls {
            let takes = script.duration_within(Duration::ZERO..=secs(5));
            s.at(now, llm.takes(takes));
            if script.chance(1, 20) {
                // Within the call.
                let at = now + script.duration_within(Duration::ZERO..=takes);
                let far = i64::try_from(script.duration_within(secs(1)..=hours(2)).as_nanos());
                let far = far.expect("two hours are few nanoseconds");
                let far = if script.chance(1, 2) { far } else { -far };
                s.fault(at, None, FaultKind::WallJumps(Offset::from_nanos(far)));
            }
            s.at(now, if script.chance(1, 3) { llm.call_and_fail() } else { llm.call() });
            now += takes;
            if call % 10 == 0 {
                s.at(now, llm.read());
            }
        }
        s.at(now, llm.read());

        s.check(promise::latency_is_exact("llm"));
    })
    // One call within which the wall clock jumps, and some more, of which some fail.
    .pinned(&[0x2, 0x25, 0x4])
    .proves(&[Row::end_to_end(7)], "latency_is_exact", plants::LATENCY_IN_MICROSECONDS)
    .proves(&[Row::end_to_end(7)], "latency_is_exact", plants::FAILURE_HAS_NO_LATENCY)
    .proves(&[Row::properties(3)], "latency_is_exact", plants::LATENCY_BY_THE_WALL_CLOCK)
}
