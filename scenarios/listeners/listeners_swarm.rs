//! Callers do anything to a breaker whose listener calls it back, panics and is slow, in any mix.
//!
//! What a listener does is foreign code. Under a lock it waits for itself for ever; its panic takes with it what nobody has
//! heard of yet; and while it sleeps, others have something to tell as well.

use super::audience::{Audience, ROOM};
use super::operation::{ACTS, Act, Deed, ListenerOperation};
use super::{promise, sometimes};
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{BreakerConfig, Interest, plants};
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::{Row, Scenario};
use retrip_sim::stream::Generator;
use retrip_sim::swarm::Swarm;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "callers do anything to a breaker whose listener calls it back, panics and is slow";
    Scenario::new("listeners_swarm", about, |s| {
        let failure_threshold = s.draw("failure_threshold", 1..=2);
        let hears_everything = s.draw("hears_everything", 0..=1);
        let open_for = s.draw_duration("open_for", secs(1)..=secs(9));
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            success_threshold: 1,
            half_open_permits: 1,
            open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        let last_hears = match hears_everything {
            0 => Interest::Transitions,
            _ => Interest::Everything,
        };
        s.part(Audience { config, last_hears, backlog: ROOM });

        let mut script = s.generator("script");
        let swarm = Swarm::new(KINDS, &mut script);
        for caller in 1..=script.within(1..=3) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=8) {
                if script.chance(1, 4) {
                    let time = *script.pick(&[open_for - NANOSECOND, open_for, open_for / 2]);
                    actor = actor.does(waits(time));
                }
                if script.chance(1, 2) {
                    let deed = deed(swarm.pick(&mut script), open_for, &mut script);
                    actor = actor.does(Operation::new(ListenerOperation::Plan(deed)));
                }
                // Calls that fail and what is done by hand: each makes a new generation.
                let acts = [Act::Call, Act::CallAndFail, Act::CallAndFail, Act::Reset];
                let act =
                    if script.chance(1, 2) { *script.pick(&acts) } else { *script.pick(&ACTS) };
                actor = actor.does(Operation::new(ListenerOperation::Act(act)));
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
        s.sometimes(sometimes::a_listener_is_told_by_several());
        s.sometimes(sometimes::events_wait_while_somebody_meddles());
    })
    .bound(5_000)
    // A listener that resets what it hears of, and forces it open again; panics and a slow listener among three callers; calls
    // within an event, and a panic that leaves an event to the next operation.
    .pinned(&[0xb, 0xd, 0x4f])
    .in_full()
    .proves(&[Row::concurrency(10)], "no_deadlock", plants::LISTENERS_UNDER_THE_LOCK)
    .finds(plants::NEWEST_EVENT_FIRST, "told_in_order")
    .finds(plants::PANIC_REPEATS_AN_EVENT, "told_once")
    .finds(plants::PANIC_LOSES_EVENTS, "everything_is_told")
    .finds(plants::PANIC_ENDS_DELIVERY, "everything_is_told")
    .finds(plants::PERMIT_LEAKED_BY_PANIC, "every_call_is_counted")
    .finds(plants::REJECTIONS_UNCOUNTED, "every_call_is_counted")
}

/// Kinds of deed, as [`deed`] numbers them.
const KINDS: usize = 6;

fn deed(kind: usize, open_for: Duration, script: &mut Generator) -> Deed {
    match kind {
        0 => Deed::Panic,
        1 => Deed::Sleep(*script.pick(&[NANOSECOND, open_for / 2, open_for])),
        2 => Deed::Look,
        3 => Deed::Act(*script.pick(&[Act::Call, Act::CallAndFail])),
        4 => Deed::Act(*script.pick(&[Act::Reset, Act::ForceOpen])),
        _ => Deed::Act(*script.pick(&[Act::Lift, Act::Refresh])),
    }
}
