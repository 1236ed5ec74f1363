//! How much of a case was run, and what kept the rest from it.

use std::collections::BTreeSet;
use std::fmt;

/// How much a search has run. Prints as `complete: 252 interleavings`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Orders of the steps that were run to their end.
    pub interleavings: u64,
    /// Runs that were made for them: the others were cut short, because they began to repeat an order that was run.
    pub runs: u64,
    /// Whether these are all.
    pub extent: Extent,
}

/// Whether a search has come to every order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// It has.
    #[default]
    Complete,
    /// Not, for at least one reason.
    Bounded(BTreeSet<Bound>),
}

/// What kept a search from some orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Bound {
    /// A thread that could go on was taken off, or time was moved early, at most so often in one run.
    Preemptions(u32),
    /// Time was moved at most so often in one run while somebody could go on.
    TimeMoves(u32),
    /// A run came to its bound of steps, behind which nothing is decided.
    Steps,
    /// So many runs were made.
    Runs(u64),
    /// It was stopped: by what it found, or from outside.
    Stopped,
    /// A run that repeated the decisions of an earlier one came to other places: the code under test is not deterministic.
    Strayed,
}

impl Tally {
    /// Runs that were cut short.
    #[must_use]
    pub fn cut(&self) -> u64 {
        self.runs - self.interleavings.min(self.runs)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let some = counted(self.interleavings, "interleaving");
        match &self.extent {
            Extent::Complete => write!(f, "complete: {some}"),
            Extent::Bounded(bounds) => {
                let bounds: Vec<String> = bounds.iter().map(Bound::to_string).collect();
                write!(f, "bounded: {some}; {}", bounds.join(", "))
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preemptions(0) => f.write_str("no preemption"),
            Self::Preemptions(most) => {
                write!(f, "at most {} in a run", counted(u64::from(*most), "preemption"))
            }
            Self::TimeMoves(0) => f.write_str("time moved only where nobody could go on"),
            Self::TimeMoves(most) => {
                write!(f, "time moved early at most {} in a run", times(*most))
            }
            Self::Steps => f.write_str("some run came to its bound of steps"),
            Self::Runs(most) => write!(f, "ended after {}", counted(*most, "run")),
            Self::Stopped => f.write_str("stopped before the end"),
            Self::Strayed => f.write_str("ended where a run was not the one that it repeated"),
        }
    }
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_is_named() {
        let tally = |bounds: &[Bound]| Tally {
            interleavings: 3,
            runs: 5,
            extent: match bounds {
                [] => Extent::Complete,
                _ => Extent::Bounded(bounds.iter().copied().collect()),
            },
        };
        let text = |bounds: &[Bound]| tally(bounds).to_string();
        assert_eq!(text(&[]), "complete: 3 interleavings");
        assert_eq!(tally(&[]).cut(), 2);
        assert_eq!(
            text(&[Bound::Runs(5), Bound::Preemptions(1)]),
            "bounded: 3 interleavings; at most 1 preemption in a run, ended after 5 runs"
        );
        assert_eq!(
            text(&[Bound::TimeMoves(0), Bound::Steps]),
            "bounded: 3 interleavings; time moved only where nobody could go on, \
             some run came to its bound of steps"
        );
    }
}
