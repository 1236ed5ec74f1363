//! Any number of calls of any length succeed: the breaker stays closed, counts them, and knows how long the last hundred
//! of them took.

use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker as promise;
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "up to 150 calls of different lengths succeed";
    Scenario::new("successes_keep_it_closed", about, |s| {
        let calls = s.draw("calls", 1..=150);
        let config = BreakerConfig::default();
        let open_for = config.open_for;
        let llm = s.guarded("llm", config);

        s.at(secs(0), llm.read());
        let mut lengths = s.generator("lengths");
        for call in 1..=calls {
            s.at(secs(0), llm.takes(lengths.duration_within(Duration::ZERO..=secs(5))));
            s.at(secs(0), llm.call());
            if call % 40 == 0 {
                s.at(secs(0), llm.read());
            }
        }
        s.at(secs(0), llm.read());

        s.check(promise::counts_match("llm", open_for));
        s.check(promise::latency_is_exact("llm"));
    })
    // A few calls, and so many that the first are no longer among the last hundred.
    .pinned(&[0x2, 0x13, 0x25])
    .proves(&[Row::end_to_end(2)], "counts_match", plants::STARTS_HALF_OPEN)
    .proves(&[Row::end_to_end(2)], "latency_is_exact", plants::LATENCY_IN_MICROSECONDS)
}
