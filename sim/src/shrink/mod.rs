//! From a failing run to the fewest steps that fail in the same way.
//!
//! A candidate is kept when the same promise is broken. First whole parts go (actors, operations, faults, deviations of
//! the schedule, recorded choices) by delta debugging, after Zeller and Hildebrandt, "Simplifying and Isolating
//! Failure-Inducing Input" (2002); then times, durations and parameters come down to their boundary, by bisection, and
//! operations become simpler ones. Parameters that change nothing any more are left out at last.

mod lists;
mod operations;
mod parameters;
mod preemptions;
mod values;

pub(crate) use operations::has_form;

use crate::check::Breach;
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

/// Runs after which the best so far is taken: of the search from the recorded run, of the second one where threads take
/// turns, and then of that for the smallest values.
const MOST_RUNS: u64 = 2_000;
/// Schedules that are tried for a candidate beside the one that was recorded.
const OTHER_SCHEDULES: u64 = 12;

/// A search for a smaller plan that breaks the same promise.
pub(crate) struct Search<'a> {
    scenario: &'a Scenario,
    plants: &'a [Plant],
    without: &'a [String],
    promise: &'static str,
    /// The forms of the operations that the scenario's parts know.
    forms: Vec<String>,
    /// For each parameter of the scenario, the least value that it draws, in units or nanoseconds.
    least: Vec<u64>,
    runs: u64,
    best: Plan,
    /// Candidates that did not fail in the same way; the next round meets most of them again.
    refused: BTreeSet<u128>,
}

impl Search<'_> {
    pub(crate) fn best(&self) -> &Plan {
        &self.best
    }

    pub(crate) fn forms(&self) -> &[String] {
        &self.forms
    }

    pub(crate) fn least(&self) -> &[u64] {
        &self.least
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
        let broken = self.attempt(&candidate).is_some_and(|run| self.breaks(&run));
        if broken {
            self.best = candidate;
        } else {
            self.refused.insert(digest.value());
        }
        broken
    }

    /// What the run of `plan` leaves behind; `None` where the scenario refuses it.
    pub(crate) fn traces(&mut self, plan: &Plan) -> Option<(u128, Option<Breach>)> {
        self.runs += 1;
        self.attempt(plan).map(|run| (run.log.digest().value(), run.breach))
    }

    /// `candidate`, which is known to fail in the same way, is the best from now on.
    pub(crate) fn take(&mut self, candidate: Plan) {
        self.best = candidate;
    }

    /// Makes the best so far smaller until nothing more helps.
    fn converge(&mut self) {
        loop {
            let before = self.best.clone();
            lists::shrink(self);
            preemptions::shrink(self);
            values::shrink(self);
            operations::shrink(self);
            parameters::shrink(self);
            if self.best == before {
                lists::shrink_rescheduled(self);
            }
            if self.is_spent() || self.best == before {
                return;
            }
        }
    }

    /// As [`accept`](Self::accept); where threads take turns in the best so far, also under a few other schedules. With
    /// something left out, the places where they took turns are no longer the same.
    pub(crate) fn accept_rescheduled(&mut self, candidate: Plan) -> bool {
        if self.accept(candidate.clone()) {
            return true;
        }
        if !matches!(&candidate.schedule, Schedule::Written(turns) if !turns.is_empty()) {
            return false;
        }
        (0..OTHER_SCHEDULES).any(|other| {
            let seed = Seed::new(other);
            let drawn = Plan { seed, schedule: Schedule::Drawn, ..candidate.clone() };
            self.runs += 1;
            let run = self.recorded(&drawn).filter(|run| self.breaks(run));
            // The seed stays, so that a report speaks of one only.
            run.is_some_and(|run| self.accept(Plan { seed: candidate.seed, ..run.written_plan() }))
        })
    }

    fn breaks(&self, run: &Run) -> bool {
        run.breach.as_ref().is_some_and(|breach| breach.promise == self.promise)
    }

    /// A candidate that the scenario refuses is no candidate.
    fn attempt(&self, plan: &Plan) -> Option<Run> {
        self.run(plan, Recording::Off)
    }

    fn recorded(&self, plan: &Plan) -> Option<Run> {
        self.run(plan, Recording::On)
    }

    fn run(&self, plan: &Plan, recording: Recording) -> Option<Run> {
        let (plants, without) = (self.plants, self.without);
        run(self.scenario, &Request { plan, plants, without, recording, strategy: None }).ok()
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
    let drafted = scenario.drafted(&written)?;
    let mut search = Search {
        scenario,
        plants,
        without,
        promise: breach.promise,
        forms: drafted.forms(),
        least: drafted.least,
        runs: 2,
        best: written,
        refused: BTreeSet::new(),
    };
    // What was recorded must fail as it stands, or a smaller plan proves nothing.
    if !search.attempt(&search.best).is_some_and(|run| search.breaks(&run)) {
        search.best = plan.clone();
    }
    let start = search.best.clone();
    search.converge();
    let mut spent = 0;
    if turns(&search.best) > 0 {
        // The places where threads take turns move with everything that is left out, so the first way may have led into
        // a corner: it is gone again with other schedules from the start.
        let first = std::mem::replace(&mut search.best, start);
        spent += std::mem::take(&mut search.runs);
        lists::shrink_rescheduled(&mut search);
        search.converge();
        spent += std::mem::take(&mut search.runs);
        if size(&first) <= size(&search.best) {
            search.best = first;
        }
    }
    values::shrink_sizes(&mut search);
    parameters::forget(&mut search);
    let (plan, runs) = (search.best, spent + search.runs);
    let request =
        Request { plan: &plan, plants, without, recording: Recording::Off, strategy: None };
    let run = run(scenario, &request)?;
    Ok(Some(Shrunk { run, plan, runs: runs + 1, operations_before }))
}

/// What a person has to read: steps and faults first, then places where threads take turns.
fn size(plan: &Plan) -> (usize, usize) {
    let listed =
        plan.script.as_ref().map_or(0, Vec::len) + plan.faults.as_ref().map_or(0, Vec::len);
    (listed, turns(plan))
}

/// Places where threads take turns other than by default.
fn turns(plan: &Plan) -> usize {
    match &plan.schedule {
        Schedule::Written(turns) => turns.len(),
        Schedule::Drawn => 0,
    }
}
