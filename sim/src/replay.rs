//! The line that makes a failure happen again, to be pasted into a shell.

use crate::engine::NamedStrategy;
use crate::plan::{Plan, Schedule};
use crate::scenario::Scenario;
use retrip_core::door::Plant;
use std::fmt::{self, Write};

/// A plan and what it was run with, as one shell command.
///
/// ```
/// use retrip_core::door::Plant;
/// use retrip_sim::replay::ReplayLine;
/// use retrip_sim::scenario::Scenario;
///
/// let swarm = Scenario::new("breaker_swarm", "callers do anything", |_| {});
/// let plants = [Plant::named("unlimited_trials")];
/// let line = ReplayLine::of(&swarm, "breaker_swarm 0x4".parse()?, &plants, &[]);
/// assert_eq!(line.to_string(), "cargo run -- replay 'breaker_swarm 0x4' --plant unlimited_trials");
/// # Ok::<(), retrip_sim::plan::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayLine {
    /// What starts the program, up to the arguments.
    pub started_by: String,
    /// What is run.
    pub plan: Plan,
    /// Bugs that are switched on.
    pub plants: Vec<Plant>,
    /// Promises that are switched off.
    pub without: Vec<String>,
    /// What chooses the threads in place of the strategy that the seed draws. Where the plan writes its schedule down nothing is
    /// left to it, and the line does without.
    pub strategy: Option<NamedStrategy>,
}

impl ReplayLine {
    /// The line that runs `plan`, a plan of `scenario`, with these bugs switched on and these promises switched off.
    #[must_use]
    pub fn of(scenario: &Scenario, plan: Plan, plants: &[Plant], without: &[String]) -> Self {
        let started_by = scenario.started_by().to_owned();
        let (plants, without) = (plants.to_vec(), without.to_vec());
        Self { started_by, plan, plants, without, strategy: None }
    }

    /// It with this strategy, where one was asked for.
    #[must_use]
    pub fn chosen_by(self, strategy: Option<NamedStrategy>) -> Self {
        Self { strategy, ..self }
    }
}

impl fmt::Display for ReplayLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { started_by, plan, plants, without, strategy } = self;
        write_line(f, started_by, plan, plants, without, *strategy)
    }
}

/// Writes the line for `plan`, run with `plants`, `without` some promises and perhaps with a given `strategy` by the program
/// that `started_by` starts. It allocates nothing, because the report of an overflowed stack is written where nothing can be
/// allocated.
pub(crate) fn write_line(
    out: &mut dyn Write,
    started_by: &str,
    plan: &Plan,
    plants: &[Plant],
    without: &[String],
    strategy: Option<NamedStrategy>,
) -> fmt::Result {
    write!(out, "{started_by} replay '")?;
    write!(Quoted(out), "{plan}")?;
    out.write_str("'")?;
    for plant in plants {
        write!(out, " --plant {}", plant.name())?;
    }
    for promise in without {
        write!(out, " --without {promise}")?;
    }
    if let (Schedule::Drawn, Some(strategy)) = (&plan.schedule, strategy) {
        write!(out, " --strategy {strategy}")?;
    }
    Ok(())
}

/// Text within single quotes, of which a shell changes nothing but a single quote.
struct Quoted<'a>(&'a mut dyn Write);

impl Write for Quoted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut pieces = text.split('\'');
        self.0.write_str(pieces.next().unwrap_or_default())?;
        for piece in pieces {
            self.0.write_str(r"'\''")?;
            self.0.write_str(piece)?;
        }
        Ok(())
    }
}
