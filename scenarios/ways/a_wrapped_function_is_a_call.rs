//! The same calls go through a breaker and through the wrapper of another one: their journals are the same, to the nanosecond.

use super::desk::Desk;
use super::operation::Ending;
use super::promise;
use crate::config::closes_after;
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::part::waits;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "the same calls go through a breaker and through the wrapper of another one";
    Scenario::new("a_wrapped_function_is_a_call", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=3);
        let success_threshold = s.draw("success_threshold", 1..=3);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(10));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            trial_lease: None,
            ..closes_after(success_threshold)
        };
        let desk = s.part(Desk { config });

        let mut script = s.generator("script");
        for _ in 0..script.within(5..=20) {
            if script.chance(1, 3) {
                s.at(secs(0), waits(*script.pick(&[open_for - NANOSECOND, open_for])));
            }
            let ending = if script.chance(1, 2) { Ending::Failed } else { Ending::Ok };
            let takes = script.duration_within(Duration::ZERO..=secs(2));
            s.at(secs(0), desk.calls_both(ending, takes));
        }

        s.check(promise::wrapper_is_call());
    })
    // Both open and close again; once a call comes a nanosecond too early.
    .pinned(&[0x2d, 0x22, 0xc])
    .proves(&[Row::end_to_end(9)], "wrapper_is_call", plants::WRAPPED_CALL_COUNTS_TWICE)
    .proves(&[Row::end_to_end(10)], "wrapper_is_call", plants::WRAPPED_FAILURE_IS_A_SUCCESS)
}
