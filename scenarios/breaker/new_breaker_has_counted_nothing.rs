//! A breaker that nobody has called yet is closed, since it was built, and has counted nothing; looking changes nothing.

use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a new breaker is read before its first call";
    Scenario::new("new_breaker_has_counted_nothing", about, |s| {
        let first = s.draw_duration("first", secs(0)..=secs(3600));
        let second = s.draw_duration("second", secs(0)..=secs(3600));
        let config = BreakerConfig::default();
        let open_for = config.open_for;
        let llm = s.guarded("llm", config);

        s.at(first, llm.read());
        s.at(second, llm.refresh());
        s.at(second, llm.read());

        s.check(promise::counts_match("llm", open_for));
        s.check(promise::latency_is_exact("llm"));
    })
    .proves(&[Row::end_to_end(1)], "counts_match", plants::STARTS_HALF_OPEN)
}
