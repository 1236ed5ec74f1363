//! A shutdown that has come back leaves nothing in memory.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, SHUTS_DOWN, field};

/// See [`nothing_waits_after_the_end`].
#[derive(Debug)]
pub struct NothingWaitsAfterTheEnd {
    who: Name,
    is_over: bool,
}

/// Once a shutdown of the logger `who` has come back, however, no line waits any more, but for one that is with the sink. Judged at every
/// reading.
#[must_use]
pub fn nothing_waits_after_the_end(who: impl Into<Name>) -> NothingWaitsAfterTheEnd {
    NothingWaitsAfterTheEnd { who: who.into(), is_over: false }
}

impl Promise for NothingWaitsAfterTheEnd {
    fn name(&self) -> &'static str {
        "nothing_waits_after_the_end"
    }

    fn statement(&self) -> String {
        "after a shutdown no line waits, but for one that is with the sink".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match told(event, &self.who) {
            Some((SHUTS_DOWN, _)) => {
                self.is_over = true;
                Judgement::NotConcerned
            }
            Some((COUNTS, fields)) if self.is_over => match fields.number(field::BUFFERED) {
                0 | 1 => Judgement::Holds,
                waits => Judgement::broken("at most one line", format!("{waits} wait")),
            },
            _ => Judgement::NotConcerned,
        }
    }
}
