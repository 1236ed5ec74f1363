//! Two openers make two failing calls each, eight callers make one successful call each, in any order; two failures in a
//! row open the breaker.
//!
//! It is tempting to promise that the breaker opens. In about a quarter of the orders (126 of 495) no two failures are
//! neighbours, and it must not. What can be promised is that it does exactly what that order asks for. The tempting
//! promise is kept beside this file, as a canary.

use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Draft, Row, Scenario};

const FAILURE_THRESHOLD: u32 = 2;

pub(crate) fn scenario() -> Scenario {
    let about =
        "the breaker opens exactly in those orders of the calls that have two failures in a row";
    Scenario::new("openers_and_callers_in_any_order", about, |s| {
        arrivals(s);
        s.check(promise::trips_exactly("llm", FAILURE_THRESHOLD));
    })
    // It opens at the first two failures, at the last two, and not at all.
    .pinned(&[0, 2, 8])
    .in_full()
    .proves(&[Row::concurrency(8)], "trips_exactly", plants::THRESHOLD_OFF_BY_ONE)
}

/// Twelve calls, each at a time of its own, so that every order of failures and successes is equally likely.
pub(super) fn arrivals(s: &mut Draft<'_>) {
    // The breaker, once open, stays so: no order has a second opening.
    let config = BreakerConfig {
        failure_threshold: Some(FAILURE_THRESHOLD),
        open_for: secs(3600),
        ..BreakerConfig::default()
    };
    let llm = s.guarded("llm", config);
    let mut arrivals = s.generator("arrivals");
    let mut arrives = || arrivals.duration_within(secs(0)..=secs(600));
    for opener in ["opener-1", "opener-2"] {
        let (one, other) = (arrives(), arrives());
        s.actor(opener)
            .does_at(one.min(other), llm.call_and_fail())
            .does_at(one.max(other), llm.call_and_fail())
            .ends();
    }
    for caller in 1..=8 {
        s.actor(format!("caller-{caller}")).does_at(arrives(), llm.call()).ends();
    }
}
