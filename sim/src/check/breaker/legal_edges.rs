//! A breaker changes its state along five edges only, each for its own reasons.

use super::of;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::{Cause, EventKind, State};

/// See [`legal_edges`].
#[derive(Clone, Debug)]
pub struct LegalEdges {
    who: &'static str,
    state: State,
}

/// The breaker `who` goes from closed to open, from open to half-open and from there to either; a reset closes it from
/// everywhere, and it can be forced open from everywhere. Each change begins where the one before ended.
#[must_use]
pub fn legal_edges(who: &'static str) -> LegalEdges {
    LegalEdges { who, state: State::Closed }
}

const fn is_legal(from: State, to: State, cause: Cause) -> bool {
    match cause {
        Cause::Threshold => matches!((from, to), (State::Closed, State::Open)),
        Cause::IntervalOver => matches!((from, to), (State::Open, State::HalfOpen)),
        Cause::TrialFailed => matches!((from, to), (State::HalfOpen, State::Open)),
        Cause::TrialsSucceeded => matches!((from, to), (State::HalfOpen, State::Closed)),
        Cause::Forced => matches!(to, State::Open) && !matches!(from, State::Open),
        Cause::Reset => matches!(to, State::Closed) && !matches!(from, State::Closed),
    }
}

impl Promise for LegalEdges {
    fn name(&self) -> &'static str {
        "legal_edges"
    }

    fn statement(&self) -> String {
        "every change of state begins where the one before ended, along a legal edge".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let EventKind::Transition { from, to, cause, .. } = &own.kind else {
            return Judgement::NotConcerned;
        };
        let before = std::mem::replace(&mut self.state, *to);
        if *from != before {
            return Judgement::broken(format!("a change from {before}"), format!("from {from}"));
        }
        if !is_legal(*from, *to, *cause) {
            let wanted = format!("a legal change from {from}");
            return Judgement::broken(wanted, format!("{from} to {to} ({cause:?})"));
        }
        Judgement::Holds
    }
}
