//! The log of a run with too many events to read: totals, and the changes of state with their times.

use super::text::width_of_who;
use super::{Event, EventLog, Layout};
use crate::one_line::one_line;
use std::collections::BTreeMap;
use std::fmt;

/// A log as a head line, totals by who and what, and the changes of state of each node.
///
/// It holds no running number and nothing that counts lines, so that one more call changes its own total and the head
/// only.
#[derive(Clone, Copy, Debug)]
pub struct Decisions<'a> {
    log: &'a EventLog,
    /// The width of the names in the totals.
    who: usize,
    /// The layout of the changes of state.
    layout: Layout,
}

impl<'a> Decisions<'a> {
    pub(super) fn of(log: &'a EventLog) -> Self {
        let names = log.events().iter().map(|event| one_line(&event.who).chars().count());
        let decisions = log.events().iter().filter(|event| event.what.is_decision());
        Self {
            log,
            who: width_of_who(names.max().unwrap_or_default()),
            layout: Layout::without_threads(decisions),
        }
    }

    /// The same in columns that are also as wide as those of `other`, so that what is equal in both is equal line by line.
    #[must_use]
    pub fn beside(self, other: &Self) -> Self {
        Self { who: self.who.max(other.who), layout: self.layout.wider(other.layout), ..self }
    }
}

impl fmt::Display for Decisions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { log, who: width, layout } = *self;
        let events = log.events();
        writeln!(f, "events: {}  digest: {}", events.len(), log.digest())?;

        let mut totals = BTreeMap::new();
        let mut nodes: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
        for event in events {
            *totals.entry((one_line(&event.who), event.what.verb())).or_insert(0_u64) += 1;
            if event.what.is_decision() {
                nodes.entry(&event.node).or_default().push(event);
            }
        }

        writeln!(f, "\n   count  {:<width$}  what", "who")?;
        for ((who, what), count) in totals {
            writeln!(f, "{count:>8}  {who:<width$}  {what}")?;
        }
        for (node, decisions) in nodes {
            writeln!(f, "\nnode {}\n{}", one_line(node), layout.header())?;
            for event in decisions {
                writeln!(f, "{}", layout.line(event))?;
            }
        }
        Ok(())
    }
}
