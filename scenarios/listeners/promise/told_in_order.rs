//! The events of one breaker have one order, and everybody hears them in it.

use crate::listeners::told::{Told, told};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::Name;
use std::collections::{BTreeMap, BTreeSet};

/// No listener hears of what happened earlier after what happened later. What it hears twice is for another promise.
pub(in crate::listeners) fn told_in_order() -> impl Promise {
    let mut heard: BTreeMap<Name, BTreeSet<i64>> = BTreeMap::new();
    let statement = "whoever listens hears of everything in the order in which it happened";
    always("told_in_order", statement, move |event| {
        let Some(Told::Hears { order, .. }) = told(event) else { return Judgement::NotConcerned };
        let before = heard.entry(Name::clone(&event.who)).or_default();
        let last = before.last().copied();
        match last {
            Some(last) if before.insert(order) && order < last => Judgement::broken(
                format!("{} hears of {order} before {last}", event.who),
                format!("hears of {order} after {last}"),
            ),
            _ => {
                before.insert(order);
                Judgement::Holds
            }
        }
    })
}
