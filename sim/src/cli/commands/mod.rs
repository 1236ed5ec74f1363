//! What each command does.

mod diff;
mod doctor;
mod explore;
mod list;
mod log;
mod logs;
mod mutants;
mod plan;
mod replay;
mod run;
mod seed_rows;

pub(super) use diff::diff;
pub(super) use doctor::{doctor, specimen};
pub(super) use explore::explore;
pub(super) use list::list;
pub(super) use log::log;
pub(super) use logs::logs;
pub(super) use mutants::mutants;
pub(super) use plan::read_plan;
pub(super) use replay::replay;
pub(super) use run::run;

use super::extent::Seeds;
use crate::seed::SeedRange;

/// Seeds of each scenario where nobody asks for others: a few seconds for a catalogue, and enough for most verdicts.
fn default_seeds() -> SeedRange {
    SeedRange::new(0, 1000).expect("a thousand seeds are some")
}

/// The seeds as a range, for commands that stop at the first failure: a time is none of theirs.
fn as_range(seeds: Seeds) -> SeedRange {
    match seeds {
        Seeds::Range(range) => range,
        Seeds::For(_) => default_seeds(),
    }
}
