//! What a run will do, decided before anything runs: plain data that prints, parses back and can be edited by hand.
//!
//! A plan is text of one statement per line, or of the same statements joined by `; ` on one line, which is what a
//! failure report prints to be pasted:
//!
//! ```
//! use retrip_sim::plan::Plan;
//!
//! let plan: Plan = "breaker_swarm 0x4 open_for = 30s; 0s llm fails; caller-1: call llm".parse()?;
//! assert_eq!(
//!     plan.lines().to_string(),
//!     "breaker_swarm 0x4\nopen_for = 30s\n0s llm fails\ncaller-1: call llm\n"
//! );
//! assert_eq!(plan.lines().to_string().parse(), Ok(plan));
//! # Ok::<(), retrip_sim::plan::PlanError>(())
//! ```
//!
//! | statement | meaning |
//! |---|---|
//! | `on nodes` | the engine; where none is named, the scenario's own |
//! | `open_for = 30s` | a parameter |
//! | `5s llm fails` | a step of the driver at a time since the start |
//! | `caller-1: call llm` | the next step of an actor; with a time in front, at that time |
//! | `finally read llm` | a step of the driver once everybody has ended |
//! | `no operations` | the script is empty, rather than drawn from the seed |
//! | `fault 5s wall clock jumps -3600s` | a fault; see [`Fault`] |
//! | `no faults` | no faults, where the script is drawn from the seed |
//! | `faults drawn` | faults drawn from the seed, where the script is written |
//! | `schedule written` | the schedule is the default one plus the deviations listed |
//! | `caller-1@17 -> caller-2` | a deviation; see [`Deviation`] |
//! | `choice breaker.jitter 17/100` | an answer to a draw; see [`Choice`] |
//!
//! In the form of many lines, blank lines and lines that begin with `#` mean nothing.

mod error;
mod fault;
mod name;
mod parse;
mod schedule;
mod step;
#[cfg(test)]
mod tests;

pub use error::{PlanError, Role};
pub use fault::{Fault, FaultKind, FaultWords, Way};
pub(crate) use name::as_word;
pub use schedule::{Choice, Deviation, Schedule, Turn};
pub(crate) use step::DRIVER;
pub use step::{Parameter, Step};

use crate::engine::EngineName;
use crate::seed::Seed;
use std::collections::BTreeSet;
use std::fmt;

/// Everything that the seed decided before the run, or that somebody wrote in its place.
///
/// [`Display`](fmt::Display) writes one line, [`lines`](Plan::lines) one statement per line; both parse back to an
/// equal plan as long as every part keeps the rules that its constructor checks ([`check`](Plan::check)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    /// The scenario's name.
    pub scenario: String,
    /// Decides whatever is not written here.
    pub seed: Seed,
    /// The engine; `None` for the scenario's own.
    pub engine: Option<EngineName>,
    /// Named values in the order of the scenario.
    pub parameters: Vec<Parameter>,
    /// The operations in order; `None` where the seed decides them.
    pub script: Option<Vec<Step>>,
    /// The faults in order; `None` where the seed decides them. Read from a text with a script, always `Some`.
    pub faults: Option<Vec<Fault>>,
    /// Which thread runs when.
    pub schedule: Schedule,
    /// Answers to draws made while running, in the order in which they are asked for.
    pub choices: Vec<Choice>,
}

impl Plan {
    /// The plan that leaves everything to the seed.
    ///
    /// # Errors
    /// [`PlanError::Name`] where `scenario` is no name.
    pub fn drawn(scenario: impl Into<String>, seed: Seed) -> Result<Self, PlanError> {
        let scenario = scenario.into();
        name::check(Role::Scenario, &scenario)?;
        Ok(Self {
            scenario,
            seed,
            engine: None,
            parameters: Vec::new(),
            script: None,
            faults: None,
            schedule: Schedule::Drawn,
            choices: Vec::new(),
        })
    }

    /// The form of one statement per line, each line ended.
    #[must_use]
    pub fn lines(&self) -> Lines<'_> {
        Lines(self)
    }

    /// The value of the parameter called `name`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|parameter| parameter.name == name).map(|found| &*found.value)
    }

    /// Whoever does a step of the script, by name.
    pub(crate) fn actors(&self) -> BTreeSet<&str> {
        let steps = self.script.iter().flatten();
        steps.map(|step| step.actor.as_deref().unwrap_or(DRIVER)).collect()
    }

    /// Leaves out faults of actors that the script does without.
    pub(crate) fn leaves_out_strangers(&mut self) {
        let Some(mut faults) = self.faults.take() else { return };
        let actors = self.actors();
        let is_there = |fault: &Fault| {
            !fault.kind.is_of_an_actor()
                || fault.node.as_deref().is_some_and(|node| actors.contains(node))
        };
        faults.retain(is_there);
        self.faults = Some(faults);
    }

    /// Checks the rules that a plan put together by hand may break, which its text could not keep.
    ///
    /// # Errors
    /// The first broken rule.
    pub fn check(&self) -> Result<(), PlanError> {
        name::check(Role::Scenario, &self.scenario)?;
        for (index, parameter) in self.parameters.iter().enumerate() {
            parameter.check()?;
            if self.parameters[..index].iter().any(|earlier| earlier.name == parameter.name) {
                return Err(PlanError::Twice { statement: parameter.to_string() });
            }
        }
        self.script.iter().flatten().try_for_each(Step::check)?;
        self.faults.iter().flatten().try_for_each(Fault::check)?;
        if let Schedule::Written(deviations) = &self.schedule {
            deviations.iter().try_for_each(Deviation::check)?;
        }
        self.choices.iter().try_for_each(Choice::check)
    }

    /// Writes every statement after the head, each after `before`.
    fn statements(&self, f: &mut fmt::Formatter<'_>, before: &mut Separator) -> fmt::Result {
        if let Some(engine) = self.engine {
            each(f, before, &[format_args!("on {engine}")])?;
        }
        each(f, before, &self.parameters)?;
        match &self.script {
            Some(steps) if steps.is_empty() => each(f, before, &["no operations"])?,
            Some(steps) => each(f, before, steps)?,
            None => {}
        }
        match (&self.faults, &self.script) {
            (None, Some(_)) => each(f, before, &["faults drawn"])?,
            (Some(faults), None) if faults.is_empty() => each(f, before, &["no faults"])?,
            (Some(faults), _) => each(f, before, faults)?,
            (None, None) => {}
        }
        if let Schedule::Written(deviations) = &self.schedule {
            each(f, before, &["schedule written"])?;
            each(f, before, deviations)?;
        }
        each(f, before, &self.choices)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.scenario, self.seed)?;
        self.statements(f, &mut Separator { next: " ", then: "; " })
    }
}

/// A plan as one statement per line.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a>(&'a Plan);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.scenario, self.0.seed)?;
        self.0.statements(f, &mut Separator { next: "\n", then: "\n" })?;
        f.write_str("\n")
    }
}

/// What stands between two statements: the first time after the head, then between statements.
struct Separator {
    next: &'static str,
    then: &'static str,
}

fn each<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    before: &mut Separator,
    statements: &[T],
) -> fmt::Result {
    for statement in statements {
        write!(f, "{}{statement}", std::mem::replace(&mut before.next, before.then))?;
    }
    Ok(())
}
