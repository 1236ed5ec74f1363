//! What becomes of the lines of a logger in one more of its files is counted.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, FLUSHES, HOLDS, READ, SHUTS_DOWN, field};

/// See [`copy_is_accounted`].
#[derive(Debug)]
pub struct CopyIsAccounted {
    who: Name,
    /// Whether what was lost has come to the file since.
    settled: bool,
    lines: u64,
}

/// Of the file `who`, to which a logger copies its lines: each event that the logger has accepted is filtered, written or lost there, and there are
/// as many lines as are said to be written. Judged at readings after a flush or a shutdown has succeeded, before anything more is logged.
#[must_use]
pub fn copy_is_accounted(who: impl Into<Name>) -> CopyIsAccounted {
    CopyIsAccounted { who: who.into(), settled: false, lines: 0 }
}

impl Promise for CopyIsAccounted {
    fn name(&self) -> &'static str {
        "copy_is_accounted"
    }

    fn statement(&self) -> String {
        "each accepted event is written to the other file, or counted there".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        let count = |name: &str| fields.number(name);
        match verb {
            FLUSHES | SHUTS_DOWN => self.settled = fields.text(field::ERROR).is_empty(),
            READ => self.lines = 0,
            HOLDS => self.lines += 1,
            COUNTS if self.settled && count(field::BUFFERED) == 0 => {
                let written = count(field::WRITTEN);
                let all = count(field::FILTERED) + written + count(field::DROPPED);
                return Judgement::equal(
                    format!("{} events, {written} of them lines", count(field::ACCEPTED)),
                    format!("{all} events, {} of them lines", self.lines),
                );
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
