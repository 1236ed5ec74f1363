//! What a trial counts as.

use retrip_core::breaker::{Event, EventKind, Outcome, SlowCalls};
use std::time::Duration;

/// Where slow calls open a breaker, a trial that succeeds and takes longer than one of them counts as a failed one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Judged {
    slower_than: Option<Duration>,
}

impl Judged {
    pub(super) fn by(slow_calls: Option<SlowCalls>) -> Self {
        Self { slower_than: slow_calls.map(|slow| slow.slower_than) }
    }

    /// What the end of a call counts as, were it a trial; nothing where `own` is something else.
    pub(super) fn outcome(self, own: &Event) -> Option<Outcome> {
        let EventKind::Completed { admitted_at, outcome, .. } = own.kind else { return None };
        let took = admitted_at.map(|began| own.at.saturating_duration_since(began));
        let is_slow = took.zip(self.slower_than).is_some_and(|(took, limit)| took > limit);
        Some(if is_slow && outcome == Outcome::Success { Outcome::Failure } else { outcome })
    }
}
