//! The lines of a file stand in the order of their numbers, and those of each thread in the order in which it logged.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, HOLDS, READ, SKIPS, WRITES, field};
use std::collections::BTreeMap;

/// See [`every_line_in_its_place`].
#[derive(Debug)]
pub struct EveryLineInItsPlace {
    who: Name,
    /// What each thread has logged, in its order.
    logged: BTreeMap<Name, Vec<Name>>,
    /// The file as it was read last.
    held: Vec<(Name, u64)>,
    /// Where something stands in it that is no line.
    skips: u64,
}

/// Where nothing is lost, the file of the logger `who` holds lines and nothing else, numbered 1, 2, 3, .., and those of each thread in the
/// order in which it logged them. For messages that differ. Judged at every reading.
#[must_use]
pub fn every_line_in_its_place(who: impl Into<Name>) -> EveryLineInItsPlace {
    EveryLineInItsPlace { who: who.into(), logged: BTreeMap::new(), held: Vec::new(), skips: 0 }
}

impl Promise for EveryLineInItsPlace {
    fn name(&self) -> &'static str {
        "every_line_in_its_place"
    }

    fn statement(&self) -> String {
        "lines stand in the order of their numbers, and of each thread in the order of logging"
            .to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        let message = || Name::from(fields.text(""));
        match verb {
            WRITES => self.logged.entry(event.thread.clone()).or_default().push(message()),
            READ => {
                self.held.clear();
                self.skips = 0;
            }
            HOLDS => self.held.push((message(), fields.number(field::SEQ))),
            SKIPS => self.skips += 1,
            COUNTS => return self.judge(),
            _ => {}
        }
        Judgement::NotConcerned
    }
}

impl EveryLineInItsPlace {
    fn judge(&self) -> Judgement {
        if self.skips > 0 {
            return Judgement::broken("lines only", format!("{} that are none", self.skips));
        }
        let misplaced = self.held.iter().zip(1..).find(|((_, seq), place)| seq != place);
        if let Some(((message, seq), place)) = misplaced {
            return Judgement::broken(format!("line {place}"), format!("line {seq}, `{message}`"));
        }
        let place = |message: &Name| self.held.iter().position(|(held, _)| held == message);
        for (thread, messages) in &self.logged {
            let places: Vec<_> = messages.iter().filter_map(place).collect();
            if !places.is_sorted() {
                return Judgement::broken(format!("the lines of {thread} in its order"), "others");
            }
        }
        Judgement::Holds
    }
}
