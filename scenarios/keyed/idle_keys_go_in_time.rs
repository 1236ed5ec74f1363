//! Tenants are called for a while and then no more, and somebody lets idle ones go, often in the very nanosecond.
//!
//! Idle is whom nobody has asked for lately, and not who was made long ago. What goes a nanosecond late at every test goes a
//! whole round late wherever a timer comes as often as the idle time.

use super::tenants::Tenants;
use super::{promise, sometimes};
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{Bounds, plants};
use retrip_sim::part::waits;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "tenants are called for a while and then no more, and somebody lets idle ones go";
    Scenario::new("idle_keys_go_in_time", about, |s| {
        let idle = s.draw_duration("idle", secs(2)..=secs(9));
        let bounds = Bounds { idle, ..Bounds::of(8) };
        let tenants = s.part(Tenants { bounds, open_for: secs(1) });

        let mut script = s.generator("script");
        for (caller, own) in (1..=script.within(1..=2)).zip([["a", "b"], ["c", "d"]]) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=4) {
                actor = actor.does(tenants.calls(own[script.index(own.len())]));
                let time = *script.pick(&[idle / 2, idle / 2, idle - NANOSECOND, idle]);
                actor = actor.does(waits(time)).does(tenants.evicts_idle());
            }
            actor.ends();
        }
        s.finally(tenants.counts());

        s.check(promise::idle_goes_exactly(idle));
        s.check(promise::least_recently_used_goes());
        s.sometimes(sometimes::somebody_goes_in_the_nanosecond_of_its_idle_time(idle));
    })
    // One of two is idle; two are, in one nanosecond, and one is called again; one is idle in the nanosecond in which somebody looks.
    .pinned(&[0x1, 0x2, 0xb])
    .in_full()
    .finds(plants::IDLE_BY_CREATION_TIME, "idle_goes_exactly")
    .finds(plants::IDLE_LATE_BY_ONE_NANOSECOND, "idle_goes_exactly")
}
