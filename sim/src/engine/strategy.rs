//! The strategies of the thread engine, as a run is told which one to use.

use super::shape::{Length, Shape};
use std::fmt;
use std::sync::Arc;

/// How the next thread is chosen where the plan does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Uniformly among the ready threads, at every scheduling point.
    Random,
    /// So that every order of all steps is equally likely (Zhao et al., ASPLOS 2025).
    Urw {
        /// How many points each thread will pass, from a pilot.
        lengths: Arc<[Length]>,
    },
    /// A random priority for each pending step, drawn anew at each race (Yuan et al., CAV 2018).
    Pos,
    /// Random priorities with `depth - 1` change points among `steps` scheduling points (Burckhardt et al., ASPLOS 2010).
    Pct {
        /// The paper's d: how many ordering constraints the bug needs. At least 1.
        depth: u32,
        /// The paper's k: the length of a run, from a pilot.
        steps: u64,
    },
    /// The running thread goes on, but for one point in `one_in`.
    Sticky {
        /// At least 1; at 1 it is [`Random`](Strategy::Random).
        one_in: u32,
    },
    /// Everybody in the order of starting.
    RoundRobin {
        /// Points of each turn. At least 1.
        quantum: u32,
    },
}

impl Strategy {
    /// The names of all, as [`name`](Strategy::name) gives them.
    pub const NAMES: [&'static str; 6] = ["random", "urw", "pos", "pct", "sticky", "round-robin"];

    /// One of each, in the order of [`NAMES`](Strategy::NAMES), with middling parameters for a run of this shape.
    #[must_use]
    pub fn each(shape: &Shape) -> [Self; Self::NAMES.len()] {
        [
            Self::Random,
            Self::Urw { lengths: Arc::clone(&shape.all) },
            Self::Pos,
            Self::Pct { depth: 3, steps: shape.steps },
            Self::Sticky { one_in: 10 },
            Self::RoundRobin { quantum: 3 },
        ]
    }

    /// Its name, without parameters.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Urw { .. } => "urw",
            Self::Pos => "pos",
            Self::Pct { .. } => "pct",
            Self::Sticky { .. } => "sticky",
            Self::RoundRobin { .. } => "round-robin",
        }
    }
}

/// The name, and the parameters that are short: `pct 3`, `sticky 10`.
impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Random | Self::Pos | Self::Urw { .. } => Ok(()),
            Self::Pct { depth: number, .. }
            | Self::Sticky { one_in: number }
            | Self::RoundRobin { quantum: number } => write!(f, " {number}"),
        }
    }
}

/// At which scheduling points a strategy is asked; at the others the running thread goes on.
///
/// Points that are passed over are counted and logged as ever, so that a schedule that was recorded with one sight is
/// replayed with any. After 64 of them in a row one is a point none the less: a thread may wait in a loop for what only
/// another one can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// At all.
    Everything,
    /// Not before what is done to an object that only one thread touches: the order of such steps cannot matter. Which
    /// those are is known from a pilot. That nobody else has come so far would not do: the second one may come later only
    /// because the first was never interrupted. An object that a second thread touches after all gets its points back
    /// with that step.
    Shared {
        /// The keys of the objects that only one thread touched in the pilot.
        private: Arc<[u64]>,
    },
    /// Only before what is done to this one object, by its key: few points, each of which counts (the selection of Zhao et
    /// al., ASPLOS 2025).
    One(u64),
}
