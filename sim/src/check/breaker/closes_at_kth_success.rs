//! A half-open breaker closes at exactly the success that makes its threshold, and at no other event.

use super::judged::Judged;
use super::of;
use super::silent::Silent;
use crate::check::{End, Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Cause, EventKind, Outcome, SlowCalls, State};
use retrip_core::door::Instant;

/// See [`closes_at_kth_success`].
#[derive(Clone, Debug)]
pub struct ClosesAtKthSuccess {
    who: &'static str,
    threshold: u32,
    /// The current half-open period, where there is one: its generation, and its successful trials.
    period: Option<(u64, u32)>,
    /// When the breaker must close, with its next event.
    due: Option<Instant>,
    silent: Silent,
    judged: Judged,
}

/// The breaker `who` closes by itself at exactly the `threshold`-th success of one half-open period, at the time of that
/// result.
#[must_use]
pub fn closes_at_kth_success(who: &'static str, threshold: u32) -> ClosesAtKthSuccess {
    let (silent, judged) = (Silent::default(), Judged::default());
    ClosesAtKthSuccess { who, threshold, period: None, due: None, silent, judged }
}

impl ClosesAtKthSuccess {
    /// A trial that succeeds and is one of these slow calls counts as one that failed.
    #[must_use]
    pub fn with_slow_calls(self, slow_calls: Option<SlowCalls>) -> Self {
        Self { judged: Judged::by(slow_calls), ..self }
    }

    fn wanted(&self) -> String {
        format!("closes at success {} of one half-open period", self.threshold)
    }
}

impl Promise for ClosesAtKthSuccess {
    fn name(&self) -> &'static str {
        "closes_at_kth_success"
    }

    fn statement(&self) -> String {
        format!("a half-open breaker {}, and not before", self.wanted())
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let was_silent = self.silent.ends(own);
        let closes =
            matches!(own.kind, EventKind::Transition { cause: Cause::TrialsSucceeded, .. });
        match (self.due.take(), closes) {
            (Some(at), true) if at != own.at => {
                let wanted = format!("closes at {}", Seconds(at));
                return Judgement::broken(wanted, format!("closes at {}", Seconds(own.at)));
            }
            (Some(_), false) => {
                return Judgement::broken(self.wanted(), format!("it {}", event.what.verb()));
            }
            (None, true) => {
                let successes = self.period.map_or(0, |(_, successes)| successes);
                return Judgement::broken(self.wanted(), format!("closes at success {successes}"));
            }
            (Some(_), true) | (None, false) => {}
        }
        match (&own.kind, &mut self.period) {
            (EventKind::Transition { to: State::HalfOpen, .. }, period) => {
                *period = Some((own.generation.as_u64(), 0));
            }
            (EventKind::Transition { .. } | EventKind::Renewed { .. }, period) => *period = None,
            (EventKind::Completed { admitted_in, .. }, Some((generation, successes)))
                if admitted_in.as_u64() == *generation
                    && !was_silent
                    && self.judged.outcome(own) == Some(Outcome::Success) =>
            {
                *successes += 1;
                self.due = (*successes == self.threshold).then_some(own.at);
                return Judgement::Holds;
            }
            _ => {}
        }
        if closes { Judgement::Holds } else { Judgement::NotConcerned }
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        if self.due.is_some() {
            return Judgement::broken(self.wanted(), "it stays half-open");
        }
        Judgement::NotConcerned
    }
}
