//! Nobody who logs, flushes or shuts down waits for longer than was agreed.

use super::told;
use crate::check::{Judgement, Promise, Sometimes};
use crate::log::{Event, Name, ThreadEvent, What};
use crate::part::log_file::words::{
    BEGINS_TO_FLUSH, BEGINS_TO_SHUT_DOWN, FLUSHES, LOSES, QUEUES, SHUTS_DOWN, field,
};
use crate::span::Span;
use retrip_core::door::Instant;
use std::collections::BTreeMap;
use std::time::Duration;

/// See [`calls_end_in_time`].
#[derive(Debug)]
pub struct CallsEndInTime {
    calls: Calls,
    /// Whether a thread has stood still, which nobody can be blamed for.
    is_disturbed: bool,
}

/// Every call of the logger `who` that has a queue comes back in time, to the nanosecond: one that logs `blocked` after it began at the latest,
/// one that flushes or shuts down after `patience`. For a [scenario](crate::scenario::Scenario::undisturbed) in which time passes only
/// while nobody could go on; nothing is judged once a thread has stood still.
#[must_use]
pub fn calls_end_in_time(
    who: impl Into<Name>,
    blocked: Duration,
    patience: Duration,
) -> CallsEndInTime {
    CallsEndInTime { calls: Calls::of(who.into(), blocked, patience), is_disturbed: false }
}

impl Promise for CallsEndInTime {
    fn name(&self) -> &'static str {
        "calls_end_in_time"
    }

    fn statement(&self) -> String {
        let Calls { blocked, patience, .. } = self.calls;
        let (blocked, patience) = (Span(blocked), Span(patience));
        format!("whoever logs is back after {blocked}, who flushes or shuts down after {patience}")
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        self.is_disturbed |= matches!(event.what, What::Thread(ThreadEvent::Stalls { .. }));
        match self.calls.took(event) {
            Some((took, limit)) if took > limit && !self.is_disturbed => Judgement::broken(
                format!("at most {}", Span(limit)),
                format!("{} of {} took {}", event.thread, self.calls.who, Span(took)),
            ),
            Some(_) => Judgement::Holds,
            None => Judgement::NotConcerned,
        }
    }
}

/// Somebody who logs, flushes or shuts down comes back exactly at the end of its time, as for [`calls_end_in_time`].
#[must_use]
pub fn somebody_waits_to_the_end(
    who: impl Into<Name>,
    blocked: Duration,
    patience: Duration,
) -> Sometimes {
    let mut calls = Calls::of(who.into(), blocked, patience);
    Sometimes::new("somebody_waits_to_the_end", move |event| {
        calls.took(event).is_some_and(|(took, limit)| took == limit && !limit.is_zero())
    })
}

/// The calls of a logger, and how long each may take.
#[derive(Debug)]
struct Calls {
    who: Name,
    blocked: Duration,
    patience: Duration,
    /// Since when each thread flushes or shuts down.
    began: BTreeMap<Name, Instant>,
}

impl Calls {
    fn of(who: Name, blocked: Duration, patience: Duration) -> Self {
        Self { who, blocked, patience, began: BTreeMap::new() }
    }

    /// How long the call took that ends with `event`, and how long it may.
    fn took(&mut self, event: &Event) -> Option<(Duration, Duration)> {
        let (verb, fields) = told(event, &self.who)?;
        let (began, limit) = match verb {
            BEGINS_TO_FLUSH | BEGINS_TO_SHUT_DOWN => {
                self.began.insert(Name::clone(&event.thread), event.mono);
                return None;
            }
            FLUSHES | SHUTS_DOWN => (self.began.remove(&event.thread)?, self.patience),
            QUEUES | LOSES => (fields.moment(field::BEGAN)?, self.blocked),
            _ => return None,
        };
        Some((event.mono.saturating_duration_since(began), limit))
    }
}
