//! Sweeps as the command line asks for them: over a range, or for a time.

use super::error::CliError;
use super::extent::Seeds;
use super::progress::Progress;
use super::selection::Selection;
use super::stopwatch::Stopwatch;
use crate::run::Run;
use crate::scenario::Scenario;
use crate::seed::SeedRange;
use crate::sweep::{AfterFailure, Sweep, SweepRequest, sweep};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Seeds between two looks at the time.
const BATCH: u64 = 64;

/// A sweep of each scenario of a selection.
pub(super) struct Sweeping<'a> {
    pub(super) selection: &'a Selection<'a>,
    pub(super) seeds: Seeds,
    pub(super) jobs: NonZeroUsize,
    pub(super) stop: &'a AtomicBool,
    pub(super) progress: &'a Progress,
}

/// A sweep that is over, and the seeds that were asked for.
pub(super) struct Swept {
    pub(super) sweep: Sweep,
    pub(super) seeds: SeedRange,
}

impl Sweeping<'_> {
    /// Sweeps `scenario`.
    pub(super) fn of(&self, scenario: &Scenario) -> Result<Swept, CliError> {
        self.progress.enters(scenario.name());
        match self.seeds {
            Seeds::Range(seeds) => Ok(Swept { sweep: self.range(scenario, seeds)?, seeds }),
            Seeds::For(time) => {
                let scenarios = u32::try_from(self.selection.scenarios.len()).unwrap_or(u32::MAX);
                self.time(scenario, time / scenarios.max(1))
            }
        }
    }

    fn range(&self, scenario: &Scenario, seeds: SeedRange) -> Result<Sweep, CliError> {
        let progress = |run: &Run| self.progress.ran(scenario, run);
        let request = SweepRequest {
            seeds,
            jobs: self.jobs,
            plants: &self.selection.plants,
            without: &self.selection.without,
            strategy: self.selection.strategy,
            after_failure: AfterFailure::GoOn,
            stop: self.stop,
            progress: &progress,
        };
        Ok(sweep(scenario, &request)?)
    }

    fn time(&self, scenario: &Scenario, time: Duration) -> Result<Swept, CliError> {
        let watch = Stopwatch::start();
        let mut sweep = Sweep::default();
        let mut end = 0;
        loop {
            let batch = SeedRange::new(end, end + BATCH)?;
            sweep.merge(self.range(scenario, batch)?);
            end += BATCH;
            let done = watch.elapsed() >= time || !sweep.seeded;
            if done || self.stop.load(Ordering::Relaxed) {
                return Ok(Swept { sweep, seeds: SeedRange::new(0, end)? });
            }
        }
    }
}
