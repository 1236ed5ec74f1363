//! A thousand callers come to one breaker, each with a few calls of which some fail: how many failed and how many were rejected is
//! exact, whoever came first.

use super::callers::{BREAKER, Crowd};
use super::promise;
use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Interest, plants};
use retrip_sim::check::breaker::{
    bounded_trials, closes_at_kth_success, legal_edges, trips_exactly,
};
use retrip_sim::scenario::{Row, Scenario};

const SUCCESS_THRESHOLD: u32 = 2;

pub(crate) fn scenario() -> Scenario {
    let about = "a thousand callers share one breaker";
    Scenario::new("a_thousand_callers_share_a_breaker", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 3..=10);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(9));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            trial_lease: None,
            ..closes_after(SUCCESS_THRESHOLD)
        };
        let crowd = s.part(Crowd { config, tells: Interest::Everything });
        let mut script = s.generator("script");
        for caller in 1..=1000 {
            let fails = *script.pick(&[2, 3, 5]);
            let calls = u32::try_from(script.within(1..=4)).expect("it is small");
            let first = u32::try_from(script.within(0..=4)).expect("it is small");
            s.actor(format!("caller-{caller}")).does(crowd.makes(calls, fails, first)).ends();
        }
        s.finally(crowd.reads_counts());

        s.check(promise::everything_is_counted());
        s.check(legal_edges(BREAKER));
        s.check(trips_exactly(BREAKER, failure_threshold));
        s.check(bounded_trials(BREAKER, SUCCESS_THRESHOLD));
        s.check(closes_at_kth_success(BREAKER, SUCCESS_THRESHOLD));
    })
    // It opens and closes in two of them, and never in the third.
    .pinned(&[0xf, 0x16, 0x1])
    .enough(10)
    .proves(&[Row::concurrency(2)], "trips_exactly", plants::THRESHOLD_OFF_BY_ONE)
    .proves(&[Row::concurrency(2)], "everything_is_counted", plants::REJECTIONS_UNCOUNTED)
}
