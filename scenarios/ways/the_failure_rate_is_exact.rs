//! Calls succeed, fail, are ignored and are rejected through openings and recoveries: the failure rate is two whole numbers,
//! and right after each of them.

use super::desk::Desk;
use super::operation::{Command, Ending};
use super::promise;
use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::scenario::{Row, Scenario};
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "the failure rate is read after each call of many recoveries";
    Scenario::new("the_failure_rate_is_exact", about, |s| {
        let success_threshold = s.draw("success_threshold", 1..=2);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(10));
        let config = BreakerConfig {
            failure_threshold: Some(2),
            open_for,
            ..closes_after(success_threshold)
        };
        let desk = s.part(Desk { config });

        let mut script = s.generator("script");
        let mut now = secs(0);
        s.at(now, desk.reads_counts());
        for _ in 0..script.within(10..=30) {
            now += script.duration_within(Duration::ZERO..=open_for);
            let operation = match script.index(10) {
                0 => desk.by_hand(Command::Reset),
                1 => desk.calls(Ending::Ignored),
                2..=5 => desk.calls(Ending::Failed),
                _ => desk.calls(Ending::Ok),
            };
            s.at(now, operation);
            s.at(now, desk.reads_counts());
        }

        s.check(promise::rate_is_exact());
    })
    // Through recoveries, and up to an opening.
    .pinned(&[0x27, 0x2a, 0x1b])
    .proves(&[Row::recovery(20)], "rate_is_exact", plants::TOTALS_LOST_BY_CLOSING)
}
