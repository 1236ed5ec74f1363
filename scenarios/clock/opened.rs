//! A breaker that has just opened, and a jump of the wall clock that comes at some moment while it is open.

use crate::time::{NANOSECOND, hours, secs};
use retrip_core::breaker::BreakerConfig;
use retrip_sim::check::breaker as promise;
use retrip_sim::part::Guarded;
use retrip_sim::scenario::Draft;
use std::time::Duration;

/// The breaker, and the times that a script goes on with.
pub(super) struct Opened {
    /// The service, which fails, behind its breaker.
    pub(super) llm: Guarded,
    /// When the breaker opens.
    pub(super) at: Duration,
    /// When its interval is over.
    pub(super) until: Duration,
    /// When the wall clock is to jump: in the interval, from its first nanosecond to its last.
    pub(super) moment: Duration,
    /// How far.
    pub(super) jump: Duration,
}

impl Opened {
    /// Draws it, writes the script up to the opening, and promises that the interval is kept to the nanosecond.
    pub(super) fn drawn(s: &mut Draft<'_>) -> Self {
        let failure_threshold = s.draw("failure_threshold", 1..=5);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(60));
        let jump = s.draw_duration("jump", NANOSECOND..=hours(2));
        let at = secs(10);
        let until = at + open_for;
        let moment = s.draw_duration("moment", at..=until - NANOSECOND);
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            open_for,
            ..BreakerConfig::default()
        };
        let llm = s.guarded("llm", config);

        s.at(secs(0), llm.fails());
        for _ in 0..failure_threshold {
            s.at(at, llm.call());
        }

        s.check(promise::open_rejects("llm", open_for));
        s.check(promise::open_ends("llm", open_for));
        Self { llm, at, until, moment, jump }
    }
}
