//! A half-open period that takes too long is over, and not before.

use super::of;
use crate::check::{Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Cause, EventKind, State};
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`half_open_ends`].
#[derive(Clone, Debug)]
pub struct HalfOpenEnds {
    who: &'static str,
    longest: Duration,
    /// When the current half-open period began.
    since: Option<Instant>,
}

/// The breaker `who` is half-open for no longer than `longest`: nothing but what is done to it by hand finds it half-open at the end of
/// that or later, and before it does not open because of that.
#[must_use]
pub fn half_open_ends(who: &'static str, longest: Duration) -> HalfOpenEnds {
    HalfOpenEnds { who, longest, since: None }
}

impl Promise for HalfOpenEnds {
    fn name(&self) -> &'static str {
        "half_open_ends"
    }

    fn statement(&self) -> String {
        format!("a half-open period is over after {}", Seconds(self.longest))
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let is_over =
            self.since.map(|since| own.at.saturating_duration_since(since) >= self.longest);
        let judgement = match (&own.kind, is_over) {
            (EventKind::Transition { cause: Cause::NotClosedInTime, .. }, Some(true)) => {
                Judgement::Holds
            }
            (EventKind::Transition { cause: Cause::NotClosedInTime, .. }, _) => {
                Judgement::broken(format!("half-open for {}", Seconds(self.longest)), "opens early")
            }
            (EventKind::Transition { cause, .. } | EventKind::Renewed { cause, .. }, _)
                if is_by_hand(*cause) =>
            {
                Judgement::NotConcerned
            }
            (_, Some(true)) => {
                let wanted = format!("opens after {} of half-open", Seconds(self.longest));
                Judgement::broken(wanted, format!("it {}", event.what.verb()))
            }
            _ => Judgement::NotConcerned,
        };
        match own.kind {
            EventKind::Transition { to: State::HalfOpen, .. } => self.since = Some(own.at),
            EventKind::Transition { .. } => self.since = None,
            _ => {}
        }
        judgement
    }
}

/// Whether somebody does that who does not look at what time has changed.
const fn is_by_hand(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Forced | Cause::Isolated | Cause::Disabled | Cause::MetricsOnly | Cause::Reset
    )
}
