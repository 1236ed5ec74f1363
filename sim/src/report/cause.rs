//! From the failing seeds of a sweep to their causes: run again, made smaller, compared, grouped.

use super::signature::Signature;
use super::{Case, LastEvents, Report, Reproduction};
use crate::determinism::{self, Finding, Testimony};
use crate::engine::NamedStrategy;
use crate::plan::Plan;
use crate::replay::ReplayLine;
use crate::run::{Request, Run, run};
use crate::scenario::{DraftError, Scenario};
use crate::seed::Seed;
use crate::shrink::{Effort, Ending, Shrunk, shrink_with};
use crate::sweep::Failed;
use retrip_core::door::Plant;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs of one scenario that are spent on telling failing seeds apart, after which the others are only listed.
const MOST_QUICK_RUNS: u64 = 30_000;
/// Runs that are spent on making one of each kind as small as it can be.
const MOST_FULL_RUNS: u64 = 60_000;

/// Failing seeds with a known cause that are run again in a fresh process; the one that a report shows always is.
const MOST_RUN_AGAIN: u64 = 200;

/// What to examine, and how.
#[derive(Clone, Copy, Debug)]
pub struct ExamineRequest<'a> {
    /// The failing seeds, in order.
    pub failed: &'a [Failed],
    /// Bugs that are switched on.
    pub plants: &'a [Plant],
    /// Promises that are switched off.
    pub without: &'a [String],
    /// What some of them left behind when they failed, to be compared with what they do when they are run again.
    pub kept: &'a BTreeMap<Seed, Testimony>,
    /// The strategy of the runs that failed, where it was not each seed's own.
    pub strategy: Option<NamedStrategy>,
    /// Set from outside to end early; what was found by then is kept.
    pub stop: &'a AtomicBool,
}

/// Why the failing seeds of one scenario fail.
#[derive(Clone, Debug, Default)]
pub struct Causes {
    /// One report for each cause that was found, with all seeds that have it. Where it was stopped, also one for each way in
    /// which seeds fail that were not examined.
    pub reports: Vec<Report>,
    /// Seeds behind the limit, which break a promise and were not made smaller.
    pub unexamined: Vec<Unexamined>,
    /// How many failing seeds with a known cause were not run again in a fresh process.
    pub not_run_again: u64,
}

/// Failing seeds whose cause was not looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexamined {
    /// The promise that they break.
    pub promise: &'static str,
    /// They, in ascending order.
    pub seeds: Vec<Seed>,
}

