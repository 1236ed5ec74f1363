//! Many seeds of one scenario: what was run, what was seen, what was broken.

use crate::check::Breach;
use crate::engine::threads::Recording;
use crate::engine::{CountOrders, NamedStrategy};
use crate::fault;
use crate::log::{Cause, Digest};
use crate::plan::FaultKind;
use crate::run::{Request, Run, run};
use crate::scenario::{DraftError, Expectation, Scenario};
use crate::seed::{Seed, SeedRange};
use parking_lot::Mutex;
use retrip_core::door::Plant;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// What to sweep, and how.
pub struct SweepRequest<'a> {
    /// The seeds, in order.
    pub seeds: SeedRange,
    /// Operating system threads that run seeds side by side. The result does not depend on it.
    pub jobs: NonZeroUsize,
    /// Bugs that are switched on.
    pub plants: &'a [Plant],
    /// Promises that are switched off.
    pub without: &'a [String],
    /// The strategy of every run; each seed draws its own where it is not given.
    pub strategy: Option<NamedStrategy>,
    /// Whether the sweep goes on after a broken promise.
    pub after_failure: AfterFailure,
    /// Set from outside to end early; what was done is kept.
    pub stop: &'a AtomicBool,
    /// Told after each run, on the thread that ran it.
    pub progress: &'a (dyn Fn(&Run) + Sync),
}

/// Ends no sweep.
static NEVER: AtomicBool = AtomicBool::new(false);

impl<'a> SweepRequest<'a> {
    /// All of `seeds`, one after the other, with no bug and every promise switched on.
    ///
    /// ```
    /// use retrip_sim::scenario::Scenario;
    /// use retrip_sim::sweep::{SweepRequest, sweep};
    ///
    /// let scenario = Scenario::new("draws", "something is drawn", |s| {
    ///     s.draw("number", 0..=9);
    /// });
    /// let found = sweep(&scenario, &SweepRequest::of("0..20".parse()?))?;
    /// assert_eq!((found.runs, found.failed.len()), (20, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(seeds: SeedRange) -> Self {
        Self {
            seeds,
            jobs: NonZeroUsize::MIN,
            plants: &[],
            without: &[],
            strategy: None,
            after_failure: AfterFailure::GoOn,
            stop: &NEVER,
            progress: &|_| (),
        }
    }
}

/// Whether a sweep goes on after a broken promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// Every seed is run.
    GoOn,
    /// Seeds behind the first failing one need not be run.
    Stop,
}

/// One seed that broke a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The seed.
    pub seed: Seed,
    /// What it broke.
    pub breach: Breach,
}

/// What a sweep found. Sweeps over disjoint seeds can be merged.
#[derive(Clone, Debug, Default)]
pub struct Sweep {
    /// Runs made.
    pub runs: u64,
    /// Digests of the event logs.
    pub logs: BTreeSet<u128>,
    /// All event logs, each under its seed, in one number: that of the parts of a sweep adds up, wrapping, to that of the whole.
    pub digest: u128,
    /// Canonical orders of the steps: schedules that differ in something that somebody could tell.
    pub orders: BTreeSet<u64>,
    /// Digests of the schedules that a strategy chose: which thread took which step when.
    pub schedules: BTreeSet<u128>,
    /// How many runs each strategy chose the threads of.
    pub strategies: BTreeMap<&'static str, u64>,
    /// Virtual time covered.
    pub elapsed: Duration,
    /// Scheduling steps.
    pub steps: u64,
    /// Broken promises, by seed.
    pub failed: Vec<Failed>,
    /// How many times each promise was judged.
    pub judged: BTreeMap<&'static str, u64>,
    /// In how many runs each thing was seen that must be.
    pub sightings: BTreeMap<&'static str, u64>,
    /// Bugs that were switched on and that the code under test asked for in some run.
    pub reached: BTreeSet<Plant>,
    /// In how many runs each kind of fault that some plan has did what it is for: a message was lost, a host was ended.
    pub faults: BTreeMap<&'static str, u64>,
    /// Whether the seed can change anything; false where one run is all there is.
    pub seeded: bool,
    /// Whether it ended before all seeds were run.
    pub interrupted: bool,
}

