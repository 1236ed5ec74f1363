//! What goes wrong on purpose, to which node, from when until when: clocks, hosts, what hosts send each other.

mod parse;
#[cfg(test)]
mod tests;
mod words;

pub use words::FaultWords;

use super::{PlanError, Role, name};
use crate::disk::Trouble;
use crate::span::{Offset, Span};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// One fault. Prints as a statement of a plan: `fault 5s..35s monotonic clock of n2 drifts 50ppm`.
///
/// | statement | what happens |
/// |---|---|
/// | `fault 5s wall clock jumps -3600s` | to a clock, of the first node or, with `of NODE`, of another one; `drifts 50ppm`, `freezes`, `suspends 10s` |
/// | `fault 5s..35s llm crashes` | a host stops, and begins anew at the end where there is one; `llm restarts`, `llm pauses` |
/// | `fault 5s..35s caller-1 stalls` | an actor, or the `driver`, stands still from its next step on until the end; clocks and others go on |
/// | `fault 5s..35s partition client from llm` | nothing arrives either way; with `to`, nothing that the client sends |
/// | `fault 5s..35s hold client from llm` | what is sent waits until the end; with `to`, what the client sends |
/// | `fault 5s..35s messages lost 300000ppm` | of all messages; `take 100ms..2s`, `doubled 300000ppm`, `shuffled 50ms` |
/// | `fault 5s..35s disk has room for 37B` | to the disk of the first node or, with `of NODE`, of another one; see [`Trouble`] |
///
/// Clocks can be bent, disks troubled and actors held on every engine, the rest needs hosts. Faults of one node may overlap; each end takes away only what began with it.
///
/// - Drifts of one clock that are under way add up. A sum that no single drift could have counts as the nearest one
///   that could: -999,999 ppm for a monotonic clock that would stop or turn back.
/// - A clock stands while any freeze of it is under way, the wall clock also while the monotonic one stands, whatever
///   their drifts. Jumps and suspensions move also a clock that stands.
/// - At one instant, what is over ends before anything begins. Of a step and a fault that are due at one instant the one goes first
///   that has been waited for longer: whoever follows a script waits for a step since the one before it, and one fault is waited for after
///   the other, from the first steps on. So of `1s call llm; fault 1s ...` the call goes first, and of `1s call llm; 2s call llm; fault 2s
///   ...` the fault. What is due in the nanosecond in which the last script ends does not happen any more.
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
    /// The node it happens to, or the actor; `None` for the first node, or where it happens to all messages.
    pub node: Option<Arc<str>>,
    /// The other node, where it happens between two.
    pub other: Option<Arc<str>>,
    /// What happens.
    pub kind: FaultKind,
}

/// Which way between two nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Both: `client from llm`.
    Both,
    /// From the first to the second: `client to llm`.
    There,
}

/// What happens: to a clock of any engine, or to the hosts of those that have hosts.
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
    /// The host stops where it is, and begins anew when the fault is over. Its files are left.
    Crashes,
    /// The host is stopped and begins anew, at one moment.
    Restarts,
    /// The host stands still, as in a long pause of its process, until the fault is over.
    Pauses,
    /// An actor stands still, as a thread that is given no time does; needs an end.
    Stalls,
    /// What is sent is lost.
    Partitions(Way),
    /// What is sent waits, and arrives when the fault is over.
    Holds(Way),
    /// Each message takes a drawn time between these two.
    MessagesTake(Duration, Duration),
    /// So many of a million messages are lost.
    MessagesLost(u32),
    /// So many of a million messages arrive twice.
    MessagesDoubled(u32),
    /// Each message is held back by up to this long before it is sent, so that one overtakes another.
    MessagesShuffled(Duration),
    /// Calls on a disk fail, do a part or take long.
    Disk(Trouble),
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
            Self::Crashes => "host crashes",
            Self::Restarts => "host restarts",
            Self::Pauses => "host pauses",
            Self::Stalls => "actor stalls",
            Self::Partitions(_) => "partition",
            Self::Holds(_) => "hold",
            Self::MessagesTake(..) => "messages take",
            Self::MessagesLost(_) => "messages lost",
            Self::MessagesDoubled(_) => "messages doubled",
            Self::MessagesShuffled(_) => "messages shuffled",
            Self::Disk(trouble) => trouble.name(),
        }
    }

    /// Whether it happens to a clock, as every engine can.
    #[must_use]
    pub const fn is_of_a_clock(self) -> bool {
        matches!(
            self,
            Self::WallJumps(_)
                | Self::WallDrifts(_)
                | Self::WallFreezes
                | Self::MonotonicDrifts(_)
                | Self::MonotonicFreezes
                | Self::MonotonicSuspends(_)
        )
    }

    /// Whether it happens to a disk, as every engine can.
    #[must_use]
    pub const fn is_of_a_disk(self) -> bool {
        matches!(self, Self::Disk(_))
    }

    /// Whether it happens between two nodes.
    #[must_use]
    pub const fn is_between(self) -> bool {
        matches!(self, Self::Partitions(_) | Self::Holds(_))
    }

    /// Whether it happens to an actor, which has to be named.
    #[must_use]
    pub const fn is_of_an_actor(self) -> bool {
        matches!(self, Self::Stalls)
    }

    /// Whether it happens to a host, which has to be named.
    #[must_use]
    pub const fn is_of_a_host(self) -> bool {
        matches!(self, Self::Crashes | Self::Restarts | Self::Pauses)
    }
}

