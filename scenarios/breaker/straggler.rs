//! A call that is admitted before the breaker opens and ends at any time after, when everything may have changed.

use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::BreakerConfig;
use retrip_sim::check::breaker as promise;
use retrip_sim::part::guarded::End;
use retrip_sim::scenario::Draft;

/// Writes down how a breaker opens, half-opens and closes again, with a call of its first generation that ends in `end`
/// while it is in one of these states.
pub(super) fn ends_late(s: &mut Draft<'_>, end: End) {
    let failure_threshold = s.draw("failure_threshold", 1..=5);
    let success_threshold = s.draw("success_threshold", 1..=3);
    let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
    let opened = secs(10);
    let late = s.draw_duration("late", opened..=opened + open_for * 3);
    let config = BreakerConfig {
        failure_threshold: Some(failure_threshold),
        open_for,
        half_open_permits: 3,
        ..closes_after(success_threshold)
    };
    let llm = s.guarded("llm", config);

    s.at(secs(0), llm.begin("late"));
    for _ in 0..failure_threshold {
        s.at(opened, llm.call_and_fail());
    }

    s.at(opened + open_for, llm.begin("trial")); // half-open from here
    s.at(opened + open_for * 2, llm.end("trial", End::Ok));
    for _ in 0..success_threshold {
        s.at(opened + open_for * 2, llm.call()); // closed from here
    }

    s.at(late, llm.end("late", end)); // open, half-open or closed again

    s.check(promise::fenced_results("llm"));
    s.check(promise::legal_edges("llm"));
}
