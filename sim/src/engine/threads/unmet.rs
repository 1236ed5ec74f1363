//! What a written schedule asks for and its run has no use for, and why.

use crate::log::Name;
use crate::plan::{Deviation, Turn};
use std::fmt;

/// A deviation that did not apply.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unmet {
    /// As the plan has it.
    pub deviation: Deviation,
    /// Why it did not apply.
    pub why: WhyUnmet,
}

/// Why a deviation did not apply.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WhyUnmet {
    /// The run has no thread of this name.
    NoThread {
        /// The name that is wrong: of the thread whose point it is, or of the one that goes on.
        name: Name,
        /// The first threads of the run, in the order of spawning.
        first: Vec<Name>,
        /// How many threads there are.
        threads: usize,
    },
    /// The thread does not come to that point.
    NoPoint {
        /// How many scheduling points it has; the first one is 1.
        points: u64,
    },
    /// The point was none at which somebody decides, such as the end of the last thread.
    NoDecision,
    /// Another turn for the same point is listed before.
    Taken,
    /// The thread that would go on begins only later.
    NotBegun,
    /// The thread that would go on is the one that runs.
    Running,
    /// The thread that would go on waits for something.
    Waits,
    /// The thread that would go on has ended.
    HasEnded,
    /// Nobody waits for a moment that the clock could move to.
    NoTimer,
    /// The thread waits, yields or ends at that point, so that only another thread can be named to go on.
    GivesWay,
    /// Nobody waits there who could be woken in place of the one that has waited longest.
    NoWaiter,
    /// What the thread does at that point never comes out wrong for no reason.
    NeverFails,
}

impl fmt::Display for Unmet {
    /// One line without its end: the deviation, and why.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.deviation, Why(self))
    }
}

impl Unmet {
    /// Why it did not apply, in words.
    #[must_use]
    pub fn reason(&self) -> impl fmt::Display + '_ {
        Why(self)
    }
}

/// The reason alone.
struct Why<'a>(&'a Unmet);

impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unmet { deviation: Deviation { thread, point, turn }, why } = self.0;
        let next = match turn {
            Turn::To(next) => next,
            Turn::Time | Turn::Stall(_) | Turn::Wakes(_) | Turn::Spurious => thread,
        };
        match why {
            WhyUnmet::NoThread { name, first, threads } => {
                write!(f, "no thread is called {name}; there are {}", first.join(", "))?;
                match threads - first.len() {
                    0 => Ok(()),
                    others => write!(f, " and {others} more"),
                }
            }
            WhyUnmet::NoPoint { points } => write!(f, "the last point of {thread} is {points}"),
            WhyUnmet::NoDecision => write!(f, "nothing is decided at point {point} of {thread}"),
            WhyUnmet::Taken => write!(f, "another turn for that point is listed before"),
            WhyUnmet::NotBegun => write!(f, "{next} begins only later"),
            WhyUnmet::Running => write!(f, "{next} is the thread that runs there"),
            WhyUnmet::Waits => write!(f, "{next} waits there"),
            WhyUnmet::HasEnded => write!(f, "{next} has ended by then"),
            WhyUnmet::NoTimer => {
                write!(f, "nobody waits for a moment that the clock could move to")
            }
            WhyUnmet::GivesWay => {
                write!(f, "{thread} gives way there, so that only a thread can be named")
            }
            WhyUnmet::NoWaiter => write!(f, "not as many wait there to be woken"),
            WhyUnmet::NeverFails => {
                write!(f, "what {thread} does there never comes out wrong for no reason")
            }
        }
    }
}
