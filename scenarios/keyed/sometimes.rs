//! What must be seen of breakers by key, or a sweep shows less than it says.

use super::ledger::{Answer, Ledger, Seen};
use super::told::{Mode, Told, told};
use retrip_core::door::Instant;
use retrip_sim::check::Sometimes;
use retrip_sim::log::Name;
use std::collections::BTreeMap;
use std::time::Duration;

fn seen(name: &'static str, is_so: impl Fn(&Seen, Instant) -> bool + Send + 'static) -> Sometimes {
    let mut ledger = Ledger::default();
    Sometimes::new(name, move |event| {
        ledger.see(event).is_some_and(|seen| is_so(&seen, event.mono))
    })
}

/// A closed breaker goes because its place is wanted.
pub(super) fn somebody_goes_for_another() -> Sometimes {
    seen("somebody_goes_for_another", |seen, _| match seen {
        Seen::Done { deed, answer: Answer::New, .. } => !deed.gone.is_empty(),
        _ => false,
    })
}

/// A breaker goes in the very nanosecond from which on it is idle.
pub(super) fn somebody_goes_in_the_nanosecond_of_its_idle_time(idle: Duration) -> Sometimes {
    seen("somebody_goes_in_the_nanosecond_of_its_idle_time", move |seen, now| match seen {
        Seen::Goes { key, within, .. } => within.before.get(key).is_some_and(|before| {
            before.used_until.time == before.used_from.time
                && before.used_until.time.saturating_add(idle) == now
        }),
        Seen::Done { .. } => false,
    })
}

/// Somebody is refused.
pub(super) fn somebody_is_refused() -> Sometimes {
    Sometimes::new("somebody_is_refused", |event| matches!(told(event), Some(Told::IsRefused(_))))
}

/// A breaker goes that was open, once that is over.
pub(super) fn somebody_goes_who_was_open() -> Sometimes {
    seen("somebody_goes_who_was_open", |seen, now| match seen {
        Seen::Goes { key, within, .. } => within.before.get(key).is_some_and(
            |before| matches!(before.mode, Some(Mode::Open { until }) if until <= now),
        ),
        Seen::Done { .. } => false,
    })
}

/// Two ask for a key that is not there, and one of them was slower to make it.
pub(super) fn two_make_one_key() -> Sometimes {
    let mut asks: BTreeMap<Name, (Name, bool)> = BTreeMap::new();
    Sometimes::new("two_make_one_key", move |event| match told(event) {
        Some(Told::Asks(key)) => {
            asks.insert(Name::clone(&event.thread), (key, false));
            false
        }
        Some(Told::Gets { key, new, .. }) => {
            let mine = asks.remove(&event.thread);
            if new {
                for (_, is_slower) in asks.values_mut().filter(|(other, _)| *other == key) {
                    *is_slower = true;
                }
            }
            !new && mine.is_some_and(|(_, is_slower)| is_slower)
        }
        _ => false,
    })
}
