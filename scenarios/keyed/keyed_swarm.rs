//! Tenants are called in any mix, through a breaker for each and with places for fewer, so that some have to go.
//!
//! Whoever lets go of the wrong one does so silently: a service that is down gets every call again, or a call in flight tells
//! its result to a breaker that nobody has any more.

use super::operation::{Command, Ending, Fails, KeyedOperation};
use super::tenants::Tenants;
use super::{promise, sometimes};
use crate::time::{NANOSECOND, secs};
use retrip_core::breaker::{Bounds, plants};
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::Scenario;
use retrip_sim::stream::Generator;
use retrip_sim::swarm::Swarm;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "more tenants are called than there are places for breakers, in any mix";
    Scenario::new("keyed_swarm", about, |s| {
        let capacity = s.draw("capacity", 1..=3);
        let idle = s.draw_duration("idle", secs(1)..=secs(9));
        let open_for = s.draw_duration("open_for", secs(1)..=secs(9));
        let capacity = usize::try_from(capacity).expect("it is small");
        let bounds = Bounds { idle, ..Bounds::of(capacity) };
        let tenants = s.part(Tenants { bounds, open_for });

        let mut script = s.generator("script");
        let swarm = Swarm::new(KINDS, &mut script);
        let keys = &KEYS[..script.index(KEYS.len() - capacity) + capacity + 1];
        for (caller, label) in (1..=script.within(1..=3)).zip(LABELS) {
            let mut actor = s.actor(format!("caller-{caller}"));
            for _ in 0..script.within(1..=12) {
                // Without time nobody is idle and nothing is over, so waiting is never switched off.
                if script.chance(1, 3) {
                    actor = actor.does(waits(some_time(&[idle, open_for], &mut script)));
                }
                let kind = swarm.pick(&mut script);
                actor = actor.does(operation(kind, keys, label, &mut script));
            }
            actor.ends();
        }
        for label in LABELS {
            let end = KeyedOperation::End { label: label.into(), ending: Ending::Dropped };
            s.finally(Operation::new(end));
        }
        s.finally(tenants.evicts_idle());
        s.finally(tenants.counts());

        promise::all(s, &tenants);
        s.sometimes(sometimes::somebody_goes_for_another());
        s.sometimes(sometimes::somebody_goes_in_the_nanosecond_of_its_idle_time(idle));
        s.sometimes(sometimes::somebody_is_refused());
        s.sometimes(sometimes::somebody_goes_who_was_open());
        s.sometimes(sometimes::two_make_one_key());
    })
    // Open ones that go once that is over, and one that stays a nanosecond before; who is refused while a call is in flight; one
    // place that goes from hand to hand.
    .pinned(&[0x2, 0xa, 0x13])
    .in_full()
    .finds(plants::CAPACITY_OFF_BY_ONE, "never_more_than_capacity")
    .finds(plants::EVICTION_FORGETS_OPEN, "who_is_open_stays")
    .finds(plants::EVICTION_OF_CALLS_IN_FLIGHT, "who_is_held_stays")
    .finds(plants::IDLE_LATE_BY_ONE_NANOSECOND, "idle_goes_exactly")
    .finds(plants::ONLY_THE_OLDEST_IS_ASKED_TO_GO, "nobody_is_refused_while_one_may_go")
}

const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];
/// The call that each caller has in flight.
const LABELS: [&str; 3] = ["x", "y", "z"];

/// Kinds of operation, as [`operation`] numbers them.
const KINDS: usize = 10;

fn operation(kind: usize, keys: &[&str], label: &str, script: &mut Generator) -> Operation {
    let key = keys[script.index(keys.len())].into();
    let by_hand = |key, command| KeyedOperation::ByHand { key, command };
    Operation::new(match kind {
        0..=2 => KeyedOperation::Call { key, fails: Fails::No },
        3 | 4 => KeyedOperation::Call { key, fails: Fails::Yes },
        5 => KeyedOperation::Begin { key, label: label.into() },
        6 => {
            let ending = *script.pick(&[Ending::Ok, Ending::Failed, Ending::Dropped]);
            KeyedOperation::End { label: label.into(), ending }
        }
        7 => by_hand(key, *script.pick(&[Command::ForceOpen, Command::Disable])),
        8 => by_hand(key, Command::Reset),
        _ => KeyedOperation::EvictIdle,
    })
}

/// Often exactly one of these times or a nanosecond less, else anything up to two of them.
fn some_time(times: &[Duration], script: &mut Generator) -> Duration {
    let time = *script.pick(times);
    match script.index(4) {
        0 => script.duration_within(NANOSECOND..=time * 2),
        1 => time - NANOSECOND,
        _ => time,
    }
}
