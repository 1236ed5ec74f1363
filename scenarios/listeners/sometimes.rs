//! What must be seen of listeners, or a sweep shows less than it says.

use super::told::{Told, told};
use retrip_sim::check::Sometimes;
use retrip_sim::log::Name;
use std::collections::BTreeMap;

/// A listener's panic ends what somebody did.
pub(super) fn somebody_is_thrown_out() -> Sometimes {
    let is_it = |told: Option<Told>| matches!(told, Some(Told::IsThrownOut { .. }));
    Sometimes::new("somebody_is_thrown_out", move |event| is_it(told(event)))
}

/// More happens than may wait.
pub(super) fn something_is_missed() -> Sometimes {
    let is_it = |told: Option<Told>| matches!(told, Some(Told::Hears { missed: 1.., .. }));
    Sometimes::new("something_is_missed", move |event| is_it(told(event)))
}

/// What one thread brought about is told by another one, between two things that the other one does.
pub(super) fn a_listener_is_told_by_several() -> Sometimes {
    let mut tellers: BTreeMap<Name, Name> = BTreeMap::new();
    Sometimes::new("a_listener_is_told_by_several", move |event| match told(event) {
        Some(Told::Hears { .. }) => {
            let before = tellers.insert(Name::clone(&event.who), Name::clone(&event.thread));
            before.is_some_and(|before| before != event.thread)
        }
        _ => false,
    })
}

/// Whoever meddles is told of something else before anybody has done anything more: it was waiting.
pub(super) fn events_wait_while_somebody_meddles() -> Sometimes {
    let mut meddles: BTreeMap<Name, u32> = BTreeMap::new();
    Sometimes::new("events_wait_while_somebody_meddles", move |event| match told(event) {
        Some(Told::Meddles) => {
            meddles.insert(Name::clone(&event.thread), 0);
            false
        }
        Some(Told::Hears { .. }) => match meddles.get_mut(&event.thread) {
            Some(heard) if *event.who == *"meddler" => {
                *heard += 1;
                *heard >= 2
            }
            _ => false,
        },
        Some(Told::Calls | Told::IsThrownOut { .. }) => {
            meddles.remove(&event.thread);
            false
        }
        _ => false,
    })
}
