//! Threads log more often than a rate limit lets them, and the disk has no room for a while.
//!
//! What is held back is counted before anybody tells of it, and the line that tells of it is an event that may itself be lost. Who tells
//! races with who is held back: nothing must be told twice, or by nobody.

use super::writers::{Writers, is_read_in_the_end};
use crate::time::{millis, secs};
use retrip_core::logger::{Level, RateLimit, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, held_back_is_told, lines_stand_alone, losses_are_announced, rate_is_kept,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::LogFile;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a rate limit holds back what comes too often, and tells of it";
    Scenario::new("what_comes_too_often_is_held_back", about, |s| {
        let events = s.draw("events", 1..=4);
        let per = millis(s.draw("per_ms", 20..=200).into());
        let log = s.part(LogFile::named("app").limits(RateLimit::of(events, per)));
        Writers { lines: 4..=10, pauses: 0..=40, level: |_| Level::Info }.log(s, &log);
        let mut faults = s.generator("faults");
        let from = millis(faults.within(0..=200));
        let until = from + millis(faults.within(1..=200));
        let full = Trouble::Full(faults.within(0..=600));
        s.fault(from, Some(until), FaultKind::Disk(full));
        is_read_in_the_end(s, &log, secs(10));

        s.check(rate_is_kept("app", events, per));
        s.check(held_back_is_told("app"));
        s.check(accounting_is_exact("app"));
        s.check(losses_are_announced("app"));
        s.check(lines_stand_alone("app"));
    })
    .pinned(&[0x1, 0x2, 0x3])
    .in_full()
    .finds(plants::TOKENS_COME_BACK_EARLY, "rate_is_kept")
    .finds(plants::NOBODY_TELLS_OF_THE_RATE_LIMIT, "held_back_is_told")
    .finds(plants::HELD_BACK_IS_NOT_COUNTED, "accounting_is_exact")
}
