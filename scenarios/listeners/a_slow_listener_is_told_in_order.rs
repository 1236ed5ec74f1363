//! A listener is slow, and calls the breaker back, while others open and close it.
//!
//! What happens meanwhile waits its turn. If whoever brought it about told it at once, a listener would hear that the breaker
//! has closed before it has heard that it opened, and would go by what it heard last.

use super::audience::{Audience, ROOM};
use super::operation::{Act, Deed, ListenerOperation};
use super::{promise, sometimes};
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Interest, plants};
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a listener is slow, and calls back, while others open and close the breaker";
    Scenario::new("a_slow_listener_is_told_in_order", about, |s| {
        let config = BreakerConfig { failure_threshold: Some(1), ..BreakerConfig::default() };
        let last_hears = Interest::Transitions;
        s.part(Audience { config, last_hears, backlog: ROOM });

        let mut script = s.generator("script");
        for caller in 1..=script.within(1..=3) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=3) {
                let deeds = [
                    Deed::Sleep(secs(2)),
                    Deed::Sleep(secs(3)),
                    Deed::Act(Act::Reset),
                    Deed::Act(Act::ForceOpen),
                ];
                let deed = *script.pick(&deeds);
                let act = *script.pick(&[Act::CallAndFail, Act::ForceOpen, Act::Reset]);
                actor = actor.does(Operation::new(ListenerOperation::Plan(deed)));
                actor = actor.does(Operation::new(ListenerOperation::Act(act)));
                if script.chance(1, 2) {
                    actor = actor.does(waits(secs(1)));
                }
            }
            actor.ends();
        }
        s.finally(Operation::new(ListenerOperation::Read));

        s.check(promise::told_in_order());
        s.check(promise::told_once());
        s.check(promise::everything_is_told(last_hears));
        s.sometimes(sometimes::a_listener_is_told_by_several());
        s.sometimes(sometimes::events_wait_while_somebody_meddles());
    })
    .bound(5_000)
    // Three commands wait while a listener sleeps, and it gives three more; two callers go on meanwhile; each event takes its time.
    .pinned(&[0x2, 0x7, 0xc])
    .in_full()
    .finds(plants::EVERYBODY_DELIVERS, "told_in_order")
    .finds(plants::NEWEST_EVENT_FIRST, "told_in_order")
    .finds(plants::LISTENERS_UNDER_THE_LOCK, "no_deadlock")
}
