//! A backend is down for thirty days, and somebody calls it behind a breaker, with waits that double up to half a day or a whole one.
//!
//! In real time nobody tests this. The wait of the 33rd try is where a shift in 32 bits begins anew, and only an outage that is long
//! enough, with waits that are bounded, gets there. And somebody will set a clock meanwhile: a caller that waits for a time of day
//! comes back when that day does.

use super::errand::{BACKEND, BACKOFF_ON_THE_WALL_CLOCK, Errand};
use super::promise;
use crate::backoff::{self, BACKOFF_SHIFT_WRAPS, Backoff};
use crate::config::closes_after;
use crate::time::{days, hours, millis, secs};
use retrip_core::breaker::BreakerConfig;
use retrip_sim::engine::EngineName;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;
use retrip_sim::span::Offset;

pub(crate) fn scenario() -> Scenario {
    let about = "a backend is down for thirty days, and its caller backs off and comes back";
    Scenario::new("outage_of_thirty_days", about, |s| {
        let longest = hours(s.draw("longest_wait_in_hours", 12..=24).into());
        let clock_moves = days(s.draw("clock_moves_on_day", 1..=29).into());
        let clock_goes_back = days(s.draw("clock_goes_back_by_days", 1..=60).into());
        let open_for = secs(30);
        let breaker = BreakerConfig { failure_threshold: Some(3), open_for, ..closes_after(1) };
        let backoff = Backoff { first: secs(1), longest };
        let patience = secs(5);
        let errand = s.host_part(Errand { breaker, patience, backoff });

        s.host("caller");
        s.actor("clerk")
            .on("caller")
            .does_at(secs(1), errand.calls_until_answered())
            .does_at(secs(61), errand.calls_until_answered())
            .ends();
        s.fault_of(BACKEND, secs(30), Some(secs(30) + days(30)), FaultKind::Crashes);
        let nanos =
            i64::try_from(clock_goes_back.as_nanos()).expect("two months are not that long");
        let back = FaultKind::WallJumps(Offset::from_nanos(-nanos));
        s.fault_of("caller", clock_moves, None, back);

        // It may have been rejected just before, and then wait for as long as it ever does.
        let bound = longest + open_for + patience + millis(100);
        s.check(promise::the_call_is_answered_soon_after_the_outage(bound));
        s.check(backoff::promise::waits_double_up_to_the_longest(backoff));
        s.sometimes(promise::the_breaker_rejects_a_call());
        s.sometimes(promise::an_answer_comes_after_thirty_days());
    })
    .on(EngineName::Nodes)
    // The clock goes back by 54 days on the eleventh, by 21 on the twenty-eighth, and by 4 halfway.
    .pinned(&[0x3, 0x9, 0xc])
    .in_full()
    .finds(BACKOFF_SHIFT_WRAPS, "waits_double_up_to_the_longest")
    .finds(BACKOFF_ON_THE_WALL_CLOCK, "the_call_is_answered_soon_after_the_outage")
}
