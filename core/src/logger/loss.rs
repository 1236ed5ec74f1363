//! Lost events that are not announced yet, and the line that announces them.

use super::entries::Entries;
use super::field::Key;
use super::line::{Body, Head, Line};
use super::value::{ToValue, Value};
use super::{DropCause, EventType, planted};
use crate::door::{Rules, Timestamp};
use std::collections::BTreeMap;

/// What was lost since the last announcement.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    seqs: (u64, u64),
    times: (Timestamp, Timestamp),
    causes: BTreeMap<DropCause, u64>,
}

impl Loss {
    /// `count` events that took the numbers up to `last`, lost at `at`.
    pub(super) fn of(last: u64, count: u64, cause: DropCause, at: Timestamp) -> Self {
        let causes = BTreeMap::new();
        let mut loss = Self { seqs: (last, last), times: (at, at), causes };
        loss.add(last, count, cause, at);
        loss
    }

    /// `count` more.
    pub(super) fn add(&mut self, last: u64, count: u64, cause: DropCause, at: Timestamp) {
        *self.causes.entry(cause).or_default() += count;
        self.seqs = (self.seqs.0.min(last.saturating_sub(count) + 1), self.seqs.1.max(last));
        self.times.1 = at;
    }

    /// And all of these, which came later.
    pub(super) fn join(&mut self, later: Self) {
        for (cause, count) in later.causes {
            *self.causes.entry(cause).or_default() += count;
        }
        self.seqs = (self.seqs.0.min(later.seqs.0), self.seqs.1.max(later.seqs.1));
        self.times.1 = later.times.1;
    }

    /// The last number.
    pub(super) fn last(&self) -> u64 {
        self.seqs.1
    }

    /// When the last one was lost.
    pub(super) fn last_time(&self) -> Timestamp {
        self.times.1
    }

    /// How many were lost by each cause.
    pub(super) fn causes(&self) -> impl Iterator<Item = (DropCause, u64)> {
        self.causes.iter().map(|(&cause, &count)| (cause, count))
    }

    /// Writes the announcement into `line`. Its number is the last one of what it tells of.
    pub(super) fn announce(
        &self,
        line: &mut Line,
        (logger, at): (&[u8], Timestamp),
        rules: &impl Rules,
    ) {
        let causes: Vec<(String, u64)> =
            self.causes.iter().map(|(cause, &count)| (cause.to_string(), count)).collect();
        let by_cause: Vec<(&str, Value<'_>)> =
            causes.iter().map(|(cause, count)| (&cause[..], count.to_value())).collect();
        let mut fields = Entries::default();
        for (key, value) in [
            ("first_seq", self.seqs.0.to_value()),
            ("last_seq", self.seqs.1.to_value()),
            ("count", self.causes.values().sum::<u64>().to_value()),
            ("by_cause", Value::Map(&by_cause)),
            ("first_time", Value::Display(&self.times.0)),
            ("last_time", Value::Display(&self.times.1)),
        ] {
            fields.push(Key::from(key), value);
        }
        let event_type = EventType::LogDropped;
        line.compose(
            Head { at, level: event_type.default_level(), logger, event_type },
            Body {
                message: &planted::announcement(rules),
                message_cut: false,
                context: &Entries::default(),
                fields: &fields,
            },
        );
        line.number(self.seqs.1);
    }
}
