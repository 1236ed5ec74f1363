//! One tenant is called again and again while others come and go, and there are two or three places.
//!
//! A cache that lets go of what was made first throws out exactly whom everybody uses.

use super::tenants::Tenants;
use super::{promise, sometimes};
use crate::time::{hours, millis, secs};
use retrip_core::breaker::{Bounds, plants};
use retrip_sim::part::waits;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "one tenant is called again and again while others come and go";
    Scenario::new("a_busy_key_keeps_its_place", about, |s| {
        let capacity = s.draw("capacity", 2..=3);
        let capacity = usize::try_from(capacity).expect("it is small");
        // Nobody is ever idle.
        let bounds = Bounds { idle: hours(1), ..Bounds::of(capacity) };
        let tenants = s.part(Tenants { bounds, open_for: secs(1) });

        let mut script = s.generator("script");
        for (caller, others) in (1..=script.within(1..=2)).zip([["b", "c", "d"], ["c", "d", "e"]]) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(2..=5) {
                actor = actor.does(tenants.calls("a"));
                actor = actor.does(tenants.calls(others[script.index(others.len())]));
                if script.chance(1, 3) {
                    actor = actor.does(waits(millis(script.within(1..=3))));
                }
            }
            actor.ends();
        }
        s.finally(tenants.counts());

        s.check(promise::never_more_than_capacity(capacity));
        s.check(promise::least_recently_used_goes());
        s.check(promise::a_key_has_one_breaker());
        s.sometimes(sometimes::somebody_goes_for_another());
        s.sometimes(sometimes::two_make_one_key());
    })
    // One who goes for another; two in turn; two callers, of whom one goes on while the other one asks.
    .pinned(&[0x1, 0x3, 0x12])
    .in_full()
    .finds(plants::EVICTION_BY_AGE, "least_recently_used_goes")
    .finds(plants::SLOWER_ONE_REPLACES, "a_key_has_one_breaker")
}
