//! Which thread runs when, and what draws answer, where a plan writes it down.

use super::{PlanError, Role, name};
use crate::span::Span;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Where the interleaving of a run comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Schedule {
    /// From the seed.
    Drawn,
    /// From the default rule "keep running; when blocked, the longest waiting", apart from these.
    Written(Vec<Deviation>),
}

/// One place where a schedule leaves the default rule. Prints as `caller-1@17 -> caller-2`.
///
/// ```
/// use retrip_sim::plan::{Deviation, Turn};
/// use std::time::Duration;
///
/// let stall = Deviation::new("caller-1", 20, Turn::Stall(Duration::from_secs(30)))?;
/// assert_eq!(stall.to_string(), "caller-1@20 -> stall 30s");
/// assert_eq!(Deviation::new("caller-2", 4, Turn::Wakes(2))?.to_string(), "caller-2@4 wakes 2");
/// assert_eq!(Deviation::new("caller-2", 6, Turn::Spurious)?.to_string(), "caller-2@6 spuriously");
/// # Ok::<(), retrip_sim::plan::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Deviation {
    /// The thread that is running.
    pub thread: Arc<str>,
    /// Which of its scheduling points, as its own count gives them: the first one is 1.
    pub point: u64,
    /// What happens there.
    pub turn: Turn,
}

/// What happens at a scheduling point in place of going on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Turn {
    /// This thread goes on instead.
    To(Arc<str>),
    /// The clock moves to the next timer.
    Time,
    /// The thread that is running does not run again for so long.
    Stall(Duration),
    /// Of those that wait for what it gives free, this one is woken: 0 is the one that has waited longest.
    Wakes(u32),
    /// What the thread does there comes out as it may for no reason: its wait for a notification or an unpark ends at once, or
    /// its attempt at a lock or a weak exchange fails.
    Spurious,
}

impl Deviation {
    /// The deviation at the scheduling point `point` of `thread`.
    ///
    /// # Errors
    /// [`PlanError::Word`] for a thread name that does not fit into a statement, [`PlanError::NoPoint`] for the point 0.
    pub fn new(thread: impl Into<Arc<str>>, point: u64, turn: Turn) -> Result<Self, PlanError> {
        let deviation = Self { thread: thread.into(), point, turn };
        deviation.check().map(|()| deviation)
    }

    pub(super) fn check(&self) -> Result<(), PlanError> {
        if let Turn::To(thread) = &self.turn {
            name::check_word(Role::Thread, thread)?;
        }
        name::check_word(Role::Thread, &self.thread)?;
        if self.point == 0 {
            let thread = self.thread.to_string();
            return Err(PlanError::NoPoint { statement: self.to_string(), thread });
        }
        Ok(())
    }

    /// Reads a statement whose first word holds an `@`.
    pub(super) fn parse(statement: &str) -> Result<Self, PlanError> {
        let no_deviation = || PlanError::Deviation { statement: statement.to_owned() };
        let words: Vec<&str> = statement.split_whitespace().collect();
        let [place, what @ ..] = &*words else {
            return Err(no_deviation());
        };
        let (thread, point) = place.rsplit_once('@').ok_or_else(no_deviation)?;
        if thread.is_empty() {
            return Err(no_deviation());
        }
        let point = whole(point).ok_or_else(no_deviation)?;
        let turn = match what {
            ["wakes", age] => Turn::Wakes(
                whole(age).and_then(|age| u32::try_from(age).ok()).ok_or_else(no_deviation)?,
            ),
            ["spuriously"] => Turn::Spurious,
            ["->", "time"] => Turn::Time,
            ["->", "stall", stall] => {
                let reason = |reason| PlanError::Time { statement: statement.to_owned(), reason };
                Turn::Stall(stall.parse().map(|Span(stall)| stall).map_err(reason)?)
            }
            ["->", "thread", thread] | ["->", thread] => Turn::To(Arc::from(*thread)),
            _ => return Err(no_deviation()),
        };
        Self::new(thread, point, turn)
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{} ", self.thread, self.point)?;
        match &self.turn {
            // A thread may be called `time`, which alone would be read as the clock.
            Turn::To(thread) if &**thread == "time" => write!(f, "-> thread {thread}"),
            Turn::To(thread) => write!(f, "-> {thread}"),
            Turn::Time => f.write_str("-> time"),
            Turn::Stall(stall) => write!(f, "-> stall {}", Span(*stall)),
            Turn::Wakes(age) => write!(f, "wakes {age}"),
            Turn::Spurious => f.write_str("spuriously"),
        }
    }
}

/// The answer to one draw made while running. Prints as `choice breaker.jitter 17/100`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// The stream that was asked.
    pub stream: Arc<str>,
    /// What it answered: below `bound`.
    pub value: u64,
    /// What it was asked to stay below. A draw with another bound finds the choice stale.
    pub bound: u64,
}

impl Choice {
    /// The answer `value` of `stream`, out of `0..bound`.
    ///
    /// # Errors
    /// [`PlanError::Word`] for a stream that does not fit into a statement, [`PlanError::Choice`] unless the value is
    /// below the bound.
    pub fn new(stream: impl Into<Arc<str>>, value: u64, bound: u64) -> Result<Self, PlanError> {
        let choice = Self { stream: stream.into(), value, bound };
        choice.check().map(|()| choice)
    }

    pub(super) fn check(&self) -> Result<(), PlanError> {
        name::check_word(Role::Stream, &self.stream)?;
        if self.value < self.bound {
            Ok(())
        } else {
            Err(PlanError::Choice { statement: self.to_string() })
        }
    }

    /// Reads a whole statement, the word `choice` included.
    pub(super) fn parse(statement: &str) -> Result<Self, PlanError> {
        let no_choice = || PlanError::Choice { statement: statement.to_owned() };
        let words: Vec<&str> = statement.split_whitespace().collect();
        let ["choice", stream, answer] = &*words else {
            return Err(no_choice());
        };
        let (value, bound) = answer.split_once('/').ok_or_else(no_choice)?;
        let (value, bound) = whole(value).zip(whole(bound)).ok_or_else(no_choice)?;
        Self::new(*stream, value, bound)
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "choice {} {}/{}", self.stream, self.value, self.bound)
    }
}

/// A number of digits only: the standard parser would also take a plus sign.
fn whole(digits: &str) -> Option<u64> {
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}
