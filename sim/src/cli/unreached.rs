//! Bugs that were switched on and that no run came to: a sweep that holds then says nothing about them.

use super::error::CliError;
use super::exit::Exit;
use super::selection::Selection;
use super::table::red;
use crate::scenario::{Catalogue, Scenario};
use retrip_core::door::Plant;
use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;

/// A bug that was switched on without effect.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Unreached {
    /// None of the scenarios that were run says that it finds the bug, so that they were the wrong ones.
    NotAskedFor {
        /// The bug.
        plant: Plant,
        /// Scenarios that were run.
        ran: Vec<&'static str>,
        /// Scenarios that say that they find it.
        asking: Vec<&'static str>,
    },
    /// Some scenario that was run says that it finds the bug, and in no run did the code under test come to it.
    Never {
        /// The bug.
        plant: Plant,
        /// Scenarios that were run and say that they find it.
        asking: Vec<&'static str>,
    },
}

/// Says what is switched on in `selection` and is not among those that its runs `reached`: the wrong scenarios as an error,
/// and what they should have come to as a gap, which goes to `out`.
pub(super) fn say_unreached(
    out: &mut dyn Write,
    catalogue: &Catalogue,
    selection: &Selection<'_>,
    reached: &BTreeSet<Plant>,
) -> Result<Exit, CliError> {
    let mut exit = Exit::Passed;
    for unreached in unreached(catalogue, selection, reached) {
        exit = Exit::Usage;
        match &unreached {
            Unreached::Never { .. } => writeln!(out, "{}", red(&unreached.to_string()))?,
            Unreached::NotAskedFor { .. } => {
                out.flush()?;
                // The exit code says it as well, where nobody reads this.
                let _ = writeln!(anstream::stderr(), "error: {unreached}");
            }
        }
    }
    Ok(exit)
}

/// Those bugs, in the order in which they were named.
fn unreached(
    catalogue: &Catalogue,
    selection: &Selection<'_>,
    reached: &BTreeSet<Plant>,
) -> Vec<Unreached> {
    let unreached = selection.plants.iter().filter(|plant| !reached.contains(plant));
    let judge = |&plant: &Plant| {
        let ran = selection.scenarios.iter().copied();
        let asking = asking(ran.clone(), plant);
        if !asking.is_empty() {
            return Unreached::Never { plant, asking };
        }
        let ran = ran.map(Scenario::name).collect();
        Unreached::NotAskedFor { plant, ran, asking: self::asking(catalogue.scenarios(), plant) }
    };
    unreached.map(judge).collect()
}

fn asking<'a>(
    scenarios: impl IntoIterator<Item = &'a Scenario>,
    plant: Plant,
) -> Vec<&'static str> {
    let finds = |scenario: &&Scenario| scenario.bugs().iter().any(|bug| bug.plant == plant);
    scenarios.into_iter().filter(finds).map(Scenario::name).collect()
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAskedFor { plant, ran, asking } => write!(
                f,
                "`--plant {}` is not asked for by {}; scenarios that ask for it: {}",
                plant.name(),
                ran.join(", "),
                asking.join(", ")
            ),
            Self::Never { plant, asking } => write!(
                f,
                "the planted bug was never reached: no run of {} came to `{}`",
                asking.join(", "),
                plant.name()
            ),
        }
    }
}
