//! What goes wrong on purpose: which clock of which node does what, from when until when.

use super::{PlanError, Role, name};
use crate::span::{Offset, Span};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// One fault. Prints as a statement of a plan: `fault 5s..35s monotonic clock of n2 drifts 50ppm`.
///
/// Faults of one node may overlap; each end takes away only what began with it.
///
/// - Drifts of one clock that are under way add up. A sum that no single drift could have counts as the nearest one
///   that could: -999,999 ppm for a monotonic clock that would stop or turn back.
/// - A clock stands while any freeze of it is under way, the wall clock also while the monotonic one stands, whatever
///   their drifts. Jumps and suspensions move also a clock that stands.
/// - At one instant, what is over ends before anything begins.
/// - A fault that is over before the run comes to it does not begin, nor does any once the run has turned fair: when
///   nothing bad happens any more, so that whoever can end does.
///
/// The log says what a clock does from then on: `drifts` has the sum, `freezes` how long it is to the last end of the
/// freezes under way, and `resumes` comes once the clock really goes on. A wall clock that stands and that a freeze of
/// the monotonic one makes stand for longer `freezes` once more.
///
/// ```
/// use retrip_sim::plan::{Fault, FaultKind};
/// use retrip_sim::span::Offset;
/// use std::time::Duration;
///
/// let back = FaultKind::WallJumps(Offset::from_nanos(-3_600_000_000_000));
/// let fault = Fault::new(Duration::from_secs(5), None, None, back)?;
/// assert_eq!(fault.to_string(), "fault 5s wall clock jumps -3600s");
/// // A jump takes no time.
/// assert!(Fault::new(Duration::ZERO, Some(Duration::from_secs(1)), None, back).is_err());
/// # Ok::<(), retrip_sim::plan::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// When it begins, since the start of the run.
    pub from: Duration,
    /// When it is over, later than `from`; `None` for what happens at one moment or lasts to the end of the run.
    pub until: Option<Duration>,
    /// The node it happens to; `None` for the only one.
    pub node: Option<Arc<str>>,
    /// What happens.
    pub kind: FaultKind,
}

/// What happens to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The wall clock steps, either way, at one moment.
    WallJumps(Offset),
    /// The wall clock gains so many parts per million of engine time on the monotonic one.
    WallDrifts(i32),
    /// The wall clock stands still.
    WallFreezes,
    /// The monotonic clock, and the wall clock with it, gains so many parts per million; more than -1,000,000.
    MonotonicDrifts(i32),
    /// The monotonic clock, and the wall clock with it, stands still; needs an end.
    MonotonicFreezes,
    /// The monotonic clock, and the wall clock with it, leaps forward at one moment, as after a suspended machine.
    MonotonicSuspends(Duration),
}

impl FaultKind {
    /// What happens, without how much: `wall clock jumps`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WallJumps(_) => "wall clock jumps",
            Self::WallDrifts(_) => "wall clock drifts",
            Self::WallFreezes => "wall clock freezes",
            Self::MonotonicDrifts(_) => "monotonic clock drifts",
            Self::MonotonicFreezes => "monotonic clock freezes",
            Self::MonotonicSuspends(_) => "monotonic clock suspends",
        }
    }
}

impl Fault {
    /// A fault `from` a time `until` another, on `node`.
    ///
    /// # Errors
    /// [`PlanError::Name`] for a bad node; [`PlanError::EndsTooEarly`] unless the end is later than the beginning;
    /// [`PlanError::NoEnd`] for a monotonic clock that would stand for ever; [`PlanError::NeedlessEnd`] for a leap
    /// with an end; [`PlanError::Rate`] for a monotonic drift of -1,000,000 ppm or less.
    pub fn new(
        from: Duration,
        until: Option<Duration>,
        node: Option<Arc<str>>,
        kind: FaultKind,
    ) -> Result<Self, PlanError> {
        let fault = Self { from, until, node, kind };
        fault.check().map(|()| fault)
    }

