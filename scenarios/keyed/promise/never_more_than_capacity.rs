//! The memory is bounded, whatever the number of keys.

use crate::keyed::told::{Told, told};
use retrip_sim::check::{Judgement, Promise, always};

/// There are never more breakers than the capacity. Once nobody does anything, no more keys are kept either.
pub(in crate::keyed) fn never_more_than_capacity(capacity: usize) -> impl Promise {
    let statement = format!("there are never more than {capacity} breakers, nor keys in the end");
    let judge = move |found: usize, what: &str| {
        if found <= capacity {
            Judgement::Holds
        } else {
            Judgement::broken(format!("at most {capacity} {what}"), format!("{found} {what}"))
        }
    };
    always("never_more_than_capacity", statement, move |event| match told(event) {
        Some(Told::Gets { there, .. }) => judge(there, "breakers"),
        Some(Told::Has { breakers, .. }) if breakers > capacity => judge(breakers, "breakers"),
        Some(Told::Has { keys, .. }) => judge(keys, "keys"),
        _ => Judgement::NotConcerned,
    })
}
