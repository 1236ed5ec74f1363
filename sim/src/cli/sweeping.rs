//! Sweeps as the command line asks for them: over a range, or for a time.

use super::error::CliError;
use super::extent::{Sample, Seeds};
use super::progress::Progress;
use super::selection::Selection;
use super::stopwatch::Stopwatch;
use crate::determinism::Testimony;
use crate::run::Run;
use crate::scenario::Scenario;
use crate::seed::{Seed, SeedRange};
use crate::sweep::{AfterFailure, Sweep, SweepRequest, sweep};
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Seeds between two looks at the time.
const BATCH: u64 = 64;

/// A sweep of each scenario of a selection.
pub(super) struct Sweeping<'a> {
    pub(super) selection: &'a Selection<'a>,
    pub(super) seeds: Seeds,
    pub(super) jobs: NonZeroUsize,
    /// Of how many seeds of a range it is kept what they leave behind.
    pub(super) sample: Sample,
    pub(super) stop: &'a AtomicBool,
    pub(super) progress: &'a Progress,
}

/// A sweep that is over, and the seeds that were asked for.
pub(super) struct Swept {
    pub(super) sweep: Sweep,
    /// Those that were run: one, where the seed changes nothing.
    pub(super) seeds: SeedRange,
    /// What seeds of the sample left behind in the sweep, where it was known before it began which they are, and some that failed.
    pub(super) kept: BTreeMap<Seed, Testimony>,
}

/// Testimonies of a sample that are kept at once, and of failures: each may be a few hundred kilobytes.
const MOST_KEPT: usize = 64;

impl Sweeping<'_> {
    /// Sweeps `scenario`.
    pub(super) fn of(&self, scenario: &Scenario) -> Result<Swept, CliError> {
        self.progress.enters(scenario.name());
        match self.seeds {
            Seeds::Range(seeds) => self.sampling(scenario, seeds),
            Seeds::For(time) => {
                let scenarios = u32::try_from(self.selection.scenarios.len()).unwrap_or(u32::MAX);
                self.time(scenario, time / scenarios.max(1))
            }
        }
    }

    /// A sweep in which what some seeds leave behind is kept, to be compared with what they do when they are run again.
    fn sampling(&self, scenario: &Scenario, seeds: SeedRange) -> Result<Swept, CliError> {
        let each = usize::try_from(self.sample.size(seeds).div_ceil(MOST_KEPT as u128));
        let step = each.unwrap_or(usize::MAX).max(1);
        let sample: BTreeSet<Seed> = self.sample.of(seeds).step_by(step).take(MOST_KEPT).collect();
        let (kept, failed) = (Mutex::new(BTreeMap::new()), AtomicUsize::new(0));
        let keep = |run: &Run| {
            let seed = run.plan.seed;
            let fails =
                || run.breach.is_some() && failed.fetch_add(1, Ordering::Relaxed) < MOST_KEPT;
            if sample.contains(&seed) || fails() {
                kept.lock().insert(seed, Testimony::of(run));
            }
        };
        let sweep = self.range(scenario, seeds, &keep)?;
        let seeds = if sweep.seeded { seeds } else { SeedRange::one(seeds.first()) };
        Ok(Swept { sweep, seeds, kept: kept.into_inner() })
    }

    fn range(
        &self,
        scenario: &Scenario,
        seeds: SeedRange,
        keep: &(dyn Fn(&Run) + Sync),
    ) -> Result<Sweep, CliError> {
        let progress = |run: &Run| {
            keep(run);
            self.progress.ran(scenario, run);
        };
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
            sweep.merge(self.range(scenario, batch, &|_| ())?);
            end += BATCH;
            let done = watch.elapsed() >= time || !sweep.seeded;
            if done || self.stop.load(Ordering::Relaxed) {
                let end = if sweep.seeded { end } else { 1 };
                return Ok(Swept { sweep, seeds: SeedRange::new(0, end)?, kept: BTreeMap::new() });
            }
        }
    }
}
