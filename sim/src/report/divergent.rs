//! What a person reads about a run that was not what its seed says, or not the same on every engine.

use crate::conformance::Disagreement;
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

/// A run that two engines tell differently. Printed, it is a block of lines, each ended.
#[derive(Clone, Debug)]
pub struct DisagreeingRun {
    /// How they differ.
    pub disagreement: Disagreement,
    /// What runs it again, on the scenario's own engine.
    pub replay: ReplayLine,
}

impl fmt::Display for DisagreeingRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = &self.replay.plan;
        writeln!(f, "ENGINES DISAGREE  {}  seed {}\n", plan.scenario, plan.seed)?;
        writeln!(f, "{}", self.disagreement)?;
        writeln!(f, "  run again")?;
        for engine in self.disagreement.between {
            let mut replay = self.replay.clone();
            replay.plan.engine = Some(engine);
            writeln!(f, "    {replay}")?;
        }
        Ok(())
    }
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
