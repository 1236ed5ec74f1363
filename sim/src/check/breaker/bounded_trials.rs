//! A half-open breaker tries the service with a few calls, not with everyone who waits.

use super::of;
use super::silent::Silent;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::{EventKind, Outcome, State};

/// See [`bounded_trials`].
#[derive(Clone, Debug)]
pub struct BoundedTrials {
    who: &'static str,
    permits: u32,
    period: Option<Period>,
    silent: Silent,
}

/// A half-open period.
#[derive(Clone, Copy, Debug)]
struct Period {
    generation: u64,
    in_flight: u32,
    /// A success keeps its place: so many successes are enough to close.
    succeeded: u32,
}

/// In each half-open period of the breaker `who` at most `permits` trials are in flight or have succeeded, and what ends in
/// it was a trial.
#[must_use]
pub fn bounded_trials(who: &'static str, permits: u32) -> BoundedTrials {
    BoundedTrials { who, permits, period: None, silent: Silent::default() }
}

impl Period {
    fn begins(&mut self, permits: u32) -> Judgement {
        self.in_flight += 1;
        let trials = self.in_flight + self.succeeded;
        if trials <= permits {
            return Judgement::Holds;
        }
        Judgement::broken(format!("at most {permits} trials"), format!("trial {trials} begins"))
    }

    fn ends(&mut self, outcome: Outcome) -> Judgement {
        if self.in_flight == 0 {
            let found = "one ends that never began";
            return Judgement::broken("every call of a half-open period is a trial", found);
        }
        self.in_flight -= 1;
        if outcome == Outcome::Success {
            self.succeeded += 1;
        }
        Judgement::NotConcerned
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
        if self.silent.ends(own) {
            return Judgement::NotConcerned;
        }
        match (&own.kind, &mut self.period) {
            (EventKind::Transition { to: State::HalfOpen, .. }, period) => {
                let generation = own.generation.as_u64();
                *period = Some(Period { generation, in_flight: 0, succeeded: 0 });
            }
            (EventKind::Transition { .. }, period) => *period = None,
            (EventKind::TrialBegins { .. }, Some(period)) => return period.begins(self.permits),
            (EventKind::TrialReclaimed { .. }, Some(period)) => {
                return period.ends(Outcome::Ignored);
            }
            (EventKind::Completed { admitted_in, outcome, .. }, Some(period))
                if admitted_in.as_u64() == period.generation =>
            {
                return period.ends(*outcome);
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
