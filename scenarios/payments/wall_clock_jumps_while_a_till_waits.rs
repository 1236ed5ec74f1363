//! The wall clock of a till jumps, either way, while the till waits for a reply that does not come.
//!
//! How long to wait is a matter of the monotonic clock. A till that waits until a time of day gives up at once when the day moves on,
//! and when the day goes back it does not ask again before that time has come round once more.

use super::promise;
use super::shop::{LEDGER, Shop};
use super::till::{TIMEOUT_ON_THE_WALL_CLOCK, Terms};
use crate::backoff::{self, Backoff};
use crate::time::{millis, secs};
use retrip_sim::engine::EngineName;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;
use retrip_sim::span::Offset;

pub(crate) fn scenario() -> Scenario {
    let about = "the wall clock of a till jumps while the till waits for a reply";
    Scenario::new("wall_clock_jumps_while_a_till_waits", about, |s| {
        let patience = s.draw_duration("patience", secs(1)..=secs(10));
        let moment = s.draw_duration("moment", secs(0)..=secs(1));
        let jump = s.draw_duration("jump", secs(1)..=secs(60));
        let back = s.draw("back", 0..=1);
        let backoff = Backoff { first: millis(500), longest: secs(4) };
        let shop = s.host_part(Shop { terms: Terms { patience, backoff }, disk: millis(5) });

        s.host("till");
        s.actor("clerk").on("till").does_at(secs(1), shop.pays(7, 8)).ends();
        let until = Some(secs(1) + patience);
        s.fault_of(LEDGER, millis(500), until, FaultKind::Crashes);
        let nanos = i64::try_from(jump.as_nanos()).expect("a minute is not long");
        let by = Offset::from_nanos(if back == 1 { -nanos } else { nanos });
        s.fault_of("till", secs(1) + moment, None, FaultKind::WallJumps(by));

        s.check(promise::nobody_times_out_early(patience));
        s.check(backoff::promise::waits_double_up_to_the_longest(backoff));
    })
    .on(EngineName::Nodes)
    // Forward, and back twice.
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .finds(TIMEOUT_ON_THE_WALL_CLOCK, "nobody_times_out_early")
}
