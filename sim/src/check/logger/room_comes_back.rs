//! A queue whose lines are written has all of its room again, however often it was full.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{BEGINS_TO_FLUSH, FLUSHES, LOSES, QUEUES, field};
use retrip_core::door::Instant;
use std::collections::BTreeMap;

/// See [`room_comes_back`].
#[derive(Debug)]
pub struct RoomComesBack {
    who: Name,
    lines: u64,
    /// Lines that were queued.
    queued: u64,
    /// How many had been when a thread began to flush.
    flushing: BTreeMap<Name, u64>,
    /// The last flush that has succeeded: how many lines it wrote at least, and when it was over.
    written: Option<(u64, Instant)>,
}

/// While the queue of the logger `who` has no room for an event, `lines` lines or more wait which no flush has written: what has been written takes no room any more.
/// Judged at each event that is logged after a flush has succeeded, and for which there was no room.
///
/// A line that waits may belong to a thread which has not told of it yet, so that `lines` has to be so many less than what the queue has
/// room for as other threads log at once.
#[must_use]
pub fn room_comes_back(who: impl Into<Name>, lines: u64) -> RoomComesBack {
    let flushing = BTreeMap::new();
    RoomComesBack { who: who.into(), lines, queued: 0, flushing, written: None }
}

impl Promise for RoomComesBack {
    fn name(&self) -> &'static str {
        "room_comes_back"
    }

    fn statement(&self) -> String {
        format!("a queue that was emptied has room for {} lines again", self.lines)
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        match verb {
            QUEUES => self.queued += 1,
            BEGINS_TO_FLUSH => {
                self.flushing.insert(event.thread.clone(), self.queued);
            }
            FLUSHES => {
                let written = self.flushing.remove(&event.thread);
                if let Some(written) = written.filter(|_| fields.text(field::ERROR).is_empty()) {
                    self.written = Some((written, event.mono));
                }
            }
            LOSES if matches!(fields.text(field::CAUSE), "queue_full" | "oversize") => {
                let (Some((written, over)), Some(began)) =
                    (self.written, fields.moment(field::BEGAN))
                else {
                    return Judgement::NotConcerned;
                };
                // Whether there was room for an event that was logged meanwhile says nothing about afterwards.
                if began <= over {
                    return Judgement::NotConcerned;
                }
                let waiting = self.queued - written;
                if waiting < self.lines {
                    let wanted = format!("room for {} lines", self.lines);
                    let found = format!("an event is lost while {waiting} wait at most");
                    return Judgement::broken(wanted, found);
                }
                return Judgement::Holds;
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
