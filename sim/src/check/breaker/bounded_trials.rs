//! A half-open breaker tries the service with a few calls, not with everyone who waits.

use super::of;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::{EventKind, Outcome, State};

/// See [`bounded_trials`].
#[derive(Clone, Debug)]
pub struct BoundedTrials {
    who: &'static str,
    permits: u32,
    /// The current half-open period, where there is one: its generation, and its trials in flight and succeeded.
    period: Option<(u64, u32)>,
}

/// In each half-open period of the breaker `who` at most `permits` trials are in flight or have succeeded.
#[must_use]
pub fn bounded_trials(who: &'static str, permits: u32) -> BoundedTrials {
    BoundedTrials { who, permits, period: None }
}

impl Promise for BoundedTrials {
    fn name(&self) -> &'static str {
        "bounded_trials"
    }

    fn statement(&self) -> String {
        format!("a half-open period has at most {} trials in flight and succeeded", self.permits)
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        match (&own.kind, &mut self.period) {
            (EventKind::Transition { to: State::HalfOpen, .. }, _) => {
                self.period = Some((own.generation.as_u64(), 0));
            }
            (EventKind::Transition { .. } | EventKind::Renewed { .. }, _) => self.period = None,
            (EventKind::TrialBegins { .. }, Some((_, trials))) => {
                *trials += 1;
                if *trials > self.permits {
                    let wanted = format!("at most {} trials", self.permits);
                    return Judgement::broken(wanted, format!("trial {trials} begins"));
                }
                return Judgement::Holds;
            }
            // A success keeps its place: so many successes are enough to close.
            (
                EventKind::Completed { admitted_in, outcome: Outcome::Ignored, .. },
                Some((generation, trials)),
            ) if admitted_in.as_u64() == *generation => *trials = trials.saturating_sub(1),
            _ => {}
        }
        Judgement::NotConcerned
    }
}
