//! A closed breaker opens at exactly the failure that makes as many in a row as its threshold, and at no other event.

use super::of;
use crate::check::{End, Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Cause, EventKind, Outcome, State};
use retrip_core::door::Instant;

/// See [`trips_exactly`].
#[derive(Clone, Debug)]
pub struct TripsExactly {
    who: &'static str,
    threshold: usize,
    state: State,
    generation: u64,
    /// Every result so far: when, what, and the generation that admitted its call.
    results: Vec<(Instant, Outcome, u64)>,
    /// When the breaker must open, with its next event.
    due: Option<Instant>,
}

/// The breaker `who` opens by itself at exactly the `threshold`-th failure in a row of calls that were admitted since it
/// closed, at the time of that result. Ignored results neither count nor end a row.
#[must_use]
pub fn trips_exactly(who: &'static str, threshold: u32) -> TripsExactly {
    let threshold = usize::try_from(threshold).expect("a threshold is smaller than memory");
    let (state, generation) = (State::Closed, 0);
    TripsExactly { who, threshold, state, generation, results: Vec::new(), due: None }
}

impl TripsExactly {
    /// Failures in a row, up to now, of calls that were admitted in the current generation.
    fn failures_in_a_row(&self) -> usize {
        let counts = |result: &&(Instant, Outcome, u64)| {
            result.2 == self.generation && result.1 != Outcome::Ignored
        };
        let fails = |result: &&(Instant, Outcome, u64)| result.1 == Outcome::Failure;
        self.results.iter().rev().filter(counts).take_while(fails).count()
    }

    fn wanted(&self) -> String {
        format!("opens at failure {} in a row", self.threshold)
    }
}

impl Promise for TripsExactly {
    fn name(&self) -> &'static str {
        "trips_exactly"
    }

    fn statement(&self) -> String {
        format!("a closed breaker {}, and not before", self.wanted())
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let trips = matches!(own.kind, EventKind::Transition { cause: Cause::Threshold, .. });
        let judgement = match (self.due.take(), trips) {
            (Some(at), true) if at == own.at => Judgement::Holds,
            (Some(at), true) => {
                let wanted = format!("opens at {}", Seconds(at));
                Judgement::broken(wanted, format!("opens at {}", Seconds(own.at)))
            }
            (Some(_), false) => {
                Judgement::broken(self.wanted(), format!("it {}", event.what.verb()))
            }
            (None, true) => {
                let found = format!("opens at failure {} in a row", self.failures_in_a_row());
                Judgement::broken(self.wanted(), found)
            }
            (None, false) => Judgement::NotConcerned,
        };
        match &own.kind {
            EventKind::Transition { to, .. } => {
                (self.state, self.generation) = (*to, own.generation.as_u64());
            }
            EventKind::Renewed { .. } => self.generation = own.generation.as_u64(),
            EventKind::Completed { admitted_in, outcome, .. } => {
                self.results.push((own.at, *outcome, admitted_in.as_u64()));
                let mine = admitted_in.as_u64() == self.generation;
                if mine && self.state == State::Closed && *outcome == Outcome::Failure {
                    let enough = self.failures_in_a_row() >= self.threshold;
                    self.due = enough.then_some(own.at);
                }
                if judgement == Judgement::NotConcerned {
                    return Judgement::Holds;
                }
            }
            _ => {}
        }
        judgement
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        match self.due {
            Some(_) => Judgement::broken(self.wanted(), "it stays closed"),
            None => Judgement::NotConcerned,
        }
    }
}
