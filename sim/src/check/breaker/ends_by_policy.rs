//! A call that has no result counts as its breaker was told that such calls count.

use super::of;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use retrip_core::breaker::{BreakerConfig, CancelPolicy, Ended, EventKind, PanicPolicy};

/// See [`ends_by_policy`].
#[derive(Clone, Debug)]
pub struct EndsByPolicy {
    who: &'static str,
    cancelled: CancelPolicy,
    panicked: PanicPolicy,
}

/// A call of the breaker `who`, which has this configuration, counts as its policies say where its permit was dropped, and where that was
/// by a panic.
#[must_use]
pub fn ends_by_policy(who: &'static str, config: &BreakerConfig) -> EndsByPolicy {
    let &BreakerConfig { cancelled, panicked, .. } = config;
    EndsByPolicy { who, cancelled, panicked }
}

impl Promise for EndsByPolicy {
    fn name(&self) -> &'static str {
        "ends_by_policy"
    }

    fn statement(&self) -> String {
        let Self { cancelled, panicked, .. } = self;
        let (cancelled, panicked) = (cancelled.outcome(), panicked.outcome());
        format!(
            "a call that is cancelled counts as {cancelled:?}, and one that panics as {panicked:?}"
        )
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let EventKind::Completed { outcome, ended, .. } = own.kind else {
            return Judgement::NotConcerned;
        };
        let wanted = match ended {
            Ended::Returned => return Judgement::NotConcerned,
            Ended::Cancelled => self.cancelled.outcome(),
            Ended::Panicked => self.panicked.outcome(),
        };
        if outcome == wanted {
            return Judgement::Holds;
        }
        Judgement::broken(format!("{ended:?}, it counts as {wanted:?}"), format!("as {outcome:?}"))
    }
}
