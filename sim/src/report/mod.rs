//! What a person reads about a failure: which promise, what was wanted, what was found, the fewest steps, the last
//! events, the one line to paste.

mod case;
mod cause;
mod divergent;
mod seed_list;
mod signature;
#[cfg(test)]
mod tests;

pub use case::Case;
pub use cause::{Causes, ExamineRequest, Unexamined, examine};
pub use divergent::{DisagreeingRun, DivergentRun};
pub use seed_list::SeedList;

use crate::check::Breach;
use crate::determinism::{Divergence, Suspect};
use crate::log::{Event, Layout};
use crate::replay::ReplayLine;
use crate::run::Run;
use crate::seed::Seed;
use std::fmt;

/// The most events that a report shows.
const LAST_EVENTS: usize = 8;
/// The column in which the first line ends.
const WIDTH: usize = 83;

/// One failure, in the fixed layout of a report. Printed, it is a block of lines, each ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// The scenario.
    pub scenario: String,
    /// The seed that was found to fail.
    pub seed: Seed,
    /// Whether it fails again.
    pub reproduction: Reproduction,
    /// What broke.
    pub breach: Breach,
    /// What was run.
    pub case: Case,
    /// The last events, up to the one that broke the promise.
    pub last: LastEvents,
    /// What makes it fail again.
    pub replay: ReplayLine,
    /// The other seeds that fail for the same cause. Of a case that was not examined those, not examined either, that break
    /// the same promise in the same words, whatever the numbers in them.
    pub also: Vec<Seed>,
}

/// Whether a failure was run again, here and in a fresh process, and left the same behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reproduction {
    /// It did.
    Reproducible,
    /// It did not, and this is how the runs differ, where they both could be compared.
    NotReproducible(Option<Box<Divergence>>),
    /// It was not run again: somebody stopped that.
    NotRunAgain,
}

/// The end of an event log, and which of its events broke the promise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastEvents {
    events: Vec<Event>,
    breaking: Option<usize>,
    layout: Option<Layout>,
}

impl LastEvents {
    /// The last events of `run`, up to the one that broke its promise.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let all = run.log.events();
        let breaking = run.breach.as_ref().and_then(|breach| breach.event);
        let end = breaking.map_or(all.len(), |index| all.len().min(index + 1));
        let start = end.saturating_sub(LAST_EVENTS);
        let last = &all[start..end];
        Self {
            events: last.to_vec(),
            breaking: breaking.map(|index| index - start),
            layout: Some(Layout::of(all).fitting(last)),
        }
    }
}

impl fmt::Display for Reproduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Reproducible => "REPRODUCIBLE",
            Self::NotReproducible(Some(how)) if how.suspect == Suspect::Leftover => how.title(),
            Self::NotReproducible(_) => "NOT REPRODUCIBLE",
            Self::NotRunAgain => "NOT RUN AGAIN",
        })
    }
}

impl fmt::Display for LastEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout = self.layout.unwrap_or(Layout::ONE_THREAD);
        for (index, event) in self.events.iter().enumerate() {
            let mark = if self.breaking == Some(index) { '>' } else { ' ' };
            writeln!(f, "  {mark} {}", layout.line(event))?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = format!("FAILED  {}  seed {}", self.scenario, self.seed);
        let reproduction = self.reproduction.to_string();
        let width = WIDTH.saturating_sub(head.chars().count()).max(reproduction.len() + 2);
        let Breach { promise, statement, broken, event: _ } = &self.breach;
        writeln!(f, "{head}{reproduction:>width$}\n")?;
        writeln!(f, "  promise  {promise}: {statement}")?;
        writeln!(f, "  wanted   {}", broken.wanted)?;
        writeln!(f, "  found    {}\n", broken.found.replace('\n', "\n           "))?;
        writeln!(f, "{}", self.case)?;
        if !self.last.events.is_empty() {
            writeln!(f, "  last events\n{}", self.last)?;
        }
        writeln!(f, "  reproduce\n    {}", self.replay)?;
        if !self.also.is_empty() {
            writeln!(f, "\n  also     {}", SeedList(&self.also))?;
        }
        if let Reproduction::NotReproducible(Some(divergence)) = &self.reproduction {
            write!(f, "\n{divergence}")?;
        }
        Ok(())
    }
}
