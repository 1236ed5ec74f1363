//! Nobody hears of anything twice, whatever the others do.

use crate::listeners::told::{Told, told};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::Name;
use std::collections::BTreeSet;

/// Each listener hears of each event once at most.
pub(in crate::listeners) fn told_once() -> impl Promise {
    let mut heard = BTreeSet::new();
    let statement = "whoever listens hears of nothing twice";
    always("told_once", statement, move |event| match told(event) {
        Some(Told::Hears { order, .. }) if !heard.insert((Name::clone(&event.who), order)) => {
            let wanted = format!("{} hears of {order} once", event.who);
            Judgement::broken(wanted, format!("hears of {order} again"))
        }
        Some(Told::Hears { .. }) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}
