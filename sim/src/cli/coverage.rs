//! What a sweep has covered, scenario by scenario: schedules, who chose them, and what was and was not reached.

use super::table::{self, Count};
use crate::engine::{EngineName, Strategy};
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
            0 if scenario.engine() != EngineName::Threads => "by the seed".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_was_never_seen_judged_or_done_is_named_and_what_was_is_counted() {
        let scenario = Scenario::new("races", "somebody is first", |_| ());
        let sweep = Sweep {
            runs: 5,
            schedules: [7, 8].into(),
            strategies: BTreeMap::from([("urw", 4), ("sticky", 1)]),
            sightings: BTreeMap::from([("a_wins", 3), ("b_wins", 0)]),
            faults: BTreeMap::from([("freezes", 0)]),
            judged: BTreeMap::from([("fair", 5), ("never_asked", 0)]),
            ..Sweep::default()
        };
        let mut coverage = Coverage::new();
        assert_eq!(coverage.text(), "");
        coverage.add(&Scenario::new("timeline", "nothing to tell", |_| ()), &Sweep::default());
        assert_eq!(coverage.text(), "");
        coverage.add(&scenario, &sweep);
        let text = coverage.text();
        let row = text.lines().last().expect("a row");
        let words: Vec<&str> = row.split_whitespace().collect();
        let wanted = "races 2 of 5 4 1 1 of 3 b_wins, freezes, never_asked";
        assert_eq!(words.join(" "), wanted, "{text}");
    }
}
