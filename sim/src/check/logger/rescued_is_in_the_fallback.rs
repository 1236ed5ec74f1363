//! What a logger says that its fallback has taken is there.

use super::{Ending, told};
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, HOLDS, QUEUES, READ, SHUTS_DOWN, field};
use std::collections::BTreeSet;

/// See [`rescued_is_in_the_fallback`].
#[derive(Debug)]
pub struct RescuedIsInTheFallback {
    who: Name,
    fallback: Name,
    held: BTreeSet<u64>,
    /// Lines wait for a unit that writes them, which may have rescued one that it has not counted yet.
    is_queued: bool,
    ending: Ending,
}

/// The logger `who` has counted as many events as rescued as its `fallback` has lines, each of them once; behind a queue it has counted no
/// more than that before its end. Judged at every reading.
#[must_use]
pub fn rescued_is_in_the_fallback(
    who: impl Into<Name>,
    fallback: impl Into<Name>,
) -> RescuedIsInTheFallback {
    let (who, fallback) = (who.into(), fallback.into());
    RescuedIsInTheFallback {
        who,
        fallback,
        held: BTreeSet::new(),
        is_queued: false,
        ending: Ending::default(),
    }
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
                let seq = fields.number(field::SEQ);
                if !self.held.insert(seq) {
                    let found = format!("line {seq} is there twice");
                    return Judgement::broken("each line once", found);
                }
            }
            _ => {}
        }
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        match verb {
            QUEUES => self.is_queued = true,
            SHUTS_DOWN => self.ending.hear(fields.text(field::ERROR)),
            COUNTS => {
                let (held, rescued) = (self.held.len() as u64, fields.number(field::RESCUED));
                let is_quiet = !self.is_queued || self.ending.is_over;
                let found = if is_quiet { rescued } else { rescued.max(held) };
                return Judgement::equal(format!("{held} rescued"), format!("{found} rescued"));
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
