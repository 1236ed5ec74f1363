//! The trials of a half-open period, as the events tell.

use super::judged::Judged;
use super::silent::Silent;
use retrip_core::breaker::{Event, EventKind, Outcome, SlowCalls, State};

/// Those of the present period, where there is one.
#[derive(Clone, Debug, Default)]
pub(super) struct Trials {
    period: Option<Period>,
    silent: Silent,
    judged: Judged,
}

/// A half-open period.
#[derive(Clone, Copy, Debug)]
struct Period {
    generation: u64,
    in_flight: u32,
    /// A success keeps its place: so many successes are enough to close.
    succeeded: u32,
}

/// What an event is to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// One begins.
    Begins,
    /// A call of the period ends that was none of them.
    EndsUnbegun,
    /// Another event of the breaker.
    Other,
}

impl Trials {
    pub(super) fn with_slow_calls(self, slow_calls: Option<SlowCalls>) -> Self {
        Self { judged: Judged::by(slow_calls), ..self }
    }

    /// Takes note of `own`.
    pub(super) fn see(&mut self, own: &Event) -> Seen {
        if self.silent.ends(own) {
            return Seen::Other;
        }
        match (&own.kind, &mut self.period) {
            (EventKind::Transition { to: State::HalfOpen, .. }, period) => {
                let generation = own.generation.as_u64();
                *period = Some(Period { generation, in_flight: 0, succeeded: 0 });
            }
            (EventKind::Transition { .. }, period) => *period = None,
            (EventKind::TrialBegins { .. }, Some(period)) => {
                period.in_flight += 1;
                return Seen::Begins;
            }
            (EventKind::TrialReclaimed { .. }, Some(period)) => {
                return period.ends(Outcome::Ignored);
            }
            (EventKind::Completed { admitted_in, outcome, .. }, Some(period))
                if admitted_in.as_u64() == period.generation =>
            {
                return period.ends(self.judged.outcome(own).unwrap_or(*outcome));
            }
            _ => {}
        }
        Seen::Other
    }

    /// How many are in flight or have succeeded; none where no period is.
    pub(super) fn taken(&self) -> Option<u32> {
        self.period.map(|period| period.in_flight + period.succeeded)
    }
}

impl Period {
    fn ends(&mut self, outcome: Outcome) -> Seen {
        let Some(left) = self.in_flight.checked_sub(1) else { return Seen::EndsUnbegun };
        self.in_flight = left;
        if outcome == Outcome::Success {
            self.succeeded += 1;
        }
        Seen::Other
    }
}
