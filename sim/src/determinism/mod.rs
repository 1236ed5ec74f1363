//! Whether a run is what its seed says: the same again in this process, and the same in a fresh one.
//!
//! A run is compared by what it leaves behind: every event, how many there are, and the digests of the log, of each node,
//! of the schedule and of each stream.

mod difference;
mod suspect;
mod testimony;
#[cfg(test)]
mod tests;

pub use difference::{Difference, EventAt};
pub use suspect::Suspect;
pub use testimony::{Testimony, TestimonyError};

use crate::run::{Request, run};
use crate::scenario::{DraftError, Scenario};
use std::fmt;

/// What a comparison of one run with itself found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Every run of it left the same behind.
    Same,
    /// Two runs of it differ.
    Differs(Box<Divergence>),
}

/// How two runs that should be one differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Which two were compared.
    pub between: Between,
    /// Where they first differ.
    pub difference: Difference,
    /// What such a difference usually is.
    pub suspect: Suspect,
}

impl Divergence {
    /// What such a run is called, at the head of what is said about it.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self.suspect {
            Suspect::Leftover => "DEPENDS ON EARLIER RUNS",
            _ => "NOT DETERMINISTIC",
        }
    }
}

/// Which two runs were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Two in this process, one after the other.
    RunsHere,
    /// One in this process and one in a fresh process.
    Processes,
}

impl fmt::Display for Between {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::RunsHere => "two runs in one process",
            Self::Processes => "this process and a fresh one",
        })
    }
}

/// Whether the run that `request` asks for is the same again: [`compare`], for a scenario.
///
/// `elsewhere` runs the same request in a fresh process.
///
/// # Errors
/// The plan cannot be run, or `elsewhere` fails.
pub fn check<E: From<DraftError>>(
    scenario: &Scenario,
    request: &Request<'_>,
    mut elsewhere: impl FnMut(&Request<'_>) -> Result<Testimony, E>,
) -> Result<Finding, E> {
    compare(|| Ok(Testimony::of(&run(scenario, request)?)), || elsewhere(request))
}

/// As [`check`], where the run has been made here before, which left `before` behind.
///
/// # Errors
/// Those of [`check`].
pub fn check_again<E: From<DraftError>>(
    scenario: &Scenario,
    request: &Request<'_>,
    before: Option<&Testimony>,
    mut elsewhere: impl FnMut(&Request<'_>) -> Result<Testimony, E>,
) -> Result<Finding, E> {
    let mut before = before.cloned();
    let again = || Ok(Testimony::of(&run(scenario, request)?));
    compare(|| before.take().map_or_else(again, Ok), || elsewhere(request))
}

/// Compares what `here`, called twice, and `elsewhere` leave behind: the same run in this process and in a fresh one, of whichever
/// engine. Where they differ, `elsewhere` is called twice more, which tells what is left over from earlier runs from what no process
/// repeats.
///
/// # Errors
/// Those of `here` and `elsewhere`.
pub fn compare<E>(
    mut here: impl FnMut() -> Result<Testimony, E>,
    mut elsewhere: impl FnMut() -> Result<Testimony, E>,
) -> Result<Finding, E> {
    let here = [here()?, here()?];
    let fresh = elsewhere()?;
    let (between, other) = if here[0] != here[1] {
        (Between::RunsHere, &here[1])
    } else if here[0] != fresh {
        (Between::Processes, &fresh)
    } else {
        return Ok(Finding::Same);
    };
    let difference = Difference::between(&here[0], other);
    let fresh = [fresh.clone(), elsewhere()?, elsewhere()?];
    let suspect = Suspect::of(&difference, &here, &fresh);
    Ok(Finding::Differs(Box::new(Divergence { between, difference, suspect })))
}

impl fmt::Display for Divergence {
    /// The rest of a block whose head the caller has written: what differs, where, and what it usually is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  between  {}", self.between)?;
        write!(f, "{}", self.difference)?;
        writeln!(f, "  usually  {}", self.suspect)
    }
}
