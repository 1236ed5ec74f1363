//! What a rate limit holds back is told of in the log, all of it and nothing twice.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{
    BEGINS_TO_FLUSH, COUNTS, FLUSHES, HOLDS_BACK, READ, SUMS_UP, field,
};

/// See [`held_back_is_told`].
#[derive(Debug)]
pub struct HeldBackIsTold {
    who: Name,
    held_back: u64,
    /// How many of them there were when the flush began that is under way.
    before: u64,
    /// How many a flush that has succeeded has to have told of.
    due: u64,
    told: u64,
}

/// The file of the logger `who` tells of every event that its rate limit had held back when somebody began to flush it, once that has
/// succeeded, and of no more than there are. For one who flushes at a time, and a log whose files are all there. Judged at readings.
#[must_use]
pub fn held_back_is_told(who: impl Into<Name>) -> HeldBackIsTold {
    HeldBackIsTold { who: who.into(), held_back: 0, before: 0, due: 0, told: 0 }
}

impl Promise for HeldBackIsTold {
    fn name(&self) -> &'static str {
        "held_back_is_told"
    }

    fn statement(&self) -> String {
        "the log tells of all that its rate limit holds back, and of nothing twice".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        match verb {
            HOLDS_BACK => self.held_back += 1,
            BEGINS_TO_FLUSH => self.before = self.held_back,
            FLUSHES if fields.text(field::ERROR).is_empty() => self.due = self.before,
            READ => self.told = 0,
            SUMS_UP => self.told += fields.number(field::COUNT),
            // What is held back this very moment may be in the file before anybody says so.
            COUNTS if self.told < self.due => {
                return Judgement::broken(
                    format!("at least {} told of", self.due),
                    format!("{} in the file", self.told),
                );
            }
            COUNTS => {
                let most = fields.number(field::RATE_LIMITED).max(self.held_back);
                if self.told > most {
                    return Judgement::broken(
                        format!("at most {most} told of"),
                        format!("{} in the file", self.told),
                    );
                }
                return Judgement::Holds;
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
