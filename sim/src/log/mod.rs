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

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

/// The events of one run in the order in which they happened, and their digests.
#[derive(Clone, Debug, Default)]
pub struct EventLog {
    events: Vec<Event>,
    digest: Digest,
    nodes: BTreeMap<Name, Digest>,
}

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
        self.digest.write_u128(own);
        match self.nodes.get_mut(&*event.node) {
            Some(node) => node.write_u128(own),
            None => {
                let mut node = Digest::default();
                node.write_u128(own);
                self.nodes.insert(event.node.clone(), node);
            }
        }
        if self.events.capacity() == 0 {
            // Growing from one event to sixty-four would move all of them seven times.
            self.events.reserve(64);
        }
        self.events.push(event);
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
    pub const fn node_digests(&self) -> &BTreeMap<Name, Digest> {
        &self.nodes
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
