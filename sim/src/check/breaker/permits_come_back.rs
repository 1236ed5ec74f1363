//! Whoever gets a permit, and however the call ends: the permit comes back.

use super::{in_flight, reading};
use crate::check::{End, Judgement, Promise};
use crate::log::Event;

/// See [`permits_come_back`].
#[derive(Clone, Debug)]
pub struct PermitsComeBack {
    who: &'static str,
    /// What the last reading says is under way, where nothing has happened to the breaker since.
    in_flight: Option<i64>,
}

/// At the last reading of the statistics of the breaker `who`, where nothing happens to it after that, no call is under
/// way. For scripts that end every call that they begin, and then [finally](crate::scenario::Draft::finally) read.
#[must_use]
pub fn permits_come_back(who: &'static str) -> PermitsComeBack {
    PermitsComeBack { who, in_flight: None }
}

impl Promise for PermitsComeBack {
    fn name(&self) -> &'static str {
        "permits_come_back"
    }

    fn statement(&self) -> String {
        "once all calls have ended, none is under way".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if *event.who == *self.who {
            self.in_flight = reading(event, self.who).and_then(in_flight);
        }
        Judgement::NotConcerned
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        match self.in_flight {
            None => Judgement::NotConcerned,
            Some(0) => Judgement::Holds,
            Some(left) => Judgement::broken("in flight 0", format!("in flight {left}")),
        }
    }
}
