//! The line that makes a failure happen again, to be pasted into a shell.

use crate::plan::Plan;
use retrip_core::door::Plant;
use std::fmt;

/// A plan and what it was run with, as one shell command.
///
/// ```
/// use retrip_core::door::Plant;
/// use retrip_sim::replay::ReplayLine;
///
/// let line = ReplayLine {
///     plan: "breaker_swarm 0x4".parse()?,
///     plants: vec![Plant::named("unlimited_trials")],
///     without: Vec::new(),
/// };
/// assert_eq!(line.to_string(), "cargo run -- replay 'breaker_swarm 0x4' --plant unlimited_trials");
/// # Ok::<(), retrip_sim::plan::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayLine {
    /// What is run.
    pub plan: Plan,
    /// Bugs that are switched on.
    pub plants: Vec<Plant>,
    /// Promises that are switched off.
    pub without: Vec<String>,
}

impl fmt::Display for ReplayLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Within single quotes a shell changes nothing but a single quote.
        let plan = self.plan.to_string().replace('\'', r"'\''");
        write!(f, "cargo run -- replay '{plan}'")?;
        for plant in &self.plants {
            write!(f, " --plant {}", plant.name())?;
        }
        for promise in &self.without {
            write!(f, " --without {promise}")?;
        }
        Ok(())
    }
}
