//! No more events pass a rate limit than there are tokens.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{LOSES, QUEUES, WRITES, field};
use crate::span::Span;
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`rate_is_kept`].
#[derive(Debug)]
pub struct RateIsKept {
    who: Name,
    events: u64,
    per: Duration,
    /// When each event began that has passed, in the order in which they were told of.
    passed: Vec<Instant>,
}

/// Of the events of the logger `who`, all of one kind, no more are logged and told of within any time than a bucket of `events` tokens has that
/// fills up in `per`.
///
/// # Panics
/// There are no events, or no time.
#[must_use]
pub fn rate_is_kept(who: impl Into<Name>, events: u32, per: Duration) -> RateIsKept {
    assert!(events > 0 && !per.is_zero(), "a bucket has tokens, and takes time to fill up");
    RateIsKept { who: who.into(), events: events.into(), per, passed: Vec::new() }
}

impl Promise for RateIsKept {
    fn name(&self) -> &'static str {
        "rate_is_kept"
    }

    fn statement(&self) -> String {
        format!(
            "at most {} events at once, and as many more in each {}",
            self.events,
            Span(self.per)
        )
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((WRITES | QUEUES | LOSES, fields)) = told(event, &self.who) else {
            return Judgement::NotConcerned;
        };
        let Some(began) = fields.moment(field::BEGAN) else { return Judgement::NotConcerned };
        self.passed.push(began);
        // Those that began since then have taken their tokens since then.
        for &since in &self.passed {
            let passed = self.passed.iter().filter(|&&began| began >= since).count() as u64;
            let time = event.mono.saturating_duration_since(since);
            let back = time.as_nanos() * u128::from(self.events) / self.per.as_nanos();
            let most = self.events + u64::try_from(back).unwrap_or(u64::MAX - self.events);
            if passed > most {
                return Judgement::broken(
                    format!("at most {most} within {}", Span(time)),
                    format!("{passed} passed"),
                );
            }
        }
        Judgement::Holds
    }
}