/// Looks for the causes of failing seeds. Two seeds have one cause where the same promise breaks at the same place in fewest
/// steps of the same kinds, whatever was drawn in them.
///
/// Each seed is made smaller a little. If that leaves what an earlier seed had at that stage, it has the cause of that one;
/// otherwise it is made as small as it can be. Both have a limit, which counts runs and not time: a sweep says the same on
/// every machine. Seeds behind it are listed as unexamined, but at least one of each promise is examined.
///
/// Each failing seed is run again, here and in a fresh process, up to two hundred of those whose cause is known; the others are
/// counted. One that is not the same there has a report of its own, with those that are like it.
///
/// Where it is stopped it ends within a few runs: the seed that it is at has the smallest case so far, and of those behind it
/// only what the sweep found is said.
///
/// `elsewhere` runs a request in a fresh process.
///
/// # Errors
/// A plan of the scenario cannot be run, or `elsewhere` fails.
pub fn examine<E: From<DraftError>>(
    scenario: &Scenario,
    request: &ExamineRequest<'_>,
    mut elsewhere: impl FnMut(&Request<'_>) -> Result<Testimony, E>,
) -> Result<Causes, E> {
    let mut examination = Examination::of(scenario, request);
    for failure in request.failed {
        if examination.is_stopped() {
            examination.set_aside(failure)?;
        } else if let Some(report) = examination.examine(failure)? {
            let reproduction = examination.confirm(&report, &mut elsewhere)?;
            examination.causes.reports.push(Report { reproduction, ..report });
        } else if let Some(report) = examination.unlike_itself(failure, &mut elsewhere)? {
            examination.causes.reports.push(report);
        }
    }
    Ok(examination.causes)
}

/// A broken promise, and what a case has in common with others; `None` where the seed did not fail again.
type Key = (&'static str, Option<Signature>);

/// What has been found about the failing seeds so far.
struct Examination<'a> {
    scenario: &'a Scenario,
    request: &'a ExamineRequest<'a>,
    causes: Causes,
    /// For each report, the form of its minimal case.
    minimal: Vec<Key>,
    /// Forms of cases that were made smaller a little, and the report that such a case led to.
    rough: Vec<(Key, usize)>,
    quick_runs: u64,
    full_runs: u64,
    /// Failures with a known cause that were run again in a fresh process.
    run_again: u64,
}

impl<'a> Examination<'a> {
    fn of(scenario: &'a Scenario, request: &'a ExamineRequest<'a>) -> Self {
        Self {
            scenario,
            request,
            causes: Causes::default(),
            minimal: Vec::new(),
            rough: Vec::new(),
            quick_runs: 0,
            full_runs: 0,
            run_again: 0,
        }
    }

    fn is_stopped(&self) -> bool {
        self.request.stop.load(Ordering::Relaxed)
    }

    /// The report on `failure`, not yet confirmed, where it has a cause that no seed before it had.
    fn examine(&mut self, failure: &Failed) -> Result<Option<Report>, DraftError> {
        let promise = failure.breach.promise;
        let is_known = self.minimal.iter().any(|(known, _)| *known == promise);
        if is_known && self.quick_runs >= MOST_QUICK_RUNS {
            self.causes.leave(promise, failure.seed);
            return Ok(None);
        }
        let drawn = self.scenario.plan(failure.seed)?;
        let quick = self.shrink(&drawn, Effort::Quick, &|_, _| false)?;
        self.quick_runs += quick.as_ref().map_or(1, |quick| quick.runs);
        if quick.as_ref().is_some_and(|quick| quick.ending == Ending::StoppedAtOnce) {
            self.set_aside(failure)?;
            return Ok(None);
        }
        let rough = (promise, self.signature(quick.as_ref())?);
        if let Some(&(_, place)) = self.rough.iter().find(|(known, _)| *known == rough) {
            self.causes.reports[place].also.push(failure.seed);
            return Ok(None);
        }
        if is_known && self.full_runs >= MOST_FULL_RUNS {
            self.causes.leave(promise, failure.seed);
            return Ok(None);
        }
        let minimal = match quick {
            Some(quick) => {
                let forms = self.scenario.drafted(&quick.plan)?.forms();
                let full = self.shrink(&quick.plan, Effort::Full, &|plan, run| {
                    let key = (promise, Some(Signature::of(plan, run, &forms)));
                    self.minimal.contains(&key)
                })?;
                self.full_runs += full.as_ref().map_or(0, |full| full.runs);
                full.map(|full| Shrunk {
                    runs: quick.runs + full.runs,
                    operations_before: quick.operations_before,
                    ending: match full.ending {
                        Ending::Itself => Ending::Itself,
                        Ending::Stopped | Ending::StoppedAtOnce => Ending::Stopped,
                    },
                    ..full
                })
            }
            None => None,
        };
        let key = (promise, self.signature(minimal.as_ref())?);
        if let Some(place) = self.minimal.iter().position(|known| *known == key) {
            self.rough.push((rough, place));
            self.causes.reports[place].also.push(failure.seed);
            return Ok(None);
        }
        self.rough.push((rough, self.minimal.len()));
        self.minimal.push(key);
        Ok(Some(self.report(failure, drawn, minimal)))
    }

    fn request_of<'p>(&self, plan: &'p Plan) -> Request<'p>
    where
        'a: 'p,
    {
        let ExamineRequest { plants, without, strategy, .. } = *self.request;
        Request { plants, without, strategy: strategy.into(), ..Request::of(plan) }
    }

    fn shrink(
        &self,
        plan: &Plan,
        effort: Effort,
        is_known: &dyn Fn(&Plan, &Run) -> bool,
    ) -> Result<Option<Shrunk>, DraftError> {
        shrink_with(self.scenario, &self.request_of(plan), self.request.stop, effort, is_known)
    }

    fn signature(&self, shrunk: Option<&Shrunk>) -> Result<Option<Signature>, DraftError> {
        let Some(shrunk) = shrunk else { return Ok(None) };
        let forms = self.scenario.drafted(&shrunk.plan)?.forms();
        Ok(Some(Signature::of(&shrunk.plan, &shrunk.run, &forms)))
    }

    fn report(&self, failure: &Failed, drawn: Plan, shrunk: Option<Shrunk>) -> Report {
        let mut report = self.found(failure, drawn);
        let Some(shrunk) = shrunk else {
            let reproduction = Reproduction::NotReproducible(None);
            return Report { case: Case::Vanished, reproduction, ..report };
        };
        if let Some(breach) = &shrunk.run.breach {
            report.breach = breach.clone();
        }
        report.last = LastEvents::of(&shrunk.run);
        report.replay.plan = shrunk.plan.clone();
        let Shrunk { plan, operations_before: of, runs, ending, .. } = shrunk;
        report.case = match ending {
            Ending::Itself => Case::Minimal { plan, of, runs },
            Ending::Stopped | Ending::StoppedAtOnce => Case::SoFar { plan, of, runs },
        };
        report
    }

    /// What the sweep found, and nothing more.
    fn found(&self, failure: &Failed, drawn: Plan) -> Report {
        let ExamineRequest { plants, without, strategy, .. } = *self.request;
        let replay = ReplayLine::of(self.scenario, drawn, plants, without).chosen_by(strategy);
        Report {
            scenario: self.scenario.name().to_owned(),
            seed: failure.seed,
            reproduction: Reproduction::NotRunAgain,
            breach: failure.breach.clone(),
            case: Case::Unexamined,
            last: LastEvents::default(),
            replay,
            also: Vec::new(),
        }
    }

    /// Lists `failure` with those that were not examined either and look alike.
    fn set_aside(&mut self, failure: &Failed) -> Result<(), DraftError> {
        let words = failure.breach.without_numbers();
        let is_alike = |report: &&mut Report| {
            report.case == Case::Unexamined
                && report.breach.promise == failure.breach.promise
                && report.breach.without_numbers() == words
        };
        if let Some(report) = self.causes.reports.iter_mut().find(is_alike) {
            report.also.push(failure.seed);
        } else {
            let drawn = self.scenario.plan(failure.seed)?;
            let report = self.found(failure, drawn);
            self.causes.reports.push(report);
        }
        Ok(())
    }

    /// The report on a failure whose cause is known, where it is not the same in a fresh process.
    fn unlike_itself<E: From<DraftError>>(
        &mut self,
        failure: &Failed,
        elsewhere: &mut impl FnMut(&Request<'_>) -> Result<Testimony, E>,
    ) -> Result<Option<Report>, E> {
        if self.run_again >= MOST_RUN_AGAIN || self.is_stopped() {
            self.causes.not_run_again += 1;
            return Ok(None);
        }
        self.run_again += 1;
        let drawn = self.scenario.plan(failure.seed).map_err(DraftError::from)?;
        let (request, kept) = (self.request_of(&drawn), self.request.kept.get(&failure.seed));
        let finding = determinism::check_again(self.scenario, &request, kept, elsewhere);
        let how = match finding {
            // What stops this process may end a fresh one as well.
            Err(_) if self.is_stopped() => return Ok(None),
            Err(error) => return Err(error),
            Ok(Finding::Same) => return Ok(None),
            Ok(Finding::Differs(how)) => how,
        };
        for report in &mut self.causes.reports {
            report.also.retain(|&seed| seed != failure.seed);
        }
        let title = how.title();
        let is_alike = |report: &&mut Report| {
            let Reproduction::NotReproducible(Some(how)) = &report.reproduction else {
                return false;
            };
            report.case == Case::Unsteady
                && how.title() == title
                && report.breach.promise == failure.breach.promise
        };
        if let Some(report) = self.causes.reports.iter_mut().find(is_alike) {
            report.also.push(failure.seed);
            return Ok(None);
        }
        let reproduction = Reproduction::NotReproducible(Some(how));
        Ok(Some(Report { reproduction, case: Case::Unsteady, ..self.found(failure, drawn) }))
    }

    /// Runs what a report says again, here and elsewhere: the seed as it was found, and the fewest steps.
    fn confirm<E: From<DraftError>>(
        &self,
        report: &Report,
        elsewhere: &mut impl FnMut(&Request<'_>) -> Result<Testimony, E>,
    ) -> Result<Reproduction, E> {
        let found = self.scenario.plan(report.seed).map_err(DraftError::from)?;
        // What is made smaller was not run in the sweep.
        let kept = self.request.kept.get(&report.seed);
        for (plan, kept) in [(&found, kept), (&report.replay.plan, None)] {
            if self.is_stopped() {
                return Ok(report.reproduction.clone());
            }
            let request = self.request_of(plan);
            match determinism::check_again(self.scenario, &request, kept, &mut *elsewhere) {
                // What stops this process may end a fresh one as well.
                Err(_) if self.is_stopped() => return Ok(report.reproduction.clone()),
                Err(error) => return Err(error),
                Ok(Finding::Differs(how)) => return Ok(Reproduction::NotReproducible(Some(how))),
                Ok(Finding::Same) => {}
            }
            let breach = run(self.scenario, &request)?.breach;
            if breach.is_none_or(|breach| breach.promise != report.breach.promise) {
                return Ok(Reproduction::NotReproducible(None));
            }
        }
        Ok(Reproduction::Reproducible)
    }
}

impl Causes {
    fn leave(&mut self, promise: &'static str, seed: Seed) {
        match self.unexamined.iter_mut().find(|rest| rest.promise == promise) {
            Some(rest) => rest.seeds.push(seed),
            None => self.unexamined.push(Unexamined { promise, seeds: vec![seed] }),
        }
    }
}

#[cfg(test)]
mod tests;
