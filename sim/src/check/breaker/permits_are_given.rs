//! A half-open breaker whose permits are not all taken tries the next call.

use super::of;
use super::trials::Trials;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::{EventKind, SlowCalls, State};

/// See [`permits_are_given`].
#[derive(Clone, Debug)]
pub struct PermitsAreGiven {
    who: &'static str,
    permits: u32,
    trials: Trials,
}

/// While half-open the breaker `who` rejects a call only where all of its `permits` are taken: each by a trial that is in flight or
/// has succeeded. One that failed and was tolerated, was ignored, or was silent for longer than its lease has given its own
/// back. Without this a breaker that tries nobody keeps every other promise.
#[must_use]
pub fn permits_are_given(who: &'static str, permits: u32) -> PermitsAreGiven {
    PermitsAreGiven { who, permits, trials: Trials::default() }
}

impl PermitsAreGiven {
    /// A trial that succeeds and is one of these slow calls counts as one that failed.
    #[must_use]
    pub fn with_slow_calls(self, slow_calls: Option<SlowCalls>) -> Self {
        Self { trials: self.trials.with_slow_calls(slow_calls), ..self }
    }
}

impl Promise for PermitsAreGiven {
    fn name(&self) -> &'static str {
        "permits_are_given"
    }

    fn statement(&self) -> String {
        format!(
            "a half-open period rejects calls only while all of {} permits are taken",
            self.permits
        )
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        self.trials.see(own);
        match (&own.kind, self.trials.taken()) {
            (EventKind::Rejected { state: State::HalfOpen, .. }, Some(taken)) => {
                if taken >= self.permits {
                    return Judgement::Holds;
                }
                let wanted = format!("a trial: {taken} of {} permits are taken", self.permits);
                Judgement::broken(wanted, "a rejection")
            }
            _ => Judgement::NotConcerned,
        }
    }
}
