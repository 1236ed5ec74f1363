//! A trial panics. Its permit comes back with the panic, or the breaker would wait for that trial for ever.

use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a trial of a half-open breaker panics";
    Scenario::new("panicking_trial_gives_its_permit_back", about, |s| {
        let success_threshold = s.draw("success_threshold", 1..=4);
        let panics = s.draw("panics", 1..=3);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let config = BreakerConfig {
            failure_threshold: Some(1),
            open_for,
            ..closes_after(success_threshold)
        };
        let llm = s.guarded("llm", config);

        let mut on_time = secs(10);
        s.at(on_time, llm.call_and_fail());
        for _ in 0..panics {
            on_time += open_for;
            s.at(on_time, llm.call_and_panic());
        }
        on_time += open_for;
        for _ in 0..success_threshold {
            s.at(on_time, llm.call());
        }

        s.check(promise::recovers("llm", open_for, success_threshold));
    })
    .finds(plants::PERMIT_LEAKED_BY_PANIC, "recovers")
}
