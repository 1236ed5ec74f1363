//! Nothing is lost, not even by a panic: what was not told yet is told with the next operation.

use super::last_reading::LastReading;
use crate::listeners::audience::LISTENERS;
use crate::listeners::told::{Reading, Told, told};
use retrip_core::breaker::Interest;
use retrip_sim::check::{End, Judgement, Promise};
use retrip_sim::log::{Event, Name};
use std::collections::{BTreeMap, BTreeSet};

/// See [`everything_is_told`].
#[derive(Debug)]
pub(in crate::listeners) struct EverythingIsTold {
    last_hears: Interest,
    heard: BTreeMap<Name, Heard>,
    last: LastReading,
}

/// In the end each listener has heard of every generation, the last of which is the breaker's, with its state. Who wants to
/// hear everything has heard of everything else as well, or that it was missed.
pub(in crate::listeners) fn everything_is_told(last_hears: Interest) -> EverythingIsTold {
    EverythingIsTold { last_hears, heard: BTreeMap::new(), last: LastReading::default() }
}

impl Promise for EverythingIsTold {
    fn name(&self) -> &'static str {
        "everything_is_told"
    }

    fn statement(&self) -> String {
        "in the end whoever listens has heard of everything".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(told) = told(event) else { return Judgement::NotConcerned };
        if let Told::Hears { order, generation, state, missed } = &told {
            let heard = self.heard.entry(Name::clone(&event.who)).or_default();
            heard.orders.extend(*order..*order + 1.max(*missed));
            heard.states.extend(state.clone().map(|state| (*generation, state)));
        }
        self.last.see(told);
        Judgement::NotConcerned
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        let Some(reading) = self.last.reading() else { return Judgement::NotConcerned };
        let interests = [Interest::Transitions, Interest::Transitions, self.last_hears];
        for (listener, interest) in LISTENERS.into_iter().zip(interests) {
            let nothing = Heard::default();
            let heard = self.heard.get(listener).unwrap_or(&nothing);
            if let Some((wanted, found)) = heard.lacks(reading, interest) {
                return Judgement::broken(format!("{listener} has heard {wanted}"), found);
            }
        }
        Judgement::Holds
    }
}

/// What a listener has heard of.
#[derive(Debug, Default)]
struct Heard {
    orders: BTreeSet<i64>,
    /// The state of each generation.
    states: BTreeMap<i64, Name>,
}

impl Heard {
    /// What it should have heard of, and what it has.
    fn lacks(&self, reading: &Reading, interest: Interest) -> Option<(String, String)> {
        let Reading { state, generation, .. } = reading;
        if let Some(missed) = (1..=*generation).find(|of| !self.states.contains_key(of)) {
            return Some((format!("of generation {missed} of {generation}"), "never has".into()));
        }
        let last = self.states.get(generation);
        if let Some(last) = last.filter(|last| *last != state) {
            return Some((format!("that it is {state}"), format!("last that it is {last}")));
        }
        let last = self.orders.last().copied().filter(|_| interest == Interest::Everything)?;
        let missed = (0..last).find(|order| !self.orders.contains(order))?;
        Some((format!("of {missed}"), "never has".into()))
    }
}
