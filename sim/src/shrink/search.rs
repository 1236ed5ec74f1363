//! A search for a smaller plan: which candidates are taken, and how many runs it may make.

use super::operations;
use super::size::{Scales, Size, turns};
use super::turns;
use crate::check::Breach;
use crate::engine::threads::Recording;
use crate::log::Digest;
use crate::part::{ClockPart, Part, Reading};
use crate::plan::{Plan, Schedule, Step, Turn};
use crate::run::{Chooser, Request, Run, run};
use crate::scenario::{DraftError, Scenario};
use crate::seed::Seed;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};

/// Schedules that are tried for a large candidate beside the one that was recorded.
const OTHER_SCHEDULES: u64 = 24;

/// What a search looks for and how far it goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aim<'a> {
    pub(super) scenario: &'a Scenario,
    /// What a candidate is run with; its plan and its recording mean nothing.
    pub(super) request: &'a Request<'a>,
    /// The promise that a candidate must break.
    pub(super) promise: &'static str,
    /// Runs after which the best so far is taken.
    pub(super) most_runs: u64,
    /// Scheduling steps after which it is.
    pub(super) most_steps: u64,
    /// Once it is set, it is as well.
    pub(super) stop: &'a AtomicBool,
}

/// A search for a smaller plan that breaks the same promise.
pub(super) struct Search<'a> {
    aim: Aim<'a>,
    scales: Scales,
    /// Operations that somebody could do, one of each form.
    repertoire: Vec<String>,
    /// For each parameter of the scenario, the least value that it draws, in units or nanoseconds.
    least: Vec<u64>,
    runs: u64,
    steps: u64,
    best: Plan,
    size: Size,
    /// What was found wrong in the best so far, without its numbers.
    found: String,
    /// Whether a release may have to wake another waiter than the first.
    wakes: bool,
    /// Whether something may have to come out wrong for no reason.
    spurious: bool,
    /// Candidates that did not fail in the same way, and whether all of their deviations applied: the next round meets
    /// most of them again.
    refused: BTreeMap<u128, bool>,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is the best from now on.
    Taken,
    /// It keeps the promise, and each of its deviations applied.
    Kept,
    /// It is no smaller, keeps the promise with a deviation that did not apply, or cannot be run.
    Void,
}

/// How much a candidate's failure must be like the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same promise breaks: enough where only something was left out or made smaller.
    Promise,
    /// The same is found wrong, whatever its numbers are: asked of what is done in another way, which may be another bug.
    Finding,
}

impl<'a> Search<'a> {
    /// The search from `start`, whose run broke its promise by `breach`. Two runs have been made for it.
    pub(super) fn new(aim: Aim<'a>, start: Plan, breach: &Breach) -> Result<Self, DraftError> {
        let drafted = aim.scenario.drafted(&start)?;
        let forms = drafted.forms();
        let empty = Plan { schedule: Schedule::Drawn, ..start.clone() };
        let can_be_done = |operation: &String| {
            let script = Some(vec![Step { actor: None, at: None, operation: operation.clone() }]);
            aim.scenario.drafted(&Plan { script, ..empty.clone() }).is_ok()
        };
        // What bends clocks is a fault, and no other way of doing something.
        let is_no_fault = |text: &String| ClockPart.reads(text) == Reading::NotMine;
        let filled = operations::filled(&forms).into_iter().filter(is_no_fault);
        let repertoire = filled.filter(can_be_done).collect();
        let wakes = turns(&start).iter().any(|turn| matches!(turn.turn, Turn::Wakes(_)));
        let spurious = turns(&start).iter().any(|turn| turn.turn == Turn::Spurious);
        let mut scales = Scales::of(forms);
        let size = scales.size(&start);
        Ok(Self {
            aim,
            repertoire,
            least: drafted.least,
            runs: 2,
            steps: 0,
            size,
            found: breach.without_numbers(),
            wakes,
            spurious,
            refused: BTreeMap::new(),
            best: start,
            scales,
        })
    }

    pub(super) fn best(&self) -> &Plan {
        &self.best
    }

    pub(super) fn size(&self) -> &Size {
        &self.size
    }

    pub(super) fn forms(&self) -> &[String] {
        self.scales.forms()
    }

    pub(super) fn repertoire(&self) -> &[String] {
        &self.repertoire
    }

    pub(super) fn least(&self) -> &[u64] {
        &self.least
    }

    pub(super) fn wakes(&self) -> bool {
        self.wakes
    }

    pub(super) fn spurious(&self) -> bool {
        self.spurious
    }

    pub(super) fn runs(&self) -> u64 {
        self.runs
    }

    /// Whether no further candidate is tried.
    pub(super) fn is_spent(&self) -> bool {
        let Aim { most_runs, most_steps, .. } = self.aim;
        self.runs >= most_runs || self.steps >= most_steps || self.is_stopped()
    }

    /// Whether somebody has stopped it.
    pub(super) fn is_stopped(&self) -> bool {
        self.aim.stop.load(Ordering::Relaxed)
    }

    /// Whether `candidate` is smaller and breaks the same promise; then it is the best from now on.
    pub(super) fn accept(&mut self, candidate: Plan) -> bool {
        self.answer(candidate, Likeness::Promise) == Answer::Taken
    }

    /// As [`accept`](Self::accept), for a candidate that does something else: the same must be found wrong.
    pub(super) fn accept_alike(&mut self, candidate: Plan) -> bool {
        self.answer(candidate, Likeness::Finding) == Answer::Taken
    }