    /// Whether a node can have this name.
    pub(crate) fn check_node(node: &str) -> Result<(), PlanError> {
        name::check(Role::Node, node)
    }

    pub(super) fn check(&self) -> Result<(), PlanError> {
        if let Some(node) = &self.node {
            name::check(Role::Node, node)?;
        }
        let statement = || self.to_string();
        if self.until.is_some_and(|until| until <= self.from) {
            return Err(PlanError::EndsTooEarly { statement: statement() });
        }
        match (self.kind, self.until) {
            (FaultKind::WallJumps(_) | FaultKind::MonotonicSuspends(_), Some(_)) => {
                Err(PlanError::NeedlessEnd { statement: statement() })
            }
            (FaultKind::MonotonicFreezes, None) => Err(PlanError::NoEnd { statement: statement() }),
            (FaultKind::MonotonicDrifts(..=-1_000_000), _) => {
                Err(PlanError::Rate { statement: statement() })
            }
            _ => Ok(()),
        }
    }

    /// Reads a whole statement, the word `fault` included.
    pub(super) fn parse(statement: &str) -> Result<Self, PlanError> {
        let no_fault = || PlanError::Fault { statement: statement.to_owned() };
        let time = |text: &str| {
            let reason = |reason| PlanError::Time { statement: statement.to_owned(), reason };
            text.parse().map(|Span(time)| time).map_err(reason)
        };
        let words: Vec<&str> = statement.split_whitespace().collect();
        let ["fault", when, clock @ ("wall" | "monotonic"), "clock", what @ ..] = &*words else {
            return Err(no_fault());
        };
        let (from, until) = match when.split_once("..") {
            Some((from, until)) => (time(from)?, Some(time(until)?)),
            None => (time(when)?, None),
        };
        let (node, what) = match what {
            ["of", node, what @ ..] => (Some(Arc::from(*node)), what),
            _ => (None, what),
        };
        let kind = match (*clock, what) {
            ("wall", ["jumps", by]) => {
                let reason = |reason| PlanError::Time { statement: statement.to_owned(), reason };
                FaultKind::WallJumps(by.parse().map_err(reason)?)
            }
            ("wall", ["drifts", by]) => FaultKind::WallDrifts(ppm(by).ok_or_else(no_fault)?),
            ("wall", ["freezes"]) => FaultKind::WallFreezes,
            ("monotonic", ["drifts", by]) => {
                FaultKind::MonotonicDrifts(ppm(by).ok_or_else(no_fault)?)
            }
            ("monotonic", ["freezes"]) => FaultKind::MonotonicFreezes,
            ("monotonic", ["suspends", by]) => FaultKind::MonotonicSuspends(time(by)?),
            _ => return Err(no_fault()),
        };
        Self::new(from, until, node, kind)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault {}", Span(self.from))?;
        if let Some(until) = self.until {
            write!(f, "..{}", Span(until))?;
        }
        let clock = match self.kind {
            FaultKind::WallJumps(_) | FaultKind::WallDrifts(_) | FaultKind::WallFreezes => "wall",
            FaultKind::MonotonicDrifts(_)
            | FaultKind::MonotonicFreezes
            | FaultKind::MonotonicSuspends(_) => "monotonic",
        };
        write!(f, " {clock} clock")?;
        if let Some(node) = &self.node {
            write!(f, " of {node}")?;
        }
        match self.kind {
            FaultKind::WallJumps(by) => write!(f, " jumps {by}"),
            FaultKind::WallDrifts(ppm) | FaultKind::MonotonicDrifts(ppm) => {
                write!(f, " drifts {ppm}ppm")
            }
            FaultKind::WallFreezes | FaultKind::MonotonicFreezes => f.write_str(" freezes"),
            FaultKind::MonotonicSuspends(by) => write!(f, " suspends {}", Span(by)),
        }
    }
}

fn ppm(text: &str) -> Option<i32> {
    text.strip_suffix("ppm")?.parse().ok()
}
