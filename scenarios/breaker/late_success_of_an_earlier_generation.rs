//! A call that was admitted before the breaker opened succeeds long after, when everything has changed.
//!
//! It would close the breaker for a service that nobody has tried since it failed. It was admitted in
//! another generation, and changes statistics only.

use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::part::guarded::End;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a call of an earlier generation succeeds late";
    Scenario::new("late_success_of_an_earlier_generation", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=5);
        let success_threshold = s.draw("success_threshold", 1..=3);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let opened = secs(10);
        let late = s.draw_duration("late", opened..=opened + open_for * 3);
        let config = BreakerConfig {
            failure_threshold,
            open_for,
            success_threshold,
            half_open_permits: 3,
            ..BreakerConfig::default()
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

        s.at(late, llm.end("late", End::Ok)); // open, half-open or closed again

        s.check(promise::fenced_results("llm"));
        s.check(promise::legal_edges("llm"));
    })
    // Late when the breaker has closed again, while it is half-open, and while it is open.
    .pinned(&[0, 2, 5])
    .finds(plants::UNFENCED_LATE_RESULT, "fenced_results")
    .finds(plants::CLOSES_WITHOUT_TRIALS, "legal_edges")
}