    /// As [`accept_alike`](Self::accept_alike), also under the default schedule.
    pub(super) fn accept_alike_calm(&mut self, candidate: Plan) -> bool {
        let calm = turns(&candidate).first().map(|_| calm(&candidate));
        self.accept_alike(candidate) || calm.is_some_and(|calm| self.accept_alike(calm))
    }

    /// Whether `plan` is smaller than the best so far.
    pub(super) fn is_smaller(&mut self, plan: &Plan) -> bool {
        self.scales.size(plan) < self.size
    }

    /// What becomes of `candidate`.
    pub(super) fn answer(&mut self, mut candidate: Plan, likeness: Likeness) -> Answer {
        if self.is_spent() {
            return Answer::Void;
        }
        candidate.leaves_out_strangers();
        let size = self.scales.size(&candidate);
        if size >= self.size {
            return Answer::Void;
        }
        let mut digest = Digest::default();
        (&candidate, likeness == Likeness::Finding).hash(&mut digest);
        let answer = |applied| if applied { Answer::Kept } else { Answer::Void };
        if let Some(&applied) = self.refused.get(&digest.value()) {
            return answer(applied);
        }
        let run = self.attempt(&candidate);
        let breach = run.as_ref().and_then(|run| run.breach.as_ref());
        let found =
            breach.filter(|breach| breach.promise == self.aim.promise).map(Breach::without_numbers);
        match found {
            Some(found) if likeness == Likeness::Promise || found == self.found => {
                (self.best, self.size, self.found) = (candidate, size, found);
                Answer::Taken
            }
            _ => {
                let applied = run.is_some_and(|run| run.skipped == 0);
                self.refused.insert(digest.value(), applied);
                answer(applied)
            }
        }
    }

    /// Whether every deviation of `plan` applies in a run of it.
    pub(super) fn applies(&mut self, plan: &Plan) -> bool {
        !self.is_spent() && self.attempt(plan).is_some_and(|run| run.skipped == 0)
    }

    /// What the run of `plan` leaves behind; `None` where the scenario refuses it.
    pub(super) fn traces(&mut self, plan: &Plan) -> Option<(u128, Option<Breach>)> {
        self.attempt(plan).map(|run| (run.log.digest().value(), run.breach))
    }

    /// The run of the best so far.
    pub(super) fn run_of_best(&mut self) -> Option<Run> {
        self.attempt(&self.best.clone())
    }

    /// `candidate`, which is known to fail in the same way, is the best from now on.
    pub(super) fn take(&mut self, candidate: Plan) {
        self.size = self.scales.size(&candidate);
        self.best = candidate;
    }

    /// As [`accept`](Self::accept); where threads take turns in the best so far, also under a few drawn schedules. With
    /// something left out, the places where they took turns are no longer the same.
    pub(super) fn accept_rescheduled(&mut self, candidate: Plan) -> bool {
        if self.accept(candidate.clone()) {
            return true;
        }
        if turns(&candidate).is_empty() {
            return false;
        }
        if self.accept_moved_up(candidate.clone()) {
            return true;
        }
        (0..OTHER_SCHEDULES).any(|other| {
            let found = self.failing_under(&candidate, other);
            found.is_some_and(|found| self.accept(found))
        })
    }

    /// Accepts `candidate` with deviations some points earlier.
    pub(super) fn accept_moved_up(&mut self, candidate: Plan) -> bool {
        turns::moved_up(&candidate).into_iter().any(|moved| self.accept(moved))
    }

    /// What of `candidate` is done, and how its threads take turns, where it breaks the promise under the schedule that the
    /// seed `other` draws.
    pub(super) fn failing_under(&mut self, candidate: &Plan, other: u64) -> Option<Plan> {
        if self.is_spent() {
            return None;
        }
        let seed = Seed::new(other);
        let mut drawn = Plan { seed, schedule: Schedule::Drawn, ..candidate.clone() };
        drawn.leaves_out_strangers();
        // Whatever strategy finds it: what it found is written down.
        let strategy = Chooser::Drawn;
        let request = self.aim.request.clone();
        let request = Request { plan: &drawn, recording: Recording::On, strategy, ..request };
        let run = self.run(&request).filter(|run| self.breaks(run))?;
        // The seed stays, so that a report speaks of one only.
        Some(Plan { seed: candidate.seed, ..run.written_plan() })
    }

    /// Whether `plan` breaks the promise, however large it is.
    pub(super) fn fails(&mut self, plan: &Plan) -> bool {
        !self.is_spent() && self.attempt(plan).is_some_and(|run| self.breaks(&run))
    }

    fn breaks(&self, run: &Run) -> bool {
        run.breach.as_ref().is_some_and(|breach| breach.promise == self.aim.promise)
    }

    fn attempt(&mut self, plan: &Plan) -> Option<Run> {
        let request = self.aim.request.clone();
        self.run(&Request { plan, recording: Recording::Off, ..request })
    }

    /// A candidate that the scenario refuses is no candidate.
    fn run(&mut self, request: &Request<'_>) -> Option<Run> {
        self.runs += 1;
        let run = run(self.aim.scenario, request).ok();
        self.steps += run.as_ref().map_or(0, |run| run.steps);
        run
    }
}

/// `plan` under the default schedule.
pub(super) fn calm(plan: &Plan) -> Plan {
    Plan { schedule: Schedule::Written(Vec::new()), ..plan.clone() }
}
