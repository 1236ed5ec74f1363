//! From a failing run to the fewest steps that fail in the same way.
//!
//! A candidate is kept when the same promise is broken. First whole parts go (actors, operations, faults, deviations of
//! the schedule, recorded choices) by delta debugging, after Zeller and Hildebrandt, "Simplifying and Isolating
//! Failure-Inducing Input" (2002); then times and durations come down to their boundary, by bisection.

mod lists;
mod preemptions;
mod values;

use crate::engine::threads::Recording;
use crate::log::Digest;
use crate::plan::{Plan, Schedule};
use crate::run::{Request, Run, run};
use crate::scenario::{DraftError, Scenario};
use crate::seed::Seed;
use retrip_core::door::Plant;
use std::collections::BTreeSet;
use std::hash::Hash;

/// The smallest failing run that was found.
#[derive(Debug)]
pub struct Shrunk {
    /// It as a run.
    pub run: Run,
    /// Its plan, which leaves nothing to the seed that matters.
    pub plan: Plan,
    /// Runs that were made to find it.
    pub runs: u64,
    /// Operations of the run that was shrunk.
    pub operations_before: usize,
}

/// Runs after which the best so far is taken.
const MOST_RUNS: u64 = 2_000;
/// Schedules that are tried for a script that no longer fits the one that failed.
const OTHER_SCHEDULES: u64 = 16;

/// A search for a smaller plan that breaks the same promise.
pub(crate) struct Search<'a> {
    scenario: &'a Scenario,
    plants: &'a [Plant],
    without: &'a [String],
    promise: &'static str,
    runs: u64,
    best: Plan,
    /// Candidates that did not fail in the same way; the next round meets most of them again.
    refused: BTreeSet<u128>,
}

impl Search<'_> {
    pub(crate) fn best(&self) -> &Plan {
        &self.best
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.runs >= MOST_RUNS
    }

    /// Whether `candidate` breaks the same promise; then it is the best from now on.
    pub(crate) fn accept(&mut self, candidate: Plan) -> bool {
        if self.is_spent() || candidate == self.best {
            return false;
        }
        let mut digest = Digest::default();
        candidate.hash(&mut digest);
        if self.refused.contains(&digest.value()) {
            return false;
        }
        self.runs += 1;
        let broken = self
            .attempt(&candidate)
            .is_some_and(|run| run.breach.is_some_and(|breach| breach.promise == self.promise));
        if broken {
            self.best = candidate;
        } else {
            self.refused.insert(digest.value());
        }
        broken
    }

    /// Like [`accept`](Self::accept); where the schedule as written no longer fits `candidate`, which does less, other
    /// schedules are tried and the first that fails in the same way is written down.
    pub(crate) fn accept_rescheduled(&mut self, candidate: Plan) -> bool {
        if self.accept(candidate.clone()) {
            return true;
        }
        if !matches!(candidate.schedule, Schedule::Written(_)) {
            return false;
        }
        for seed in 0..OTHER_SCHEDULES {
            if self.is_spent() {
                return false;
            }
            self.runs += 1;
            let drawn =
                Plan { schedule: Schedule::Drawn, seed: Seed::new(seed), ..candidate.clone() };
            let request = Request {
                plan: &drawn,
                plants: self.plants,
                without: self.without,
                recording: Recording::On,
                strategy: None,
            };
            let Ok(run) = run(self.scenario, &request) else { return false };
            if run.breach.as_ref().is_some_and(|breach| breach.promise == self.promise) {
                let written = Plan { seed: candidate.seed, ..run.written_plan() };
                return self.accept(written);
            }
        }
        false
    }

    /// A candidate that the scenario refuses is no candidate.
    fn attempt(&self, plan: &Plan) -> Option<Run> {
        let request = Request {
            plan,
            plants: self.plants,
            without: self.without,
            recording: Recording::Off,
            strategy: None,
        };
        run(self.scenario, &request).ok()
    }
}

/// Shrinks the failing run of `plan`. `None` where it does not fail.
///
/// # Errors
/// The plan cannot be run.
pub fn shrink(
    scenario: &Scenario,
    plan: &Plan,
    plants: &[Plant],
    without: &[String],
) -> Result<Option<Shrunk>, DraftError> {
    let request = Request { plan, plants, without, recording: Recording::On, strategy: None };
    let recorded = run(scenario, &request)?;
    let Some(breach) = &recorded.breach else { return Ok(None) };
    let mut written = recorded.written_plan();
    if !recorded.seeded || recorded.threads == 1 {
        // With one thread there is nothing to schedule, and a plan without a schedule reads better.
        written.schedule = Schedule::Drawn;
    }
    let operations_before = written.script.as_ref().map_or(0, Vec::len);
    let mut search = Search {
        scenario,
        plants,
        without,
        promise: breach.promise,
        runs: 1,
        best: written,
        refused: BTreeSet::new(),
    };
    // What was recorded must fail as it stands, or a smaller plan proves nothing.
    if search.attempt(&search.best).and_then(|run| run.breach).map(|breach| breach.promise)
        != Some(search.promise)
    {
        search.best = plan.clone();
    }
    loop {
        let before = search.best.clone();
        lists::shrink(&mut search);
        preemptions::shrink(&mut search);
        values::shrink(&mut search);
        if search.is_spent() || search.best == before {
            break;
        }
    }
    let (plan, runs) = (search.best, search.runs);
    let request =
        Request { plan: &plan, plants, without, recording: Recording::Off, strategy: None };
    let run = run(scenario, &request)?;
    Ok(Some(Shrunk { run, plan, runs: runs + 1, operations_before }))
}
