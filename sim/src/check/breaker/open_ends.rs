//! An open interval ends: from exactly its end on, calls are no longer rejected because the breaker is open.

use super::of;
use super::opening::{Asked, OpenFor, Opening};
use crate::check::{Judgement, Promise};
use crate::log::{Event, What};
use retrip_core::breaker::{EventKind, State};

/// See [`open_ends`].
#[derive(Clone, Debug)]
pub struct OpenEnds {
    who: &'static str,
    open_for: OpenFor,
    opening: Option<Opening>,
    asked: Asked,
}

/// A call to the breaker `who` that comes `open_for` or more after it opened, and was not forced open, passes.
///
/// Exactly `open_for` is late enough. The first such call half-opens the breaker; one that finds all permits taken may
/// still be rejected, but no longer because the breaker is open.
#[must_use]
pub fn open_ends(who: &'static str, open_for: impl Into<OpenFor>) -> OpenEnds {
    let open_for = open_for.into();
    OpenEnds { who, open_for, opening: None, asked: Asked::default() }
}

impl Promise for OpenEnds {
    fn name(&self) -> &'static str {
        "open_ends"
    }

    fn statement(&self) -> String {
        format!("a call {} or more after opening passes", self.open_for.in_words())
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        let end = self.opening.and_then(|opening| opening.ends());
        let judgement = match (&own.kind, end) {
            // Whatever state it says that it is in: it has not half-opened.
            (EventKind::Rejected { .. }, Some(end)) if own.at >= end => {
                let wanted = format!("half-opens after {}", self.open_for.in_words());
                let what = What::Breaker(own.clone());
                Judgement::broken(wanted, format!("{} {}", what.verb(), what.detail()))
            }
            (EventKind::Transition { to: State::HalfOpen, .. }, Some(_)) => Judgement::Holds,
            _ => Judgement::NotConcerned,
        };
        self.opening = Opening::after(self.opening, own, self.open_for, &mut self.asked);
        judgement
    }
}
