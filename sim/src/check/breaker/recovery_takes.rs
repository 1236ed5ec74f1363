//! The time from the first opening to the closing is exactly what the intervals and the trials add up to.

use super::of;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{EventKind, State};
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`recovery_takes`].
#[derive(Clone, Debug)]
pub struct RecoveryTakes {
    who: &'static str,
    wanted: Duration,
    /// The first opening since it was closed.
    opened: Option<Instant>,
}

/// From the moment at which the breaker `who` opens to the moment at which it closes, `wanted` passes, whatever it did
/// in between.
#[must_use]
pub fn recovery_takes(who: &'static str, wanted: Duration) -> RecoveryTakes {
    RecoveryTakes { who, wanted, opened: None }
}

impl Promise for RecoveryTakes {
    fn name(&self) -> &'static str {
        "recovery_takes"
    }

    fn statement(&self) -> String {
        format!("the breaker closes exactly {} after it opened", Seconds(self.wanted))
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        match &own.kind {
            EventKind::Transition { to: State::Open, .. } => {
                self.opened.get_or_insert(own.at);
                Judgement::NotConcerned
            }
            EventKind::Transition { to: State::Closed, .. } => match self.opened.take() {
                Some(opened) => {
                    let found = own.at.saturating_duration_since(opened);
                    Judgement::equal(Seconds(self.wanted), Seconds(found))
                }
                None => Judgement::NotConcerned,
            },
            _ => Judgement::NotConcerned,
        }
    }
}
