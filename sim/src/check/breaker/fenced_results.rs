//! A result that comes late, in another generation than the one that admitted its call, decides nothing.

use super::of;
use super::silent::Silent;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::{Counted, EventKind};

/// See [`fenced_results`].
#[derive(Clone, Debug)]
pub struct FencedResults {
    who: &'static str,
    /// Changes of state and manual commands so far: the generation, counted apart.
    generation: u64,
    silent: Silent,
}

/// A result counts at the breaker `who` if, and only if, nothing has changed there since its call was admitted, and its permit
/// was not taken back.
#[must_use]
pub fn fenced_results(who: &'static str) -> FencedResults {
    FencedResults { who, generation: 0, silent: Silent::default() }
}

impl Promise for FencedResults {
    fn name(&self) -> &'static str {
        "fenced_results"
    }

    fn statement(&self) -> String {
        "a result counts in the generation that admitted its call, and in no other".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let was_silent = self.silent.ends(own);
        match &own.kind {
            EventKind::Transition { .. } | EventKind::Renewed { .. } => {
                self.generation += 1;
                Judgement::NotConcerned
            }
            EventKind::Completed { admitted_in, counted, .. } => {
                let late = was_silent || admitted_in.as_u64() != self.generation;
                match (late, counted) {
                    (false, Counted::Yes) | (true, Counted::Stale) => Judgement::Holds,
                    (true, Counted::Yes) => Judgement::broken(
                        format!("a result of generation {admitted_in} changes statistics only"),
                        format!("it counts in generation {}", self.generation),
                    ),
                    (false, Counted::Stale) => Judgement::broken(
                        format!("a result of generation {admitted_in} counts in it"),
                        "it is taken for a late one",
                    ),
                }
            }
            _ => Judgement::NotConcerned,
        }
    }
}
