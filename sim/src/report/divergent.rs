//! What a person reads about a run that was not what its seed says.

use crate::determinism::Divergence;
use crate::replay::ReplayLine;
use std::fmt;

/// A run that differs from itself. Printed, it is a block of lines, each ended.
#[derive(Clone, Debug)]
pub struct DivergentRun {
    /// How it differs.
    pub divergence: Divergence,
    /// What runs it, and compares it, again.
    pub replay: ReplayLine,
}

impl fmt::Display for DivergentRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = &self.replay.plan;
        let title = self.divergence.title();
        writeln!(f, "{title}  {}  seed {}\n", plan.scenario, plan.seed)?;
        writeln!(f, "{}", self.divergence)?;
        writeln!(f, "  compare again\n    {}", self.replay)
    }
}
