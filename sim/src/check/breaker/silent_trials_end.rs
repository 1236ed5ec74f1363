//! A trial that is silent for longer than its lease is over, and its permit is free again.

use super::of;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Counted, Event as Own, EventKind, State};
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`silent_trials_end`].
#[derive(Clone, Debug)]
pub struct SilentTrialsEnd {
    who: &'static str,
    lease: Duration,
    /// The current half-open period, where there is one.
    period: Option<Period>,
}

/// Trials of a half-open period by the moment that admitted each. Those of one moment are alike.
#[derive(Clone, Debug)]
struct Period {
    generation: u64,
    in_flight: Vec<Instant>,
    silent: Vec<Instant>,
}

/// A trial of the breaker `who` that has not ended `lease` after its admission is reclaimed before anything else is decided, and no
/// other one is. That its result comes too late to count, [`fenced_results`](super::fenced_results) says.
#[must_use]
pub fn silent_trials_end(who: &'static str, lease: Duration) -> SilentTrialsEnd {
    SilentTrialsEnd { who, lease, period: None }
}

/// Takes one of these out.
fn take(moments: &mut Vec<Instant>, moment: Instant) -> bool {
    let place = moments.iter().position(|&it| it == moment);
    place.map(|place| moments.swap_remove(place)).is_some()
}

impl Period {
    /// Judges what happens in the period but the reclaiming itself.
    fn judge(&self, own: &Own, lease: Duration) -> Judgement {
        let is_over = |&&began: &&Instant| own.at.saturating_duration_since(began) >= lease;
        match self.in_flight.iter().find(is_over) {
            Some(&began) => {
                let wanted = format!("the trial of {} is reclaimed", Seconds(began));
                Judgement::broken(wanted, format!("it has its permit at {}", Seconds(own.at)))
            }
            None => Judgement::NotConcerned,
        }
    }

    /// A trial of the period has ended. Of two that are alike whether it counts tells which one it is.
    fn ends(&mut self, admitted_at: Instant, counted: Counted) {
        let (first, second) = match counted {
            Counted::Yes => (&mut self.in_flight, &mut self.silent),
            Counted::Stale => (&mut self.silent, &mut self.in_flight),
        };
        if !take(first, admitted_at) {
            take(second, admitted_at);
        }
    }

    /// The permit of a trial is taken back.
    fn reclaims(&mut self, admitted_at: Instant, at: Instant, lease: Duration) -> Judgement {
        let age = at.saturating_duration_since(admitted_at);
        if !take(&mut self.in_flight, admitted_at) {
            return Judgement::broken("a trial that is in flight is reclaimed", "there is none");
        }
        self.silent.push(admitted_at);
        if age >= lease {
            return Judgement::Holds;
        }
        Judgement::broken(
            format!("reclaimed after {}", Seconds(lease)),
            format!("reclaimed after {}", Seconds(age)),
        )
    }
}

impl Promise for SilentTrialsEnd {
    fn name(&self) -> &'static str {
        "silent_trials_end"
    }

    fn statement(&self) -> String {
        format!("a trial is over after {} of silence", Seconds(self.lease))
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let generation = own.generation.as_u64();
        match (&own.kind, &mut self.period) {
            (EventKind::Transition { to: State::HalfOpen, .. }, period) => {
                let (in_flight, silent) = (Vec::new(), Vec::new());
                *period = Some(Period { generation, in_flight, silent });
            }
            (EventKind::Transition { .. }, period) => *period = None,
            (&EventKind::TrialReclaimed { admitted_at }, Some(period)) => {
                return period.reclaims(admitted_at, own.at, self.lease);
            }
            (kind, Some(period)) => {
                let judgement = period.judge(own, self.lease);
                if judgement != Judgement::NotConcerned {
                    return judgement;
                }
                match *kind {
                    EventKind::TrialBegins { .. } => period.in_flight.push(own.at),
                    EventKind::Completed {
                        admitted_in, admitted_at: Some(at), counted, ..
                    } if admitted_in.as_u64() == period.generation => {
                        period.ends(at, counted);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
