//! A trial that fails opens the breaker again at once, for a whole interval from that moment.

use super::of;
use super::opening::Opening;
use crate::check::{End, Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Cause, EventKind, Outcome, State};
use std::time::Duration;

/// See [`failed_trial_restarts_interval`].
#[derive(Clone, Debug)]
pub struct FailedTrialRestartsInterval {
    who: &'static str,
    open_for: Duration,
    /// The generation of the current half-open period, where there is one.
    half_open: Option<u64>,
    /// The current opening, where a failed trial caused it.
    opening: Option<Opening>,
    /// Whether the next event must be that it opens.
    due: bool,
}

/// A failed trial of the breaker `who` opens it at the time of that result, and from then on nothing passes for
/// `open_for`.
#[must_use]
pub fn failed_trial_restarts_interval(
    who: &'static str,
    open_for: Duration,
) -> FailedTrialRestartsInterval {
    FailedTrialRestartsInterval { who, open_for, half_open: None, opening: None, due: false }
}

impl Promise for FailedTrialRestartsInterval {
    fn name(&self) -> &'static str {
        "failed_trial_restarts_interval"
    }

    fn statement(&self) -> String {
        format!("a failed trial opens the breaker for {} from its end", Seconds(self.open_for))
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let reopens = matches!(own.kind, EventKind::Transition { cause: Cause::TrialFailed, .. });
        if std::mem::replace(&mut self.due, false) && !reopens {
            return Judgement::broken("opens again", format!("it {}", event.what.verb()));
        }
        let judgement = match (&own.kind, &self.opening) {
            (EventKind::Transition { to: State::HalfOpen, .. }, Some(opening)) => {
                match opening.ends(self.open_for) {
                    Some(end) if own.at >= end => Judgement::Holds,
                    _ => Judgement::broken(
                        opening.end_in_words(self.open_for),
                        format!("half-opens at {}", Seconds(own.at)),
                    ),
                }
            }
            (EventKind::Rejected { .. }, Some(_)) => Judgement::Holds,
            _ => Judgement::NotConcerned,
        };
        match &own.kind {
            EventKind::Completed { admitted_in, outcome: Outcome::Failure, .. } => {
                self.due = self.half_open == Some(admitted_in.as_u64());
            }
            EventKind::Transition { to, .. } => {
                let generation = own.generation.as_u64();
                self.half_open = (*to == State::HalfOpen).then_some(generation);
            }
            _ => {}
        }
        let opening = Opening::after(self.opening, own);
        self.opening = opening.filter(|opening| opening.cause == Cause::TrialFailed);
        judgement
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        if self.due {
            return Judgement::broken("opens again", "it stays half-open");
        }
        Judgement::NotConcerned
    }
}
