//! The line that makes a failure happen again, to be pasted into a shell.

use crate::plan::Plan;
use crate::scenario::Scenario;
use retrip_core::door::Plant;
use std::fmt;

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
}

impl ReplayLine {
    /// The line that runs `plan`, a plan of `scenario`, with these bugs switched on and these promises switched off.
    #[must_use]
    pub fn of(scenario: &Scenario, plan: Plan, plants: &[Plant], without: &[String]) -> Self {
        let started_by = scenario.started_by().to_owned();
        Self { started_by, plan, plants: plants.to_vec(), without: without.to_vec() }
    }
}

impl fmt::Display for ReplayLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Within single quotes a shell changes nothing but a single quote.
        let plan = self.plan.to_string().replace('\'', r"'\''");
        write!(f, "{} replay '{plan}'", self.started_by)?;
        for plant in &self.plants {
            write!(f, " --plant {}", plant.name())?;
        }
        for promise in &self.without {
            write!(f, " --without {promise}")?;
        }
        Ok(())
    }
}
