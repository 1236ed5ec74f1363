//! The period for which a breaker is open, as its events tell: when it began, and whether it ends by itself.

use crate::span::Seconds;
use retrip_core::breaker::{Cause, Event, EventKind, State};
use retrip_core::door::Instant;
use std::time::Duration;

/// One opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) began: Instant,
    /// The cause of the opening: forced open, it does not end by itself.
    pub(super) cause: Cause,
    pub(super) generation: u64,
}

impl Opening {
    /// The opening after `event`, where the one before was `before`.
    pub(super) fn after(before: Option<Self>, event: &Event) -> Option<Self> {
        let generation = event.generation.as_u64();
        match &event.kind {
            EventKind::Transition { to: State::Open, cause, .. } => {
                Some(Self { began: event.at, cause: *cause, generation })
            }
            EventKind::Transition { .. } => None,
            EventKind::Renewed { state: State::Open, cause, .. } => {
                let began = before.map_or(event.at, |before| before.began);
                Some(Self { began, cause: *cause, generation })
            }
            _ => before,
        }
    }

    /// The first moment at which a call may pass; none where it ends by hand only, or after the last moment that a clock
    /// can tell.
    pub(super) fn ends(&self, open_for: Duration) -> Option<Instant> {
        if self.cause == Cause::Forced {
            return None;
        }
        // An end that saturated would be the last moment itself, at which the interval is not over.
        let nanos = u64::try_from(open_for.as_nanos()).ok()?;
        self.began.as_nanos().checked_add(nanos).map(Instant::from_nanos)
    }

    /// When calls may pass again, in words.
    pub(super) fn end_in_words(&self, open_for: Duration) -> String {
        match self.ends(open_for) {
            Some(end) => format!("rejected until {}", Seconds(end)),
            None if self.cause != Cause::Forced => "rejected until the end of time".to_owned(),
            None => "rejected until it is reset".to_owned(),
        }
    }
}
