//! A listener's panic costs no call its place in the counts, and no trial its permit.

use super::last_reading::LastReading;
use crate::listeners::told::{Reading, Told, told};
use retrip_sim::check::{End, Judgement, Promise};
use retrip_sim::log::Event;

/// See [`every_call_is_counted`].
#[derive(Debug, Default)]
pub(in crate::listeners) struct EveryCallIsCounted {
    calls: i64,
    last: LastReading,
}

/// In the end every call is counted once, also one that a listener's panic has ended, and none is in flight.
pub(in crate::listeners) fn every_call_is_counted() -> EveryCallIsCounted {
    EveryCallIsCounted::default()
}

impl Promise for EveryCallIsCounted {
    fn name(&self) -> &'static str {
        "every_call_is_counted"
    }

    fn statement(&self) -> String {
        "in the end every call is counted once, and none is in flight".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(told) = told(event) else { return Judgement::NotConcerned };
        if matches!(told, Told::Calls | Told::IsThrownOut { of_call: true }) {
            self.calls += 1;
        }
        self.last.see(told);
        Judgement::NotConcerned
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        let Some(Reading { counted, in_flight, .. }) = self.last.reading() else {
            return Judgement::NotConcerned;
        };
        Judgement::equal(
            format!("{} calls counted, 0 in flight", self.calls),
            format!("{counted} calls counted, {in_flight} in flight"),
        )
    }
}
