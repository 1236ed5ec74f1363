//! From the failing seeds of a sweep to their causes: run again, made smaller, compared, grouped.

use super::signature::Signature;
use super::{Case, LastEvents, Report, Reproduction};
use crate::determinism::{self, Finding, Testimony};
use crate::engine::threads::Recording;
use crate::plan::Plan;
use crate::replay::ReplayLine;
use crate::run::{Request, run};
use crate::scenario::{DraftError, Scenario};
use crate::seed::Seed;
use crate::shrink::shrink;
use crate::sweep::Failed;
use retrip_core::door::Plant;

/// Failing seeds of a scenario that are made smaller. The others are listed.
const MOST_EXAMINED: usize = 8;

/// Why the failing seeds of one scenario fail.
#[derive(Clone, Debug, Default)]
pub struct Causes {
    /// One report for each cause that was found, with all seeds that have it.
    pub reports: Vec<Report>,
    /// Seeds that break a promise and were not made smaller.
    pub unexamined: Vec<Unexamined>,
}

/// Failing seeds whose cause was not looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexamined {
    /// The promise that they break.
    pub promise: &'static str,
    /// They, in ascending order.
    pub seeds: Vec<Seed>,
}

/// Looks for the causes of `failed`: at most eight seeds, and one for each promise, are made smaller. Two seeds have one
/// cause where the same promise breaks at the same place in fewest steps of the same kinds, whatever was drawn in them.
///
/// `elsewhere` runs a request in a fresh process.
///
/// # Errors
/// A plan of the scenario cannot be run, or `elsewhere` fails.
pub fn examine<E: From<DraftError>>(
    scenario: &Scenario,
    failed: &[Failed],
    plants: &[Plant],
    without: &[String],
    mut elsewhere: impl FnMut(&Request<'_>) -> Result<Testimony, E>,
) -> Result<Causes, E> {
    let mut causes = Causes::default();
    let mut seen: Vec<&'static str> = Vec::new();
    let mut groups: Vec<(&'static str, Option<Signature>)> = Vec::new();
    for (index, failure) in failed.iter().enumerate() {
        let promise = failure.breach.promise;
        if index >= MOST_EXAMINED && seen.contains(&promise) {
            causes.leave(promise, failure.seed);
            continue;
        }
        seen.push(promise);
        let (report, canonical) = one(scenario, failure, plants, without)?;
        let key = (report.breach.promise, canonical);
        match groups.iter().position(|group| *group == key) {
            Some(place) => causes.reports[place].also.push(failure.seed),
            None => {
                let reproduction = confirm(scenario, &report, &mut elsewhere)?;
                groups.push(key);
                causes.reports.push(Report { reproduction, ..report });
            }
        }
    }
    Ok(causes)
}

impl Causes {
    fn leave(&mut self, promise: &'static str, seed: Seed) {
        match self.unexamined.iter_mut().find(|rest| rest.promise == promise) {
            Some(rest) => rest.seeds.push(seed),
            None => self.unexamined.push(Unexamined { promise, seeds: vec![seed] }),
        }
    }
}

/// The report on one failing seed, not yet confirmed, and what its fewest steps have in common with others.
fn one(
    scenario: &Scenario,
    failure: &Failed,
    plants: &[Plant],
    without: &[String],
) -> Result<(Report, Option<Signature>), DraftError> {
    let drawn = Plan::drawn(scenario.name(), failure.seed)?;
    let shrunk = shrink(scenario, &drawn, plants, without)?;
    let mut report = Report {
        scenario: scenario.name().to_owned(),
        seed: failure.seed,
        reproduction: Reproduction::NotReproducible(None),
        breach: failure.breach.clone(),
        case: Case::Vanished,
        last: LastEvents::default(),
        replay: ReplayLine::of(scenario, drawn, plants, without),
        also: Vec::new(),
    };
    let Some(shrunk) = shrunk else { return Ok((report, None)) };
    let forms = scenario.drafted(&shrunk.plan)?.forms();
    let canonical = Signature::of(&shrunk.plan, &shrunk.run, &forms);
    if let Some(breach) = &shrunk.run.breach {
        report.breach = breach.clone();
    }
    report.last = LastEvents::of(&shrunk.run);
    report.replay.plan = shrunk.plan.clone();
    report.case =
        Case::Minimal { plan: shrunk.plan, of: shrunk.operations_before, runs: shrunk.runs };
    Ok((report, Some(canonical)))
}

/// Runs what a report says again, here and elsewhere: the seed as it was found, and the fewest steps.
fn confirm<E: From<DraftError>>(
    scenario: &Scenario,
    report: &Report,
    elsewhere: &mut impl FnMut(&Request<'_>) -> Result<Testimony, E>,
) -> Result<Reproduction, E> {
    let found = Plan::drawn(scenario.name(), report.seed).map_err(DraftError::from)?;
    for plan in [&found, &report.replay.plan] {
        let request = Request {
            plan,
            plants: &report.replay.plants,
            without: &report.replay.without,
            recording: Recording::Off,
            strategy: None,
        };
        if let Finding::Differs(how) = determinism::check(scenario, &request, &mut *elsewhere)? {
            return Ok(Reproduction::NotReproducible(Some(how)));
        }
        let breach = run(scenario, &request)?.breach;
        if breach.is_none_or(|breach| breach.promise != report.breach.promise) {
            return Ok(Reproduction::NotReproducible(None));
        }
    }
    Ok(Reproduction::Reproducible)
}
