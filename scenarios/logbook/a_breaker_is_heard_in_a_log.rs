//! A breaker opens, half-opens, closes and rejects, by its rules and by hand, and its log says so.
//!
//! Whoever is called at night reads the log and not the breaker. A change that has no line, or one with another generation, another moment
//! or somebody else's request, leads them to the wrong place.

use super::promise::{Written, log_is_the_journal};
use super::traffic;
use crate::time::{hours, secs};
use retrip_core::logger::plants;
use retrip_sim::part::clock;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a breaker changes and rejects, and its log says so";
    Scenario::new("a_breaker_is_heard_in_a_log", about, |s| {
        let station = traffic::station(s);
        let mut script = s.generator("script");
        let mut now = secs(0);
        for number in 1..=12 {
            now += secs(script.within(0..=3));
            if script.chance(1, 8) {
                s.at(now, clock().jumps_back(hours(1)));
            }
            s.at(now, station.does(&traffic::anything(&mut script, format!("r-{number}"))));
        }
        s.finally(station.does(&traffic::last_words()));

        s.check(log_is_the_journal(Written::AtOnce));
    })
    .proves(&[Row::end_to_end(29)], "log_is_the_journal", plants::LATER_TYPE_IS_WRITTEN_AS_CUSTOM)
    .proves(
        &[Row::end_to_end(29)],
        "log_is_the_journal",
        plants::TIMESTAMP_BY_THE_MONOTONIC_CLOCK,
    )
}
