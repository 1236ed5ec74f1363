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

/// The breaker `who` goes from closed to open, from open to half-open and from there to either; by hand it can be closed and
/// opened from everywhere, and what was opened by hand is lifted to half-open. Each change begins where the one before ended. A command that
/// asks for the state that is there leaves it. Each change and each such command begins the next generation, and nothing
/// else does.
#[must_use]
pub fn legal_edges(who: &'static str) -> LegalEdges {
    LegalEdges { who, state: State::Closed, generation: 0 }
}

const fn is_legal(from: State, to: State, cause: Cause) -> bool {
    use State::{Closed, HalfOpen, Open};
    match cause {
        Cause::Threshold | Cause::FailureRate | Cause::SlowRate => {
            matches!((from, to), (Closed, Open))
        }
        Cause::IntervalOver => matches!((from, to), (Open, HalfOpen)),
        Cause::TrialFailed | Cause::TrialSlow | Cause::NotClosedInTime => {
            matches!((from, to), (HalfOpen, Open))
        }
        Cause::TrialsSucceeded => matches!((from, to), (HalfOpen, Closed)),
        Cause::Forced | Cause::Isolated => matches!((from, to), (Closed | HalfOpen, Open)),
        Cause::Disabled | Cause::MetricsOnly | Cause::Reset => {
            matches!((from, to), (Open | HalfOpen, Closed))
        }
        // What was closed by hand stays closed.
        Cause::Lifted => matches!((from, to), (Open, HalfOpen)),
        _ => false,
    }
}

/// Whether `cause` is a command that asks for `state`.
const fn may_renew(state: State, cause: Cause) -> bool {
    match state {
        State::Open => matches!(cause, Cause::Forced | Cause::Isolated),
        State::Closed => {
            matches!(cause, Cause::Disabled | Cause::MetricsOnly | Cause::Lifted | Cause::Reset)
        }
        State::HalfOpen => false,
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
            EventKind::Renewed { state, cause, .. } => {
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
