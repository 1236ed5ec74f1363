//! A rejected call does not reach the service.

use super::{in_flight, of, reading};
use crate::check::{End, Judgement, Promise};
use crate::log::{Event, What};
use retrip_core::breaker::EventKind;

/// See [`rejection_runs_nothing`].
#[derive(Clone, Debug)]
pub struct RejectionRunsNothing {
    who: &'static str,
    served: i64,
    ended: i64,
    rejected: i64,
    /// What the last reading says is under way, where nothing has happened to the breaker since.
    in_flight: i64,
}

/// The backend behind the breaker `who` serves as many calls as end there, or are still under way at a last reading; of
/// those that are rejected it hears nothing.
#[must_use]
pub fn rejection_runs_nothing(who: &'static str) -> RejectionRunsNothing {
    RejectionRunsNothing { who, served: 0, ended: 0, rejected: 0, in_flight: 0 }
}

impl Promise for RejectionRunsNothing {
    fn name(&self) -> &'static str {
        "rejection_runs_nothing"
    }

    fn statement(&self) -> String {
        "the backend serves the calls that were admitted, and no other".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if *event.who == *self.who {
            self.in_flight = reading(event, self.who).and_then(in_flight).unwrap_or(0);
        }
        if let What::Note { verb, .. } = &event.what
            && **verb == *"serves"
            && *event.who == *self.who
        {
            self.served += 1;
        }
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        match &own.kind {
            EventKind::Completed { .. } => self.ended += 1,
            EventKind::Rejected { .. } => self.rejected += 1,
            _ => {}
        }
        Judgement::NotConcerned
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        let Self { served, rejected, .. } = *self;
        let admitted = self.ended + self.in_flight;
        if rejected == 0 {
            return Judgement::NotConcerned;
        }
        if served == admitted {
            return Judgement::Holds;
        }
        let found = format!("serves {served} calls, {rejected} were rejected");
        Judgement::broken(format!("serves the {admitted} calls that were admitted"), found)
    }
}
