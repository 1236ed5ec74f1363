//! The log of a run with too many events to read: totals, and the changes of state with their times.

use super::text::width_of_who;
use super::words::one_line;
use super::{Event, EventLog, Layout};
use std::collections::BTreeMap;
use std::fmt;

/// A log as a head line, totals by who and what, and the changes of state of each node.
///
/// It holds no running number and nothing that counts lines, so that one more call changes its own total and the head
/// only.
#[derive(Clone, Copy, Debug)]
pub struct Decisions<'a>(&'a EventLog);

impl<'a> Decisions<'a> {
    pub(super) const fn of(log: &'a EventLog) -> Self {
        Self(log)
    }
}

impl fmt::Display for Decisions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = self.0.events();
        writeln!(f, "events: {}  digest: {}", events.len(), self.0.digest())?;

        let mut totals = BTreeMap::new();
        let mut nodes: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
        for event in events {
            *totals.entry((one_line(&event.who), event.what.verb())).or_insert(0_u64) += 1;
            if event.what.is_decision() {
                nodes.entry(&event.node).or_default().push(event);
            }
        }

        let longest = totals.keys().map(|(who, _)| who.chars().count()).max().unwrap_or_default();
        let width = width_of_who(longest);
        writeln!(f, "\n   count  {:<width$}  what", "who")?;
        for ((who, what), count) in totals {
            writeln!(f, "{count:>8}  {who:<width$}  {what}")?;
        }
        let layout = Layout::without_threads(nodes.values().flatten().copied());
        for (node, decisions) in nodes {
            writeln!(f, "\nnode {}\n{}", one_line(node), layout.header())?;
            for event in decisions {
                writeln!(f, "{}", layout.line(event))?;
            }
        }
        Ok(())
    }
}
