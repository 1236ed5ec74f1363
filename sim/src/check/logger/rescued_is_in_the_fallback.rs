//! What a logger says that its fallback has taken is there.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, HOLDS, READ, field};
use std::collections::BTreeSet;

/// See [`rescued_is_in_the_fallback`].
#[derive(Debug)]
pub struct RescuedIsInTheFallback {
    who: Name,
    fallback: Name,
    held: BTreeSet<Name>,
}

/// The logger `who`, whose messages are all different, has counted as many events as rescued as its `fallback` has lines, each of them once.
/// Judged at every reading.
#[must_use]
pub fn rescued_is_in_the_fallback(
    who: impl Into<Name>,
    fallback: impl Into<Name>,
) -> RescuedIsInTheFallback {
    let (who, fallback) = (who.into(), fallback.into());
    RescuedIsInTheFallback { who, fallback, held: BTreeSet::new() }
}

impl Promise for RescuedIsInTheFallback {
    fn name(&self) -> &'static str {
        "rescued_is_in_the_fallback"
    }

    fn statement(&self) -> String {
        "what is counted as rescued is a line of the fallback, once".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match told(event, &self.fallback) {
            Some((READ, _)) => self.held.clear(),
            Some((HOLDS, fields)) => {
                let message = Name::from(fields.text(""));
                if !self.held.insert(Name::clone(&message)) {
                    let found = format!("`{message}` is there twice");
                    return Judgement::broken("each line once", found);
                }
            }
            _ => {}
        }
        match told(event, &self.who) {
            Some((COUNTS, fields)) => Judgement::equal(
                format!("{} rescued", self.held.len()),
                format!("{} rescued", fields.number(field::RESCUED)),
            ),
            _ => Judgement::NotConcerned,
        }
    }
}
