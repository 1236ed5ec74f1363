//! What a logger says it has written is in the file, and what it says it has lost is not.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{COUNTS, HOLDS, LOSES, READ, WRITES, field};
use std::collections::BTreeMap;

/// See [`written_is_in_the_file`].
#[derive(Debug)]
pub struct WrittenIsInTheFile {
    who: Name,
    written: BTreeMap<Name, u64>,
    lost: Vec<Name>,
    held: BTreeMap<Name, Vec<u64>>,
}

/// Of the logger `who`, whose messages are all different: each event that it has written is a line of its own in the file, with the number
/// that its caller was told, and each that it has lost is none. Judged at every reading.
#[must_use]
pub fn written_is_in_the_file(who: impl Into<Name>) -> WrittenIsInTheFile {
    let (written, lost, held) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
    WrittenIsInTheFile { who: who.into(), written, lost, held }
}

impl Promise for WrittenIsInTheFile {
    fn name(&self) -> &'static str {
        "written_is_in_the_file"
    }

    fn statement(&self) -> String {
        "what is said to be written is a line of the file, once, and what is said to be lost is none".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        let message = || Name::from(fields.text(""));
        match verb {
            WRITES => {
                self.written.insert(message(), fields.number(field::SEQ));
            }
            LOSES => self.lost.push(message()),
            READ => self.held.clear(),
            HOLDS => self.held.entry(message()).or_default().push(fields.number(field::SEQ)),
            COUNTS => return self.compare(),
            _ => {}
        }
        Judgement::NotConcerned
    }
}

impl WrittenIsInTheFile {
    fn compare(&self) -> Judgement {
        for (message, seq) in &self.written {
            let found = self.held.get(message).map_or(&[][..], |seqs| seqs);
            if found != [*seq] {
                let found = format!("in the file with the numbers {found:?}");
                return Judgement::broken(format!("`{message}` once, as line {seq}"), found);
            }
        }
        match self.lost.iter().find(|message| self.held.contains_key(*message)) {
            Some(message) => Judgement::broken(format!("`{message}` lost"), "it is in the file"),
            None => Judgement::Holds,
        }
    }
}
