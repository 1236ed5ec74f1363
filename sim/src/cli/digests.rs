//! One number for all event logs of a scenario: two sweeps of the same seeds share it only if every log was the same.

use super::account::Done;
use super::table::{self, Count};

/// A row for each scenario.
pub(super) fn text(done: &[Done<'_>]) -> String {
    let mut table = table::table(["scenario", "seeds", "digest"]);
    for Done { scenario, sweep, .. } in done {
        let digest = format!("{:032x}", sweep.digest);
        table.add_row([scenario.name(), &Count(sweep.runs).to_string(), &digest]);
    }
    table::text(&table)
}
