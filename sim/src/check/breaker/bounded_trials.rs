//! A half-open breaker tries the service with a few calls, not with everyone who waits.

use super::of;
use super::trials::{Seen, Trials};
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::SlowCalls;

/// See [`bounded_trials`].
#[derive(Clone, Debug)]
pub struct BoundedTrials {
    who: &'static str,
    permits: u32,
    trials: Trials,
}

/// In each half-open period of the breaker `who` at most `permits` trials are in flight or have succeeded, and what ends in
/// it was a trial. That they are not fewer is what [`permits_are_given`](super::permits_are_given) is about.
#[must_use]
pub fn bounded_trials(who: &'static str, permits: u32) -> BoundedTrials {
    BoundedTrials { who, permits, trials: Trials::default() }
}

impl BoundedTrials {
    /// A trial that succeeds and is one of these slow calls counts as one that failed.
    #[must_use]
    pub fn with_slow_calls(self, slow_calls: Option<SlowCalls>) -> Self {
        Self { trials: self.trials.with_slow_calls(slow_calls), ..self }
    }
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
        match self.trials.see(own) {
            Seen::Other => Judgement::NotConcerned,
            Seen::EndsUnbegun => {
                let found = "one ends that never began";
                Judgement::broken("every call of a half-open period is a trial", found)
            }
            Seen::Begins => match self.trials.taken() {
                Some(trials) if trials > self.permits => {
                    let wanted = format!("at most {} trials", self.permits);
                    Judgement::broken(wanted, format!("trial {trials} begins"))
                }
                _ => Judgement::Holds,
            },
        }
    }
}
