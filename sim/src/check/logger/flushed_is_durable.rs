//! What a flush has confirmed outlives a power failure.

use super::told;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name};
use crate::part::log_file::words::{
    BEGINS_TO_FLUSH, FLUSHES, KEEPS, LOSES_POWER, OUTLIVES, WRITES, field,
};
use retrip_core::door::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// See [`flushed_is_durable`].
#[derive(Debug)]
pub struct FlushedIsDurable {
    who: Name,
    /// Written since, and neither confirmed nor given up.
    open: BTreeSet<Name>,
    /// What was open when a thread began to flush.
    flushing: BTreeMap<Name, BTreeSet<Name>>,
    confirmed: BTreeSet<Name>,
    /// Up to when nothing that began is open, because a flush has failed.
    given_up: Option<Instant>,
    /// What was confirmed when the power failed, and what of it is left, for each thread that looks.
    looks: BTreeMap<Name, Look>,
}

#[derive(Debug, Default)]
struct Look {
    confirmed: BTreeSet<Name>,
    kept: BTreeSet<Name>,
}

/// Each event of the logger `who` that was written before a flush began which has succeeded is in what a power failure leaves, whenever it
/// comes. A flush that fails confirms nothing, and later ones nothing of what came before it. For messages that differ.
#[must_use]
pub fn flushed_is_durable(who: impl Into<Name>) -> FlushedIsDurable {
    FlushedIsDurable {
        who: who.into(),
        open: BTreeSet::new(),
        flushing: BTreeMap::new(),
        confirmed: BTreeSet::new(),
        given_up: None,
        looks: BTreeMap::new(),
    }
}

impl Promise for FlushedIsDurable {
    fn name(&self) -> &'static str {
        "flushed_is_durable"
    }

    fn statement(&self) -> String {
        "what was written before a flush that has succeeded outlives a power failure".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let Some((verb, fields)) = told(event, &self.who) else { return Judgement::NotConcerned };
        let message = || Name::from(fields.text(""));
        let thread = || event.thread.clone();
        match verb {
            WRITES => {
                let began = fields.moment(field::BEGAN);
                if self.given_up.is_none_or(|until| began.is_some_and(|began| began > until)) {
                    self.open.insert(message());
                }
            }
            BEGINS_TO_FLUSH => {
                self.flushing.insert(thread(), self.open.clone());
            }
            FLUSHES => {
                let flushed = self.flushing.remove(&event.thread).unwrap_or_default();
                if fields.text(field::ERROR).is_empty() {
                    // What was given up meanwhile is not open any more.
                    self.confirmed.extend(flushed.intersection(&self.open).cloned());
                } else {
                    self.open.clear();
                    self.given_up = Some(event.mono);
                }
            }
            LOSES_POWER => {
                let confirmed = self.confirmed.clone();
                self.looks.insert(thread(), Look { confirmed, kept: BTreeSet::new() });
            }
            KEEPS => {
                self.looks.entry(thread()).or_default().kept.insert(message());
            }
            OUTLIVES => {
                let look = self.looks.remove(&event.thread).unwrap_or_default();
                return match look.confirmed.difference(&look.kept).next() {
                    None => Judgement::Holds,
                    Some(lost) => {
                        let wanted = format!("`{lost}` kept, which a flush has confirmed");
                        Judgement::broken(wanted, format!("{} other lines", look.kept.len()))
                    }
                };
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
