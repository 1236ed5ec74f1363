//! What happened in a run, event by event: the only thing that checks and reports see.
//!
//! An [`EventLog`] holds typed [`Event`]s and folds each into a digest as it comes. Text is made from them only to be
//! read: [`text`](EventLog::text) for a person, [`decisions`](EventLog::decisions) for runs with too many events to
//! read, [`json`](EventLog::json) for programs.

mod breaker;
mod decision;
mod digest;
mod event;
mod json;
#[cfg(test)]
mod tests;
mod text;
mod what;
mod words;

pub use decision::Decisions;
pub use digest::Digest;
pub(crate) use digest::Folded;
pub use event::{Cause, Event, Name};
pub use json::JsonLines;
pub use text::{Header, Layout, Line, Text};
pub use what::{BackendEvent, CallEvent, ClockEvent, ClockKind, ThreadEvent, Value, What};

use std::cell::Cell;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

/// The events of one run in the order in which they happened, and their digests.
#[derive(Clone, Debug, Default)]
pub struct EventLog {
    events: Vec<Event>,
    digest: Digest,
    /// By node, once there is a second one: the digest of an only node is that of the log.
    nodes: BTreeMap<Name, Digest>,
}

thread_local! {
    /// Room for events that an earlier log has left: what is asked for anew for every run costs more than many an event.
    static ROOM: Cell<Vec<Event>> = const { Cell::new(Vec::new()) };
}

/// Events that there is room for at first: growing up to that one by one would move all of them seven times.
const USUAL_EVENTS: usize = 64;
/// Events that a log may leave room for.
const MOST_ROOM: usize = 4096;

impl EventLog {
    /// A log without events.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what happened next.
    pub fn push(&mut self, event: Event) {
        let mut own = digest::Gathered::new();
        event.hash(&mut own);
        let own = own.value();
        self.fold_by_node(&event.node, own);
        self.digest.write_u128(own);
        if self.events.capacity() == 0 {
            self.events = ROOM.take();
            self.events.reserve(USUAL_EVENTS);
        }
        self.events.push(event);
    }

    /// Folds the digest of an event of `node` in, before it goes into that of the log.
    fn fold_by_node(&mut self, node: &Name, own: u128) {
        if self.nodes.is_empty() {
            match self.events.first() {
                Some(first) if first.node != *node => {
                    self.nodes.insert(first.node.clone(), self.digest.clone());
                }
                _ => return,
            }
        }
        match self.nodes.get_mut(node) {
            Some(digest) => digest.write_u128(own),
            None => {
                let mut digest = Digest::default();
                digest.write_u128(own);
                self.nodes.insert(node.clone(), digest);
            }
        }
    }

    /// The events so far.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The digest of all events so far. It leaves out where in the source an event came from and the steps of the
    /// scheduler.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The digest of each node's events so far, by node.
    #[must_use]
    pub fn node_digests(&self) -> BTreeMap<Name, Digest> {
        let only = self.events.first().filter(|_| self.nodes.is_empty());
        let only = only.map(|event| (event.node.clone(), self.digest.clone()));
        only.into_iter().chain(self.nodes.clone()).collect()
    }

    /// The full text in columns: one line per event.
    #[must_use]
    pub fn text(&self) -> Text<'_> {
        Text::of(&self.events)
    }

    /// The text of what matters where there are too many events: totals and changes of state.
    #[must_use]
    pub fn decisions(&self) -> Decisions<'_> {
        Decisions::of(self)
    }

    /// JSON: one object per event, and one at the end with their number and digest.
    #[must_use]
    pub const fn json(&self) -> JsonLines<'_> {
        JsonLines::of(self)
    }
}

impl Drop for EventLog {
    /// Leaves the room of its events to the next log of this operating system thread.
    fn drop(&mut self) {
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        if (1..=MOST_ROOM).contains(&events.capacity()) {
            // At the end of the thread there is no next log.
            let _ = ROOM.try_with(|room| room.set(events));
        }
    }
}