/// What a whole sweep says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SweepVerdict {
    /// Every promise held, was judged, everything was seen that must be, and each kind of fault in the plans happened.
    Passed,
    /// Every promise held, but fewer seeds ran than what was not seen would need to count.
    NotJudged {
        /// Promises that judged nothing, and things not seen.
        missing: Vec<&'static str>,
        /// Runs made.
        runs: u64,
        /// Runs that make it count.
        enough: u64,
    },
    /// Enough seeds ran, and something that must be seen was not, or a promise judged nothing.
    Unseen {
        /// Those.
        missing: Vec<&'static str>,
    },
    /// Too few of the seeds made a difference.
    TooFewLogs {
        /// Distinct logs.
        distinct: usize,
        /// Runs made.
        runs: u64,
    },
    /// A promise was broken.
    Broken,
    /// A canary broke the promise that it must break, and no other.
    FailedAsItMust,
    /// A canary did not fail: the harness finds nothing any more.
    CanarySurvived,
}

impl SweepVerdict {
    /// Whether it lets a sweep pass.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Passed | Self::NotJudged { .. } | Self::FailedAsItMust)
    }
}

/// Of so many runs of a scenario that draws, at least one in this many must give a log of its own.
const DISTINCT_ONE_IN: u64 = 20;

impl Sweep {
    /// The failures that nobody wants: all but those by which a canary must fail.
    pub fn unwanted(&self, scenario: &Scenario) -> impl Iterator<Item = &Failed> {
        let expected = scenario.expectation();
        self.failed
            .iter()
            .filter(move |failed| expected != Expectation::MustBreak(failed.breach.promise))
    }

    /// Judges the sweep of `scenario` as a whole.
    #[must_use]
    pub fn verdict(&self, scenario: &Scenario) -> SweepVerdict {
        let enough = if self.seeded { scenario.enough_seeds() } else { 1 };
        if self.unwanted(scenario).next().is_some() {
            return SweepVerdict::Broken;
        }
        match (scenario.expectation(), self.failed.is_empty()) {
            (Expectation::Holds, _) => {}
            (Expectation::MustBreak(_), false) => return SweepVerdict::FailedAsItMust,
            (Expectation::MustBreak(_), true) if self.runs >= enough => {
                return SweepVerdict::CanarySurvived;
            }
            (Expectation::MustBreak(_), true) => {
                let missing = vec!["canary"];
                return SweepVerdict::NotJudged { missing, runs: self.runs, enough };
            }
        }
        let nothing = |counts: &BTreeMap<&'static str, u64>| {
            counts.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect()
        };
        let mut missing: Vec<&'static str> = nothing(&self.judged);
        missing.extend(nothing(&self.sightings));
        missing.extend(nothing(&self.faults));
        if self.runs < enough {
            return SweepVerdict::NotJudged { missing, runs: self.runs, enough };
        }
        if !missing.is_empty() {
            return SweepVerdict::Unseen { missing };
        }
        if self.seeded && (self.logs.len() as u64) < self.runs / DISTINCT_ONE_IN {
            return SweepVerdict::TooFewLogs { distinct: self.logs.len(), runs: self.runs };
        }
        SweepVerdict::Passed
    }

    /// Adds what another sweep of the same scenario found.
    pub fn merge(&mut self, other: Self) {
        self.runs += other.runs;
        self.logs.extend(other.logs);
        self.digest = self.digest.wrapping_add(other.digest);
        self.orders.extend(other.orders);
        self.schedules.extend(other.schedules);
        for (name, count) in other.strategies {
            *self.strategies.entry(name).or_default() += count;
        }
        self.elapsed += other.elapsed;
        self.steps += other.steps;
        self.failed.extend(other.failed);
        self.failed.sort_by_key(|failed| failed.seed);
        for (name, count) in other.judged {
            *self.judged.entry(name).or_default() += count;
        }
        for (name, count) in other.sightings {
            *self.sightings.entry(name).or_default() += count;
        }
        self.reached.extend(other.reached);
        for (name, count) in other.faults {
            *self.faults.entry(name).or_default() += count;
        }
        self.seeded |= other.seeded;
        self.interrupted |= other.interrupted;
    }

    fn add(&mut self, seed: Seed, run: Run) {
        self.runs += 1;
        let log = run.log.digest().value();
        self.logs.insert(log);
        self.digest = self.digest.wrapping_add(under(seed, log));
        self.orders.extend(run.order);
        if let Some(strategy) = &run.strategy {
            *self.strategies.entry(strategy.name()).or_default() += 1;
            self.schedules.insert(run.schedule.value());
        }
        self.elapsed += run.elapsed;
        self.steps += run.steps;
        self.seeded |= run.seeded;
        self.reached.extend(run.reached);
        for verdict in run.verdicts {
            *self.judged.entry(verdict.promise).or_default() += verdict.judged;
        }
        for sighting in run.sightings {
            *self.sightings.entry(sighting.name).or_default() += u64::from(sighting.seen);
        }
        let happened = |kind: FaultKind, place: u32| match fault::effect(kind) {
            Some(effect) => run.effects.contains_key(&effect),
            None => {
                let cause = Some(Cause::Fault(place));
                run.log.events().iter().any(|event| event.cause == cause)
            }
        };
        let mut kinds = BTreeMap::<&'static str, bool>::new();
        for (fault, place) in run.plan.faults.iter().flatten().zip(0..) {
            *kinds.entry(fault.kind.name()).or_default() |= happened(fault.kind, place);
        }
        for (kind, happened) in kinds {
            *self.faults.entry(kind).or_default() += u64::from(happened);
        }
        if let Some(breach) = run.breach {
            self.failed.push(Failed { seed, breach });
        }
    }
}

