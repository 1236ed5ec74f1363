//! A hundred callers make a hundred calls each through one breaker, of which many fail: it opens and closes again meanwhile, and
//! not one of ten thousand calls is lost or counted twice.

use super::callers::{BREAKER, Crowd};
use super::promise;
use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Interest, plants};
use retrip_sim::check::breaker::{closes_at_kth_success, legal_edges, trips_exactly};
use retrip_sim::scenario::{Row, Scenario};

const SUCCESS_THRESHOLD: u32 = 3;

pub(crate) fn scenario() -> Scenario {
    let about = "a hundred callers make a hundred calls each through one breaker";
    Scenario::new("a_hundred_callers_make_a_hundred_calls", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 5..=20);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(9));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            trial_lease: None,
            ..closes_after(SUCCESS_THRESHOLD)
        };
        // Few runs tell of every call: they take longer, and their breaker takes its lock for each.
        let tells_calls = s.draw("tells_calls", 0..=3) == 3;
        let tells = if tells_calls { Interest::Everything } else { Interest::Transitions };
        let crowd = s.part(Crowd { config, tells });
        let mut script = s.generator("script");
        for caller in 1..=100 {
            let fails = *script.pick(&[1, 2, 3, 10, 200]);
            let first = u32::try_from(script.within(0..=9)).expect("it is small");
            s.actor(format!("caller-{caller}")).does(crowd.makes(100, fails, first)).ends();
        }
        s.finally(crowd.reads_counts());

        s.check(promise::everything_is_counted());
        s.check(legal_edges(BREAKER));
        if tells_calls {
            s.check(trips_exactly(BREAKER, failure_threshold));
            s.check(closes_at_kth_success(BREAKER, SUCCESS_THRESHOLD));
        }
    })
    // It opens and closes again and again: three times, twice, six times.
    .pinned(&[0x0, 0x1d, 0xf])
    .enough(20)
    .proves(
        &[Row::concurrency(1), Row::concurrency(4)],
        "everything_is_counted",
        plants::SUCCESSES_COUNTED_BY_A_STORE,
    )
    .proves(&[Row::concurrency(1)], "everything_is_counted", plants::REJECTIONS_UNCOUNTED)
    .proves(&[Row::concurrency(1)], "trips_exactly", plants::THRESHOLD_OFF_BY_ONE)
}
