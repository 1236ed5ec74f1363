//! Every line begins where a line of the file does, also after one that was torn.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{ANNOUNCES, HOLDS, SUMS_UP, field};

/// See [`lines_stand_alone`].
#[derive(Debug)]
pub struct LinesStandAlone {
    who: Name,
}

/// No line in the file of the logger `who` is glued to something before it, so that tools which read line by line find it.
#[must_use]
pub fn lines_stand_alone(who: impl Into<Name>) -> LinesStandAlone {
    LinesStandAlone { who: who.into() }
}

impl Promise for LinesStandAlone {
    fn name(&self) -> &'static str {
        "lines_stand_alone"
    }

    fn statement(&self) -> String {
        "a line begins on a line of its own, whatever came before it".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match told(event, &self.who) {
            Some((HOLDS | ANNOUNCES | SUMS_UP, fields)) if fields.flag(field::GLUED) => {
                Judgement::broken(
                    format!("line {} on a line of its own", fields.number(field::SEQ)),
                    "it is glued to what stands before it",
                )
            }
            Some((HOLDS | ANNOUNCES | SUMS_UP, _)) => Judgement::Holds,
            _ => Judgement::NotConcerned,
        }
    }
}
