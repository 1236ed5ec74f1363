//! A trial that fails opens the breaker again at once, for a whole interval from that moment.

use super::of;
use super::opening::Opening;
use super::silent::Silent;
use crate::check::{End, Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Cause, EventKind, Outcome, State};
use retrip_core::door::Instant;
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
    /// When the breaker must open, with its next event.
    due: Option<Instant>,
    silent: Silent,
}

/// A failed trial of the breaker `who`, and nothing else that a trial does, opens it at the time of that result, and it
/// half-opens no sooner than `open_for` after that. That nothing else passes while it is open,
/// [`open_rejects`](super::open_rejects) says.
#[must_use]
pub fn failed_trial_restarts_interval(
    who: &'static str,
    open_for: Duration,
) -> FailedTrialRestartsInterval {
    let silent = Silent::default();
    FailedTrialRestartsInterval { who, open_for, half_open: None, opening: None, due: None, silent }
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
        let was_silent = self.silent.ends(own);
        let reopens = matches!(own.kind, EventKind::Transition { cause: Cause::TrialFailed, .. });
        match (self.due.take(), reopens) {
            (Some(at), true) if at != own.at => {
                let wanted = format!("opens again at {}", Seconds(at));
                return Judgement::broken(wanted, format!("opens at {}", Seconds(own.at)));
            }
            (Some(_), false) => {
                return Judgement::broken("opens again", format!("it {}", event.what.verb()));
            }
            (None, true) => {
                return Judgement::broken("opens when a trial fails", "opens, and no trial failed");
            }
            (Some(_), true) | (None, false) => {}
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
                let is_trial = !was_silent && self.half_open == Some(admitted_in.as_u64());
                self.due = is_trial.then_some(own.at);
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
        if self.due.is_some() {
            return Judgement::broken("opens again", "it stays half-open");
        }
        Judgement::NotConcerned
    }
}
