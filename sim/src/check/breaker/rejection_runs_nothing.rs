//! A rejected call does not reach the service.

use super::of;
use crate::check::{End, Judgement, Promise};
use crate::log::{Event, What};
use retrip_core::breaker::EventKind;

/// See [`rejection_runs_nothing`].
#[derive(Clone, Debug)]
pub struct RejectionRunsNothing {
    who: &'static str,
    served: u64,
    ended: u64,
    rejected: u64,
}

/// The backend behind the breaker `who` serves as many calls as end there; of those that are rejected it hears nothing.
#[must_use]
pub fn rejection_runs_nothing(who: &'static str) -> RejectionRunsNothing {
    RejectionRunsNothing { who, served: 0, ended: 0, rejected: 0 }
}

impl Promise for RejectionRunsNothing {
    fn name(&self) -> &'static str {
        "rejection_runs_nothing"
    }

    fn statement(&self) -> String {
        "the backend serves the calls that were admitted, and no other".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
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
        let Self { served, ended, rejected, .. } = *self;
        if served == ended {
            return if rejected > 0 { Judgement::Holds } else { Judgement::NotConcerned };
        }
        let found = format!("serves {served} calls, {rejected} were rejected");
        Judgement::broken(format!("serves the {ended} calls that were admitted"), found)
    }
}