impl FaultKind {
    /// Whether it happens to one host or actor, which has to be named.
    const fn is_of_one(self) -> bool {
        self.is_of_a_host() || self.is_of_an_actor()
    }

    /// What it could say where it is by no amount.
    const fn in_place_of_nothing(self) -> Option<&'static str> {
        match self {
            Self::WallJumps(by) if by.as_nanos() == 0 => Some("jumps -3600s"),
            Self::WallDrifts(0) | Self::MonotonicDrifts(0) => Some("drifts 50ppm"),
            Self::MonotonicSuspends(Duration::ZERO) => Some("suspends 10s"),
            Self::MessagesLost(0) => Some("lost 300000ppm"),
            Self::MessagesDoubled(0) => Some("doubled 300000ppm"),
            Self::MessagesShuffled(Duration::ZERO) => Some("shuffled 50ms"),
            Self::Disk(trouble) => trouble.in_place_of_nothing(),
            _ => None,
        }
    }
}

impl Fault {
    /// A fault `from` a time `until` another, on `node`.
    ///
    /// # Errors
    /// [`PlanError::Name`] for a bad node; [`PlanError::EndsTooEarly`] unless the end is later than the beginning;
    /// [`PlanError::NoEnd`] for a monotonic clock or an actor that would stand for ever; [`PlanError::NeedlessEnd`] for what happens at one
    /// moment and has an end; [`PlanError::Rate`] for a monotonic drift of -1,000,000 ppm or less; [`PlanError::Fault`] for a kind
    /// that happens between two nodes, or to a host or an actor that is not named, or that no text could say;
    /// [`PlanError::Nothing`] for a kind with an amount, of zero.
    pub fn new(
        from: Duration,
        until: Option<Duration>,
        node: Option<Arc<str>>,
        kind: FaultKind,
    ) -> Result<Self, PlanError> {
        let fault = Self { from, until, node, other: None, kind };
        fault.check().map(|()| fault)
    }

    /// A fault between two nodes.
    ///
    /// # Errors
    /// As [`new`](Fault::new), and [`PlanError::Fault`] unless `kind` is one that happens between two different nodes.
    pub fn between(
        [node, other]: [Arc<str>; 2],
        from: Duration,
        until: Option<Duration>,
        kind: FaultKind,
    ) -> Result<Self, PlanError> {
        let fault = Self { from, until, node: Some(node), other: Some(other), kind };
        fault.check().map(|()| fault)
    }

    /// Whether a node can have this name.
    pub(crate) fn check_node(node: &str) -> Result<(), PlanError> {
        name::check(Role::Node, node)
    }

