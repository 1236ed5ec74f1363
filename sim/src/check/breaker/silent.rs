//! Trials whose permits were taken back because they were silent for too long, as the events tell.

use retrip_core::breaker::{Event, EventKind};
use retrip_core::door::Instant;

/// Those that have not ended: the generation and the moment that admitted each. Those of the same moment are alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Silent(Vec<(u64, Instant)>);

impl Silent {
    /// Takes note of `own`, and says whether it is the end of one of them.
    pub(super) fn ends(&mut self, own: &Event) -> bool {
        match &own.kind {
            EventKind::TrialReclaimed { admitted_at } => {
                self.0.push((own.generation.as_u64(), *admitted_at));
                false
            }
            EventKind::Completed { admitted_in, admitted_at, .. } => {
                let is_it = |silent: &(u64, Instant)| {
                    (silent.0, Some(silent.1)) == (admitted_in.as_u64(), *admitted_at)
                };
                let place = self.0.iter().position(is_it);
                place.map(|place| self.0.swap_remove(place)).is_some()
            }
            _ => false,
        }
    }
}
