//! Whether two engines tell the same of one plan: what one driver does happens at the same moments on all of them.
//!
//! What is compared is a projection of the log: when by the engine's time, who, what, with which details, and what in the plan
//! brought it about. Which node it happened on and which thread or unit did it is the engine's own business: a backend is on the
//! driver's node where there is only one, and has a host of its own where there are hosts.

use crate::engine::EngineName;
use crate::log::{Cause, Event, EventLog, Name};
use crate::plan::Plan;
use crate::run::{Request, Run, run};
use crate::scenario::{DraftError, Scenario};
use crate::span::Span;
use std::fmt;
use std::time::Duration;

/// What every engine has to tell of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Since the start of the run, by the engine's time.
    pub at: Duration,
    /// Whom it is about.
    pub who: Name,
    /// What happened, and the values that belong to it.
    pub what: String,
    /// What in the plan brought it about.
    pub cause: Option<Cause>,
}

/// The first thing that two engines tell differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The engines.
    pub between: [EngineName; 2],
    /// Which event of the log, from 1.
    pub number: usize,
    /// What each tells there; `None` where its log has ended.
    pub told: [Option<Told>; 2],
    /// The promise that each run broke, where it did.
    pub broken: [Option<&'static str>; 2],
}

impl Told {
    fn of(event: &Event) -> Self {
        Self {
            at: Duration::from_nanos(event.engine),
            who: event.who.clone(),
            what: format!("{} {}", event.what.verb(), event.detail()).trim_end().to_owned(),
            cause: event.cause.clone(),
        }
    }

    /// What is told of every event of `log`.
    #[must_use]
    pub fn all(log: &EventLog) -> Vec<Self> {
        log.events().iter().map(Self::of).collect()
    }
}

/// The engines of this build that have to tell the same of `plan`: all that can run it, where only a driver acts in it; none
/// otherwise, because who goes first among several is each engine's own business.
///
/// # Errors
/// The plan is none for this scenario.
pub fn engines(scenario: &Scenario, plan: &Plan) -> Result<Vec<EngineName>, DraftError> {
    let drafted = scenario.drafted(plan)?;
    if drafted.plan.script.iter().flatten().any(|step| step.actor.is_some()) {
        return Ok(Vec::new());
    }
    let can = |engine: &EngineName| {
        let plan = Plan { engine: Some(*engine), ..drafted.plan.clone() };
        scenario.drafted(&plan).is_ok()
    };
    Ok(EngineName::ALL.into_iter().filter(can).collect())
}

/// Runs `plan` on each of `engines` with everything else that `request` says, and compares what each tells with the first.
///
/// # Errors
/// The plan cannot be run on one of them.
pub fn compare(
    scenario: &Scenario,
    request: &Request<'_>,
    engines: &[EngineName],
) -> Result<Option<Disagreement>, DraftError> {
    let on = |engine| {
        let plan = Plan { engine: Some(engine), ..request.plan.clone() };
        run(scenario, &Request { plan: &plan, ..request.clone() })
    };
    let Some((&first, others)) = engines.split_first() else { return Ok(None) };
    let one = on(first)?;
    for &engine in others {
        let disagreement = Disagreement::between(&one, &on(engine)?);
        if disagreement.is_some() {
            return Ok(disagreement);
        }
    }
    Ok(None)
}

impl Disagreement {
    /// The first event that two runs of a plan tell differently, or that they broke different promises.
    #[must_use]
    pub fn between(one: &Run, other: &Run) -> Option<Self> {
        let (first, second) = (Told::all(&one.log), Told::all(&other.log));
        let broken = [one, other].map(|run| run.breach.as_ref().map(|breach| breach.promise));
        let length = first.len().max(second.len());
        let differs = (0..length).find(|&at| first.get(at) != second.get(at));
        let at = differs.or_else(|| (broken[0] != broken[1]).then_some(length))?;
        Some(Self {
            between: [one.engine, other.engine],
            number: at + 1,
            told: [first.get(at).cloned(), second.get(at).cloned()],
            broken,
        })
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {} {}", Span(self.at), self.who, self.what)?;
        match &self.cause {
            Some(Cause::Step(step)) => write!(f, "  (step {})", step + 1),
            Some(Cause::Fault(fault)) => write!(f, "  (fault {})", fault + 1),
            Some(Cause::Call(call)) => write!(f, "  (call {call})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  event    {} of the log", self.number)?;
        for ((engine, told), broken) in self.between.iter().zip(&self.told).zip(&self.broken) {
            match (told, broken) {
                (Some(told), _) => writeln!(f, "  {engine:<8} {told}")?,
                (None, Some(promise)) => writeln!(f, "  {engine:<8} ended, and broke {promise}")?,
                (None, None) => writeln!(f, "  {engine:<8} ended")?,
            }
        }
        Ok(())
    }
}
