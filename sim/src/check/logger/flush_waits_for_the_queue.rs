//! What waited when a flush began is in the file when it ends.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{
    BEGINS_TO_FLUSH, BEGINS_TO_SHUT_DOWN, COUNTS, FLUSHES, HOLDS, KEEPS, LOSES_POWER, OUTLIVES,
    QUEUES, READ, SHUTS_DOWN, field,
};
use std::collections::{BTreeMap, BTreeSet};

/// See [`flush_waits_for_the_queue`].
#[derive(Debug)]
pub struct FlushWaitsForTheQueue {
    who: Name,
    queued: BTreeSet<(u64, Name)>,
    /// What was queued when a thread began to flush.
    flushing: BTreeMap<Name, BTreeSet<(u64, Name)>>,
    flushed: BTreeSet<(u64, Name)>,
    /// What each thread that reads has found so far, and what had to be there when it began.
    readings: BTreeMap<Name, Reading>,
}

#[derive(Debug, Default)]
struct Reading {
    wanted: BTreeSet<(u64, Name)>,
    held: BTreeMap<(u64, Name), u64>,
}

/// Each event of the logger `who` that was taken by its queue before a flush or a shutdown began which has succeeded is in the file once, with
/// the number that its caller was told. For queues that drop nothing that they have taken, and files
/// that are synced by a flush. Judged at every reading, and of what a power failure would leave.
#[must_use]
pub fn flush_waits_for_the_queue(who: impl Into<Name>) -> FlushWaitsForTheQueue {
    FlushWaitsForTheQueue {
        who: who.into(),
        queued: BTreeSet::new(),
        flushing: BTreeMap::new(),
        flushed: BTreeSet::new(),
        readings: BTreeMap::new(),
    }
}

impl Promise for FlushWaitsForTheQueue {
    fn name(&self) -> &'static str {
        "flush_waits_for_the_queue"
    }

    fn statement(&self) -> String {
        "what waited before a flush that has succeeded is in the file, once".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        let line = || (fields.number(field::SEQ), Name::from(fields.text("")));
        let thread = || event.thread.clone();
        match verb {
            QUEUES => {
                self.queued.insert(line());
            }
            BEGINS_TO_FLUSH | BEGINS_TO_SHUT_DOWN => {
                self.flushing.insert(thread(), self.queued.clone());
            }
            FLUSHES | SHUTS_DOWN => {
                let flushed = self.flushing.remove(&event.thread).unwrap_or_default();
                if fields.text(field::ERROR).is_empty() {
                    self.flushed.extend(flushed);
                }
            }
            READ | LOSES_POWER => {
                let reading = Reading { wanted: self.flushed.clone(), held: BTreeMap::new() };
                self.readings.insert(thread(), reading);
            }
            HOLDS | KEEPS => {
                let held = &mut self.readings.entry(thread()).or_default().held;
                *held.entry(line()).or_default() += 1;
            }
            COUNTS | OUTLIVES => {
                let Reading { wanted, held } =
                    self.readings.remove(&event.thread).unwrap_or_default();
                for (seq, message) in wanted {
                    let wanted = format!("`{message}` once, as line {seq}");
                    let times = held.get(&(seq, message)).copied().unwrap_or_default();
                    if times != 1 {
                        return Judgement::broken(wanted, format!("it is there {times} times"));
                    }
                }
                return Judgement::Holds;
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
