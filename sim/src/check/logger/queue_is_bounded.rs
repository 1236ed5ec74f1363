//! Lines that wait take no more memory than the queue may have.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, field};

/// See [`queue_is_bounded`].
#[derive(Debug)]
pub struct QueueIsBounded {
    who: Name,
    bytes: u64,
}

/// The lines of the logger `who` that waited at a time have never taken more than `bytes`. Judged at every reading.
#[must_use]
pub fn queue_is_bounded(who: impl Into<Name>, bytes: u64) -> QueueIsBounded {
    QueueIsBounded { who: who.into(), bytes }
}

impl Promise for QueueIsBounded {
    fn name(&self) -> &'static str {
        "queue_is_bounded"
    }

    fn statement(&self) -> String {
        format!("lines that wait take {} bytes at most", self.bytes)
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match told(event, &self.who) {
            Some((COUNTS, fields)) if fields.number(field::MOST_BYTES) > self.bytes => {
                let found = format!("{} at a time", fields.number(field::MOST_BYTES));
                Judgement::broken(format!("{} bytes at most", self.bytes), found)
            }
            Some((COUNTS, _)) => Judgement::Holds,
            _ => Judgement::NotConcerned,
        }
    }
}
