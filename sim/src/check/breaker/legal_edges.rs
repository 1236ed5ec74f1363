//! A breaker changes its state along few edges only, each for its own reasons, and numbers its changes.

use super::of;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::{Cause, EventKind, State};

/// See [`legal_edges`].
#[derive(Clone, Debug)]
pub struct LegalEdges {
    who: &'static str,
    state: State,
    /// Changes and manual commands so far.
    generation: u64,
}

/// The breaker `who` goes from closed to open, from open to half-open and from there to either; a reset closes it from
/// everywhere, and it can be forced open from everywhere. Each change begins where the one before ended. A command that
/// asks for the state that is there leaves it. Each change and each such command begins the next generation, and nothing
/// else does.
#[must_use]
pub fn legal_edges(who: &'static str) -> LegalEdges {
    LegalEdges { who, state: State::Closed, generation: 0 }
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

/// Whether `cause` is a command that asks for `state`.
const fn may_renew(state: State, cause: Cause) -> bool {
    matches!((state, cause), (State::Open, Cause::Forced) | (State::Closed, Cause::Reset))
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
        let before = self.state;
        let judgement = match &own.kind {
            EventKind::Transition { from, to, cause, .. } => {
                (self.state, self.generation) = (*to, self.generation + 1);
                if *from != before {
                    let wanted = format!("a change from {before}");
                    Judgement::broken(wanted, format!("from {from}"))
                } else if !is_legal(*from, *to, *cause) {
                    let wanted = format!("a legal change from {from}");
                    Judgement::broken(wanted, format!("{from} to {to} ({cause:?})"))
                } else {
                    Judgement::Holds
                }
            }
            EventKind::Renewed { state, cause } => {
                self.generation += 1;
                if *state == before && may_renew(*state, *cause) {
                    Judgement::Holds
                } else {
                    let wanted = format!("a command that leaves it {before}");
                    Judgement::broken(wanted, format!("it stays {state} ({cause:?})"))
                }
            }
            _ => Judgement::NotConcerned,
        };
        let found = own.generation.as_u64();
        if found != self.generation && !matches!(judgement, Judgement::Broken(_)) {
            let wanted = format!("generation {}", self.generation);
            return Judgement::broken(wanted, format!("generation {found}"));
        }
        judgement
    }
}
