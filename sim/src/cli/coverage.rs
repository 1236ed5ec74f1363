//! What a sweep has covered, scenario by scenario: schedules, who chose them, and what was and was not reached.

use super::table::{self, Count};
use crate::engine::Strategy;
use crate::scenario::Scenario;
use crate::sweep::Sweep;
use comfy_table::Table;

/// A table of the scenarios that have something to tell: more than one schedule, or something that must be reached.
pub(super) struct Coverage {
    table: Table,
    rows: usize,
}

impl Coverage {
    /// Without rows.
    pub(super) fn new() -> Self {
        let [a, b, c, d, e, f] = Strategy::NAMES;
        let head = ["scenario", "schedules", a, b, c, d, e, f, "reached", "not reached"];
        Self { table: table::table(head), rows: 0 }
    }

    /// Adds the row of one scenario, where there is one.
    pub(super) fn add(&mut self, scenario: &Scenario, sweep: &Sweep) {
        let chosen: u64 = sweep.strategies.values().sum();
        let wanted = || sweep.sightings.iter().chain(&sweep.faults);
        if chosen == 0 && wanted().next().is_none() {
            return;
        }
        let schedules = match chosen {
            0 => "by the plan".to_owned(),
            _ => format!("{} of {}", Count(sweep.schedules.len() as u64), Count(chosen)),
        };
        let by = Strategy::NAMES.map(|name| match sweep.strategies.get(name) {
            Some(&runs) => Count(runs).to_string(),
            None => String::new(),
        });
        let all = wanted().count();
        let reached = match all {
            0 => String::new(),
            _ => format!("{} of {all}", wanted().filter(|(_, runs)| **runs > 0).count()),
        };
        let unjudged = sweep.judged.iter();
        let missing = wanted().chain(unjudged).filter(|(_, runs)| **runs == 0);
        let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
        let mut row = vec![scenario.name().to_owned(), schedules];
        row.extend(by);
        row.extend([reached, missing.join(", ")]);
        self.table.add_row(row);
        self.rows += 1;
    }

    /// It as text; nothing where no scenario has anything to tell.
    pub(super) fn text(&self) -> String {
        if self.rows == 0 { String::new() } else { table::text(&self.table) }
    }
}
