//! Once a queue has come to its end, the lines that it counts as written are in the file.

use super::{Ending, told};
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, HOLDS, QUEUES, READ, SHUTS_DOWN, field};
use std::collections::BTreeSet;

/// See [`counted_is_in_the_file`].
#[derive(Debug)]
pub struct CountedIsInTheFile {
    who: Name,
    queued: BTreeSet<(u64, Name)>,
    ending: Ending,
    held: Vec<(u64, Name)>,
}

/// Once a shutdown of the logger `who` is over, whatever came of it: the file has as many lines as are counted as written, and each is one
/// that its queue has taken, once, under the number that its caller was told. Judged at readings while nothing is logged.
#[must_use]
pub fn counted_is_in_the_file(who: impl Into<Name>) -> CountedIsInTheFile {
    let (queued, held) = (BTreeSet::new(), Vec::new());
    CountedIsInTheFile { who: who.into(), queued, ending: Ending::default(), held }
}

impl Promise for CountedIsInTheFile {
    fn name(&self) -> &'static str {
        "counted_is_in_the_file"
    }

    fn statement(&self) -> String {
        "a queue that is over has counted the lines that are in its file".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        let line = || (fields.number(field::SEQ), Name::from(fields.text("")));
        match verb {
            QUEUES => {
                self.queued.insert(line());
            }
            SHUTS_DOWN => self.ending.hear(fields.text(field::ERROR)),
            READ => self.held.clear(),
            HOLDS => self.held.push(line()),
            COUNTS if self.ending.is_over => {
                let mut left = self.queued.clone();
                if let Some((seq, message)) = self.held.iter().find(|line| !left.remove(line)) {
                    let wanted = "lines that have waited, once each";
                    return Judgement::broken(wanted, format!("line {seq}, `{message}`"));
                }
                return Judgement::equal(
                    format!("{} lines counted", self.held.len()),
                    format!("{} lines counted", fields.number(field::WRITTEN)),
                );
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
