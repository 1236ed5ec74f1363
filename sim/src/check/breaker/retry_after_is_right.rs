//! Who is rejected is told when to come again: not later than a call may pass, and not earlier.

use super::of;
use super::opening::{Asked, OpenFor, Opening};
use crate::check::{Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::EventKind;
use std::time::Duration;

/// See [`retry_after_is_right`].
#[derive(Clone, Debug)]
pub struct RetryAfterIsRight {
    who: &'static str,
    open_for: OpenFor,
    opening: Option<Opening>,
    asked: Asked,
}

/// Each rejection by the breaker `who` says how long it is to the end of the opening, which is so long; nothing where that ends by hand
/// only, and no time at all where all permits of a half-open period are taken.
#[must_use]
pub fn retry_after_is_right(who: &'static str, open_for: impl Into<OpenFor>) -> RetryAfterIsRight {
    RetryAfterIsRight { who, open_for: open_for.into(), opening: None, asked: Asked::default() }
}

fn in_words(retry_after: Option<Duration>) -> String {
    retry_after.map_or("no time is said".to_owned(), |time| format!("after {}", Seconds(time)))
}

impl Promise for RetryAfterIsRight {
    fn name(&self) -> &'static str {
        "retry_after_is_right"
    }

    fn statement(&self) -> String {
        "who is rejected is told when a call may pass".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        if let EventKind::Rejected { retry_after, .. } = own.kind {
            let wanted = match &self.opening {
                None => Some(Duration::ZERO),
                Some(opening) => opening.left(own.at),
            };
            if wanted == retry_after {
                return Judgement::Holds;
            }
            return Judgement::broken(in_words(wanted), in_words(retry_after));
        }
        self.opening = Opening::after(self.opening, own, self.open_for, &mut self.asked);
        Judgement::NotConcerned
    }
}
