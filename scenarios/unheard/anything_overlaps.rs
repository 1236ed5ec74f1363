//! Several callers do anything that can be done to a breaker, at the same time, and no listener makes it take its lock for each
//! call.
//!
//! A breaker that lets calls pass without a lock has to notice a change that somebody else makes between its look and its
//! deed. What it answers has to be what it would have answered to one caller after the other.

use super::breaker::Unheard;
use super::callers::Calls;
use super::{callers, ending, promise};
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "callers do anything at once to a breaker that nobody listens to";
    Scenario::new("anything_overlaps", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=3);
        let success_threshold = s.draw("success_threshold", 1..=2);
        let spare_permits = s.draw("spare_permits", 0..=1);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(20));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            success_threshold,
            half_open_permits: success_threshold + spare_permits,
            open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        s.part(Unheard::of(&config));

        callers::do_anything(s, open_for, 8, Calls::TakeNoTime);
        ending::ends(s, callers::LABELS, &config);
        s.sometimes(promise::somebody_ends_late());
        s.sometimes(promise::somebody_tries());
        s.sometimes(promise::somebody_is_rejected_for_a_time());
        s.sometimes(promise::somebody_lifts());
    })
    // What is isolated by several at once, and lifted; callers who share calls; stragglers that nobody ends until the end.
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .proves(&OVERLAPPING, "one_by_one", plants::GATE_STAYS_OPEN)
    .proves(&OVERLAPPING, "one_by_one", plants::GATE_FAILURE_STORED)
    .proves(&OVERLAPPING, "every_call_is_counted", plants::DROPPED_PERMIT_UNCOUNTED)
    .finds(plants::WINDOW_KNOWS_NO_GENERATION, "one_by_one")
    .finds(plants::GATE_ROW_FORGOTTEN, "one_by_one")
    .finds(plants::GATE_THRESHOLD_OFF_BY_ONE, "one_by_one")
}

/// Threads are safe, and under load they still are.
const OVERLAPPING: [Row; 2] = [Row::end_to_end(13), Row::properties(9)];
