//! While a breaker is open, nothing passes: not one nanosecond before its interval is over, and never while forced open.

use super::of;
use super::opening::{Asked, OpenFor, Opening};
use crate::check::{Judgement, Promise};
use crate::log::Event;
use crate::span::Seconds;
use retrip_core::breaker::{Cause, EventKind, State};
use std::collections::BTreeMap;

/// See [`open_rejects`].
#[derive(Clone, Debug)]
pub struct OpenRejects {
    who: &'static str,
    open_for: OpenFor,
    opening: Option<Opening>,
    asked: Asked,
    /// Every opening so far by its generation: what it let through may end long after it.
    openings: BTreeMap<u64, Opening>,
}

/// The breaker `who` admits nothing before `open_for` has passed since it opened, and nothing at all while forced open.
#[must_use]
pub fn open_rejects(who: &'static str, open_for: impl Into<OpenFor>) -> OpenRejects {
    let open_for = open_for.into();
    OpenRejects { who, open_for, opening: None, asked: Asked::default(), openings: BTreeMap::new() }
}

impl OpenRejects {
    fn judge(&self, opening: &Opening, event: &retrip_core::breaker::Event) -> Judgement {
        let wanted = || opening.end_in_words();
        match &event.kind {
            EventKind::Rejected { .. } => Judgement::Holds,
            // What somebody does by hand is not for the interval to say.
            EventKind::Transition { cause: Cause::Lifted, .. } => Judgement::NotConcerned,
            EventKind::Transition { to: State::HalfOpen, .. } => match opening.ends() {
                Some(end) if event.at >= end => Judgement::Holds,
                _ => Judgement::broken(wanted(), format!("half-opens at {}", Seconds(event.at))),
            },
            EventKind::TrialBegins { .. } => {
                Judgement::broken(wanted(), format!("a trial begins at {}", Seconds(event.at)))
            }
            _ => Judgement::NotConcerned,
        }
    }

    /// Judges the end of a call by the opening in which it was admitted, where it was one.
    fn judge_end(&self, event: &retrip_core::breaker::Event) -> Judgement {
        let EventKind::Completed { admitted_in, admitted_at, .. } = &event.kind else {
            return Judgement::NotConcerned;
        };
        match self.openings.get(&admitted_in.as_u64()) {
            Some(opening) => Judgement::broken(
                opening.end_in_words(),
                admitted_at.map_or("a call was admitted".to_owned(), |at| {
                    format!("a call was admitted at {}", Seconds(at))
                }),
            ),
            None => Judgement::NotConcerned,
        }
    }
}

impl Promise for OpenRejects {
    fn name(&self) -> &'static str {
        "open_rejects"
    }

    fn statement(&self) -> String {
        format!("nothing passes before {} after opening", self.open_for.in_words())
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some(event) = of(event, self.who) else { return Judgement::NotConcerned };
        let judgement = match &self.opening {
            Some(opening) => self.judge(opening, event),
            None => Judgement::NotConcerned,
        };
        let opening = Opening::after(self.opening, event, self.open_for, &mut self.asked);
        if opening != self.opening {
            self.openings.extend(opening.map(|opening| (opening.generation, opening)));
            self.opening = opening;
        }
        match judgement {
            Judgement::NotConcerned => self.judge_end(event),
            judgement => judgement,
        }
    }
}