    pub(super) fn check(&self) -> Result<(), PlanError> {
        for node in self.node.iter().chain(&self.other) {
            name::check(Role::Node, node)?;
        }
        let statement = || self.to_string();
        if !self.names_its_nodes() {
            return Err(PlanError::Fault { statement: statement() });
        }
        if let (Some(node), true) = (&self.node, self.node == self.other) {
            return Err(PlanError::Itself { statement: statement(), node: node.to_string() });
        }
        if self.until.is_some_and(|until| until <= self.from) {
            return Err(PlanError::EndsTooEarly { statement: statement() });
        }
        match (self.kind, self.until) {
            (
                FaultKind::WallJumps(_) | FaultKind::MonotonicSuspends(_) | FaultKind::Restarts,
                Some(_),
            ) => Err(PlanError::NeedlessEnd { statement: statement() }),
            (FaultKind::MonotonicFreezes | FaultKind::Stalls, None) => {
                Err(PlanError::NoEnd { statement: statement() })
            }
            (FaultKind::MonotonicDrifts(..=-1_000_000), _) => {
                Err(PlanError::Rate { statement: statement() })
            }
            (
                FaultKind::MessagesTake(shortest, longest)
                | FaultKind::Disk(Trouble::Slow(shortest, longest)),
                _,
            ) if shortest > longest => {
                let (shortest, longest) = (Span(shortest), Span(longest));
                Err(PlanError::Crossed { statement: statement(), shortest, longest })
            }
            (FaultKind::MessagesLost(ppm) | FaultKind::MessagesDoubled(ppm), _) if ppm > ALL => {
                let (statement, amount) = (statement(), format!("{ppm}ppm"));
                Err(PlanError::Share { statement, amount, of: "messages" })
            }
            (FaultKind::Disk(trouble), _) if trouble.share().is_some_and(|ppm| ppm > ALL) => {
                let amount = format!("{}ppm", trouble.share().unwrap_or_default());
                Err(PlanError::Share { statement: statement(), amount, of: "calls" })
            }
            (kind, _) => kind.in_place_of_nothing().map_or(Ok(()), |example| {
                Err(PlanError::Nothing { statement: statement(), example })
            }),
        }
    }

    /// Whether the nodes that are named are those that the kind needs.
    fn names_its_nodes(&self) -> bool {
        match (&self.node, &self.other) {
            (Some(_), Some(_)) => self.kind.is_between(),
            (Some(_), None) => {
                self.kind.is_of_a_clock() || self.kind.is_of_a_disk() || self.kind.is_of_one()
            }
            (None, None) => !self.kind.is_between() && !self.kind.is_of_one(),
            (None, Some(_)) => false,
        }
    }
}

/// All messages or calls, in parts per million.
const ALL: u32 = 1_000_000;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault {}", Span(self.from))?;
        if let Some(until) = self.until {
            write!(f, "..{}", Span(until))?;
        }
        let named = self.node.as_deref().unwrap_or("?");
        let other = self.other.as_deref().unwrap_or("?");
        let of = |f: &mut fmt::Formatter<'_>, what: &str| {
            write!(f, " {what}")?;
            self.node.as_ref().map_or(Ok(()), |node| write!(f, " of {node}"))
        };
        match self.kind {
            FaultKind::WallJumps(_) | FaultKind::WallDrifts(_) | FaultKind::WallFreezes => {
                of(f, "wall clock")?;
            }
            FaultKind::MonotonicDrifts(_)
            | FaultKind::MonotonicFreezes
            | FaultKind::MonotonicSuspends(_) => of(f, "monotonic clock")?,
            FaultKind::Disk(_) => of(f, "disk")?,
            _ => {}
        }
        match self.kind {
            FaultKind::WallJumps(by) => write!(f, " jumps {by}"),
            FaultKind::WallDrifts(ppm) | FaultKind::MonotonicDrifts(ppm) => {
                write!(f, " drifts {ppm}ppm")
            }
            FaultKind::WallFreezes | FaultKind::MonotonicFreezes => f.write_str(" freezes"),
            FaultKind::MonotonicSuspends(by) => write!(f, " suspends {}", Span(by)),
            FaultKind::Crashes => write!(f, " {named} crashes"),
            FaultKind::Restarts => write!(f, " {named} restarts"),
            FaultKind::Pauses => write!(f, " {named} pauses"),
            FaultKind::Stalls => write!(f, " {named} stalls"),
            FaultKind::Partitions(way) => write!(f, " partition {named} {way} {other}"),
            FaultKind::Holds(way) => write!(f, " hold {named} {way} {other}"),
            FaultKind::MessagesTake(shortest, longest) => {
                write!(f, " messages take {}..{}", Span(shortest), Span(longest))
            }
            FaultKind::MessagesLost(ppm) => write!(f, " messages lost {ppm}ppm"),
            FaultKind::MessagesDoubled(ppm) => write!(f, " messages doubled {ppm}ppm"),
            FaultKind::MessagesShuffled(by) => write!(f, " messages shuffled {}", Span(by)),
            FaultKind::Disk(trouble) => write!(f, " {trouble}"),
        }
    }
}

impl fmt::Display for Way {
    /// The word between the two nodes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Both => "from",
            Self::There => "to",
        })
    }
}
