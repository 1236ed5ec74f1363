//! The memory is bounded, whatever the number of keys.

use crate::keyed::told::{Told, told};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::Name;
use std::collections::BTreeSet;

/// There are never more breakers than the capacity. While nobody asks for one, no more keys are kept either.
pub(in crate::keyed) fn never_more_than_capacity(capacity: usize) -> impl Promise {
    let statement = format!("there are never more than {capacity} breakers, nor keys of them");
    let mut asks = BTreeSet::new();
    let judge = move |found: usize, what: &str| {
        if found <= capacity {
            Judgement::Holds
        } else {
            Judgement::broken(format!("at most {capacity} {what}"), format!("{found} {what}"))
        }
    };
    always("never_more_than_capacity", statement, move |event| match told(event) {
        Some(Told::Asks(_) | Told::Evicts) => {
            asks.insert(Name::clone(&event.thread));
            Judgement::NotConcerned
        }
        Some(Told::IsRefused(_) | Told::HasEvicted(_)) => {
            asks.remove(&event.thread);
            Judgement::NotConcerned
        }
        Some(Told::Gets { there, .. }) => {
            asks.remove(&event.thread);
            judge(there, "breakers")
        }
        Some(Told::Has { breakers, .. }) if breakers > capacity => judge(breakers, "breakers"),
        // Who asks makes copies of a key before it looks for a place.
        Some(Told::Has { keys, .. }) if asks.is_empty() => judge(keys, "keys"),
        _ => Judgement::NotConcerned,
    })
}
