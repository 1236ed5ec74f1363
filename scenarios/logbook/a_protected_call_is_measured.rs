//! Calls through a breaker are measured, also calls within calls, while the wall clock jumps.
//!
//! Whoever measures a call wraps it, and wrapping it twice must neither count it twice nor measure something else.

use super::promise::measured_call_is_exact;
use super::traffic;
use crate::time::secs;
use retrip_core::logger::plants;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::{Row, Scenario};
use retrip_sim::span::Offset;

pub(crate) fn scenario() -> Scenario {
    let about = "calls through a breaker are measured while the wall clock jumps";
    Scenario::new("a_protected_call_is_measured", about, |s| {
        let station = traffic::station(s);
        let mut script = s.generator("script");
        let mut now = secs(0);
        for number in 1..=8 {
            now += script.duration_within(secs(0)..=secs(3));
            s.at(now, station.does(&traffic::call(&mut script, format!("r-{number}"))));
        }
        for _ in 0..script.within(1..=3) {
            let at = script.duration_within(secs(0)..=secs(10));
            let hour = *script.pick(&[-3_600_000_000_000, 3_600_000_000_000]);
            s.fault(at, None, FaultKind::WallJumps(Offset::from_nanos(hour)));
        }

        s.check(measured_call_is_exact());
    })
    .proves(
        &[Row::end_to_end(30)],
        "measured_call_is_exact",
        plants::DURATION_BY_THE_WALL_CLOCK,
    )
}
