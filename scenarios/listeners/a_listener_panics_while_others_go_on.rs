//! A listener panics now and then, while others go on with the breaker and have events of their own.
//!
//! Whoever delivers has a duty to the others: the panic ends what it did, and nothing else. The listeners behind the one that
//! panicked, and what waited meanwhile, are the next one's.

use super::audience::{Audience, ROOM};
use super::operation::{Act, Deed, ListenerOperation};
use super::{promise, sometimes};
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, Interest, plants};
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a listener panics now and then, while others go on with the breaker";
    Scenario::new("a_listener_panics_while_others_go_on", about, |s| {
        let open_for = secs(1);
        let config = BreakerConfig {
            failure_threshold: Some(1),
            success_threshold: 1,
            half_open_permits: 1,
            open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        let last_hears = Interest::Transitions;
        s.part(Audience { config, last_hears, backlog: ROOM });

        let mut script = s.generator("script");
        for caller in 1..=script.within(1..=2) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=4) {
                if script.chance(1, 2) {
                    let panics = ListenerOperation::Plan(Deed::Panic);
                    actor = actor.does(Operation::new(panics));
                }
                let act = *script.pick(&[Act::Call, Act::CallAndFail, Act::Reset]);
                actor = actor.does(Operation::new(ListenerOperation::Act(act)));
                if script.chance(1, 2) {
                    actor = actor.does(waits(open_for));
                }
            }
            actor.ends();
        }
        s.finally(Operation::new(ListenerOperation::Forget));
        s.finally(Operation::new(ListenerOperation::Read));

        s.check(promise::told_in_order());
        s.check(promise::told_once());
        s.check(promise::everything_is_told(last_hears));
        s.check(promise::every_call_is_counted());
        s.sometimes(sometimes::somebody_is_thrown_out());
    })
    .bound(5_000)
    // Each event is told by two, because one is thrown out; the trial of whoever is thrown out of it fails; both callers in turn.
    .pinned(&[0x4, 0x7, 0xa])
    .in_full()
    .finds(plants::PANIC_REPEATS_AN_EVENT, "told_once")
    .finds(plants::PANIC_LOSES_EVENTS, "everything_is_told")
    .finds(plants::PANIC_ENDS_DELIVERY, "everything_is_told")
    .finds(plants::PERMIT_LEAKED_BY_PANIC, "every_call_is_counted")
}
