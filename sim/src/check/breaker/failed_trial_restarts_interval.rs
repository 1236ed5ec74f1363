//! A trial that fails opens the breaker again at once, for a whole interval from that moment.

use super::judged::Judged;
use super::of;
use super::opening::{Asked, OpenFor, Opening};
use super::silent::Silent;
use crate::check::{End, Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Cause, EventKind, Outcome, SlowCalls, State};
use retrip_core::door::Instant;

/// See [`failed_trial_restarts_interval`].
#[derive(Clone, Debug)]
pub struct FailedTrialRestartsInterval {
    who: &'static str,
    open_for: OpenFor,
    tolerated: u32,
    /// The current half-open period, where there is one: its generation, and its failed trials.
    half_open: Option<(u64, u32)>,
    /// The current opening, where a failed trial caused it.
    opening: Option<Opening>,
    asked: Asked,
    /// When the breaker must open, with its next event.
    due: Option<Instant>,
    silent: Silent,
    judged: Judged,
}

/// A failed trial of the breaker `who`, and nothing else that a trial does, opens it at the time of that result, and it
/// half-opens no sooner than `open_for` after that. That nothing else passes while it is open,
/// [`open_rejects`](super::open_rejects) says.
#[must_use]
pub fn failed_trial_restarts_interval(
    who: &'static str,
    open_for: impl Into<OpenFor>,
) -> FailedTrialRestartsInterval {
    let (silent, judged) = (Silent::default(), Judged::default());
    let (half_open, opening, due) = (None, None, None);
    let (open_for, tolerated) = (open_for.into(), 0);
    let asked = Asked::default();
    FailedTrialRestartsInterval {
        who,
        open_for,
        tolerated,
        half_open,
        opening,
        asked,
        due,
        silent,
        judged,
    }
}

impl FailedTrialRestartsInterval {
    /// So many trials of a half-open period may fail before one opens it again.
    #[must_use]
    pub fn tolerating(self, tolerated: u32) -> Self {
        Self { tolerated, ..self }
    }

    /// A trial that succeeds and is one of these slow calls counts as one that failed.
    #[must_use]
    pub fn with_slow_calls(self, slow_calls: Option<SlowCalls>) -> Self {
        Self { judged: Judged::by(slow_calls), ..self }
    }
}

impl Promise for FailedTrialRestartsInterval {
    fn name(&self) -> &'static str {
        "failed_trial_restarts_interval"
    }

    fn statement(&self) -> String {
        format!("a failed trial opens the breaker for {} from its end", self.open_for.in_words())
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let was_silent = self.silent.ends(own);
        let reopens =
            matches!(own.kind, EventKind::Transition { cause, .. } if is_of_a_trial(cause));
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
            (EventKind::Transition { cause: Cause::Lifted, .. }, _) => Judgement::NotConcerned,
            (EventKind::Transition { to: State::HalfOpen, .. }, Some(opening)) => {
                match opening.ends() {
                    Some(end) if own.at >= end => Judgement::Holds,
                    _ => Judgement::broken(
                        opening.end_in_words(),
                        format!("half-opens at {}", Seconds(own.at)),
                    ),
                }
            }
            (EventKind::Rejected { .. }, Some(_)) => Judgement::Holds,
            _ => Judgement::NotConcerned,
        };
        match &own.kind {
            EventKind::Completed { admitted_in, .. } => {
                if let Some((generation, failed)) = &mut self.half_open
                    && self.judged.outcome(own) == Some(Outcome::Failure)
                    && !was_silent
                    && *generation == admitted_in.as_u64()
                {
                    *failed += 1;
                    self.due = (*failed > self.tolerated).then_some(own.at);
                }
            }
            EventKind::Transition { to, .. } => {
                let generation = own.generation.as_u64();
                self.half_open = (*to == State::HalfOpen).then_some((generation, 0));
            }
            _ => {}
        }
        let opening = Opening::after(self.opening, own, self.open_for, &mut self.asked);
        self.opening = opening.filter(|opening| is_of_a_trial(opening.cause));
        judgement
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        if self.due.is_some() {
            return Judgement::broken("opens again", "it stays half-open");
        }
        Judgement::NotConcerned
    }
}

const fn is_of_a_trial(cause: Cause) -> bool {
    matches!(cause, Cause::TrialFailed | Cause::TrialSlow)
}
