//! The line that makes a failure happen again, to be pasted into a shell.

use crate::plan::Plan;
use retrip_core::door::Plant;
use std::fmt::{self, Write};

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
        write_line(f, &self.plan, &self.plants, &self.without)
    }
}

/// Writes the line for `plan`, run with `plants` and `without` some promises. It allocates nothing, because the report of
/// an overflowed stack is written where nothing can be allocated.
pub(crate) fn write_line(
    out: &mut dyn Write,
    plan: &Plan,
    plants: &[Plant],
    without: &[String],
) -> fmt::Result {
    out.write_str("cargo run -- replay '")?;
    write!(Quoted(out), "{plan}")?;
    out.write_str("'")?;
    for plant in plants {
        write!(out, " --plant {}", plant.name())?;
    }
    for promise in without {
        write!(out, " --without {promise}")?;
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
