//! How many seeds it takes until a planted bug is found, and by which promise.

use super::error::CliError;
use crate::engine::NamedStrategy;
use crate::run::Run;
use crate::scenario::{Bug, Expectation, Scenario};
use crate::seed::{Seed, SeedRange};
use crate::sweep::{AfterFailure, SweepRequest, sweep};
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

/// What became of one planted bug in one scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kill {
    pub(super) scenario: &'static str,
    pub(super) bug: Bug,
    pub(super) fate: Fate,
}

/// What became of a planted bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Its promise found it with the `after`-th seed.
    Killed {
        /// Seeds that were needed, from 1.
        after: u64,
        /// The last of them.
        seed: Seed,
    },
    /// Another promise broke first.
    KilledByAnother {
        /// That promise.
        promise: &'static str,
        /// Where it broke.
        seed: Seed,
    },
    /// Nothing found it.
    Survived {
        /// Seeds that were run.
        runs: u64,
        /// Whether the code under test came to the bug at all.
        reach: Reach,
    },
}

/// Whether any run came to the place in the code under test that asks for a planted bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Some did.
    Reached,
    /// None did, so that no promise could find it.
    Never,
}

/// Looks for planted bugs.
pub(super) struct Hunt<'a> {
    pub(super) seeds: SeedRange,
    pub(super) strategy: Option<NamedStrategy>,
    pub(super) jobs: NonZeroUsize,
    pub(super) stop: &'a AtomicBool,
    pub(super) progress: &'a (dyn Fn(&Run) + Sync),
}

impl Hunt<'_> {
    /// Runs `scenario` with `bug` until something is found.
    pub(super) fn of(&self, scenario: &Scenario, bug: Bug) -> Result<Kill, CliError> {
        let request = SweepRequest {
            seeds: self.seeds,
            jobs: self.jobs,
            plants: &[bug.plant],
            without: &[],
            strategy: self.strategy,
            after_failure: AfterFailure::Stop,
            stop: self.stop,
            progress: self.progress,
        };
        let swept = sweep(scenario, &request)?;
        let fate = match swept.failed.first() {
            None => {
                let reached = swept.reached.contains(&bug.plant);
                let reach = if reached { Reach::Reached } else { Reach::Never };
                Fate::Survived { runs: swept.runs, reach }
            }
            Some(first) if first.breach.promise == bug.promise => Fate::Killed {
                after: (first.seed.value() - self.seeds.first().value()).saturating_add(1),
                seed: first.seed,
            },
            Some(first) => {
                Fate::KilledByAnother { promise: first.breach.promise, seed: first.seed }
            }
        };
        Ok(Kill { scenario: scenario.name(), bug, fate })
    }
}

/// The planted bugs that `scenarios` say they find. A canary fails anyway, so it finds none.
pub(super) fn bugs<'a>(
    scenarios: &[&'a Scenario],
) -> impl Iterator<Item = (&'a Scenario, Bug)> + use<'a> {
    let sound: Vec<&Scenario> = scenarios
        .iter()
        .copied()
        .filter(|scenario| scenario.expectation() == Expectation::Holds)
        .collect();
    sound.into_iter().flat_map(|scenario| scenario.bugs().iter().map(move |bug| (scenario, *bug)))
}
