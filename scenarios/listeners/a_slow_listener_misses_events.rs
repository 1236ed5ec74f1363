//! A listener sleeps while others make more calls than may wait for it, and some by hand.
//!
//! What happens meanwhile waits in memory. If all of it did, a listener that hangs would take the memory of its service; if what
//! does not find room went without a word, whoever counts what it hears would count wrong.

use super::audience::Audience;
use super::operation::{Act, Deed, ListenerOperation};
use super::{promise, sometimes};
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Interest, plants};
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::Scenario;
use std::num::NonZeroUsize;

pub(crate) fn scenario() -> Scenario {
    let about = "a listener sleeps while others make more calls than may wait for it";
    Scenario::new("a_slow_listener_misses_events", about, |s| {
        let backlog = s.draw("backlog", 2..=4);
        let backlog = NonZeroUsize::new(backlog.try_into().expect("it is small"));
        let backlog = backlog.expect("it is not zero");
        // Nothing but what is done by hand changes it: as many changes as find room.
        let config = BreakerConfig { failure_threshold: Some(100), ..BreakerConfig::default() };
        let last_hears = Interest::Everything;
        s.part(Audience { config, last_hears, backlog });

        let mut script = s.generator("script");
        let others = script.within(1..=3);
        let planner = s.actor("operator");
        let planner = planner.does(Operation::new(ListenerOperation::Plan(Deed::Sleep(secs(5)))));
        planner.does(Operation::new(ListenerOperation::Act(Act::ForceOpen))).ends();
        for caller in 1..=others {
            let mut actor = s.actor(format!("caller-{caller}")).does(waits(secs(1)));
            let changes = if caller == 1 { script.within(0..=2) } else { 0 };
            let calls = script.within(8..=16);
            for call in 0..calls {
                if call % 3 == 1 && call / 3 < changes {
                    let by_hand = *script.pick(&[Act::Reset, Act::ForceOpen]);
                    actor = actor.does(Operation::new(ListenerOperation::Act(by_hand)));
                }
                let act = *script.pick(&[Act::Call, Act::CallAndFail]);
                actor = actor.does(Operation::new(ListenerOperation::Act(act)));
            }
            if script.chance(1, 2) {
                let call = Operation::new(ListenerOperation::Act(Act::Call));
                actor = actor.does(waits(secs(9))).does(call);
            }
            actor.ends();
        }
        s.finally(Operation::new(ListenerOperation::Read));

        s.check(promise::told_in_order());
        s.check(promise::told_once());
        s.check(promise::everything_is_told(last_hears));
        s.check(promise::few_wait(backlog.get(), others.try_into().expect("there are few")));
        s.sometimes(sometimes::something_is_missed());
    })
    .bound(5_000)
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .finds(plants::EVENTS_WAIT_WITHOUT_BOUND, "few_wait")
    .finds(plants::MISSED_EVENTS_UNTOLD, "everything_is_told")
}