/// The digest of a seed and its log. Seeds that change places change the sum of theirs.
fn under(seed: Seed, log: u128) -> u128 {
    let mut digest = Digest::default();
    digest.fold(seed.value());
    digest.write_u128(log);
    digest.value()
}

/// Runs every seed of the range; one seed where the seed changes nothing.
///
/// # Errors
/// The scenario itself is wrong: a plan of it cannot be run.
pub fn sweep(scenario: &Scenario, request: &SweepRequest<'_>) -> Result<Sweep, DraftError> {
    // The first seed runs alone: it says whether there is anything for several jobs to do.
    let first = request.seeds.first();
    let run = one(scenario, request, first)?;
    (request.progress)(&run);
    let (seeded, broken) = (run.seeded, run.breach.is_some());
    let mut found = Sweep::default();
    found.add(first, run);
    if !seeded || (broken && request.after_failure == AfterFailure::Stop) {
        return Ok(found);
    }
    let shared = Shared {
        left: Mutex::new(request.seeds.split(NonZeroU64::MIN).1),
        ends: AtomicBool::new(false),
        first_failure: AtomicU64::new(u64::MAX),
        error: Mutex::new(None),
        found: Mutex::new(found),
    };
    std::thread::scope(|scope| {
        for _ in 0..request.jobs.get() {
            scope.spawn(|| work(scenario, request, &shared));
        }
    });
    if let Some(error) = shared.error.into_inner() {
        return Err(error);
    }
    let mut found = shared.found.into_inner();
    found.failed.sort_by_key(|failed| failed.seed);
    found.interrupted =
        request.stop.load(Ordering::Relaxed) && u128::from(found.runs) < request.seeds.len();
    Ok(found)
}

/// What the jobs of one sweep share.
struct Shared {
    /// The seeds that no job has taken.
    left: Mutex<Option<SeedRange>>,
    ends: AtomicBool,
    first_failure: AtomicU64,
    error: Mutex<Option<DraftError>>,
    found: Mutex<Sweep>,
}

impl Shared {
    /// The next seeds, for the job that asks.
    fn take(&self) -> Option<SeedRange> {
        let mut left = self.left.lock();
        let (chunk, rest) = (*left)?.split(CHUNK);
        *left = rest;
        Some(chunk)
    }
}

/// Seeds that a job takes at once.
const CHUNK: NonZeroU64 = NonZeroU64::new(16).expect("sixteen is not zero");

fn work(scenario: &Scenario, request: &SweepRequest<'_>, shared: &Shared) {
    let mut mine = Sweep::default();
    while !shared.ends.load(Ordering::Relaxed) {
        let Some(chunk) = shared.take() else { break };
        for seed in chunk.iter() {
            let value = seed.value();
            let behind_failure = value > shared.first_failure.load(Ordering::Relaxed);
            if request.stop.load(Ordering::Relaxed) || behind_failure {
                break;
            }
            if shared.ends.load(Ordering::Relaxed) {
                break;
            }
            match one(scenario, request, seed) {
                Ok(run) => {
                    (request.progress)(&run);
                    if run.breach.is_some() && request.after_failure == AfterFailure::Stop {
                        shared.first_failure.fetch_min(value, Ordering::Relaxed);
                    }
                    mine.add(seed, run);
                }
                Err(error) => {
                    shared.error.lock().get_or_insert(error);
                    shared.ends.store(true, Ordering::Relaxed);
                }
            }
        }
        if request.stop.load(Ordering::Relaxed) {
            break;
        }
    }
    shared.found.lock().merge(mine);
}

fn one(scenario: &Scenario, request: &SweepRequest<'_>, seed: Seed) -> Result<Run, DraftError> {
    let plan = scenario.plan(seed)?;
    let recording = Recording::Off;
    let request = Request {
        plan: &plan,
        plants: request.plants,
        without: request.without,
        recording,
        strategy: request.strategy.into(),
        orders: CountOrders::Yes,
    };
    run(scenario, &request)
}

#[cfg(test)]
mod tests;
