//! From a plan to an event log: what an engine is given, and what it gives back.
//!
//! Simulated threads are stacks of the operating system thread that a run is called on. Built with
//! `RUSTFLAGS="--cfg retrip_os_threads"`, or under Miri, each has an operating system thread of its own, one of which runs at a
//! time: slower, the same run of the same seed, and something that a debugger and other tools know how to look at.

mod choices;
mod failure;
#[cfg_attr(
    not(any(all(madsim, feature = "madsim"), all(tokio_unstable, feature = "turmoil"))),
    expect(dead_code, reason = "no simulator of this build moves hosts")
)]
pub mod hosts;
mod luck;
mod name;
pub mod network;
pub mod nodes;
pub use name::{EngineName, EngineNameError, Unavailable};
mod panics;
mod shape;
mod strategy;
pub mod threads;

pub use choices::{Recording, StreamDigest};
pub use failure::{Failure, Wait, WaitsFor};
pub(crate) use shape::MOST_OBJECTS;
pub use shape::{Length, Shape};
pub use strategy::{NamedStrategy, Sight, Strategy, StrategyError};

use crate::clock::NodeClock;
use crate::log::{Digest, Event, EventLog, Name};
use crate::plan::{Choice, Deviation, Schedule};
use crate::seed::Seed;
use crate::stream::Streams;
use retrip_core::door::Plant;
use std::any::Any;
use std::fmt;
use std::time::Duration;
pub use threads::{Limits, Orders, Search, Withheld};
use threads::{Sim, Unmet};

/// Whether a run goes on after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It goes on.
    Continue,
    /// It ends at its next scheduling point.
    Stop,
}

/// Sees each event as it happens. It only observes: there is no way from here to the engine but to stop it.
pub trait Observer: Send {
    /// `event` has just happened.
    fn observe(&mut self, event: &Event) -> Flow;

    /// The observer itself again, to be asked after the run.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// Whether waits for a notification or an unpark may end, and attempts at a lock or a weak exchange fail, for no reason: as they
/// may in production, where code has to look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spurious {
    /// They never do, unless the plan says so.
    Never,
    /// Drawn from the seed, where the schedule is: in half of all runs they never do, in the others once in 2 to 64 times.
    Drawn,
}

/// Whether time moves to the next timer, or a thread stands still for a while, at moments when everybody could go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disturbances {
    /// They never do, unless the plan says so.
    Never,
    /// Drawn from the seed, where the schedule is, for a run of about this many scheduling steps: in a quarter of all runs never,
    /// in the others every 2, 4, 8 ... points up to the length of the run.
    Over(u64),
}

impl Disturbances {
    /// Those of a run of whose length nothing is known.
    pub const USUAL: Self = Self::Over(128);
}

/// Says what there is to say when a simulated thread overflows its stack: nothing more can be found out then.
///
/// A build with `--cfg retrip_os_threads` never asks: simulated threads are std's there, and an overflow ends the process in std's
/// words.
///
/// It is called in a signal handler, on a small stack, in the middle of whatever the thread was doing: it must not
/// allocate, lock or panic.
pub trait OverflowReport {
    /// Writes the report for the thread called `thread`.
    ///
    /// # Errors
    /// Only those of `out`.
    fn write(&self, thread: &str, out: &mut dyn fmt::Write) -> fmt::Result;
}

/// Names the thread and says no more.
struct Plainly;

impl OverflowReport for Plainly {
    fn write(&self, thread: &str, out: &mut dyn fmt::Write) -> fmt::Result {
        writeln!(out, "the stack of the simulated thread `{thread}` overflowed")
    }
}

/// Whether a run tells the canonical order of its steps, which costs some time at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountOrders {
    /// It does not.
    No,
    /// It does.
    Yes,
}

/// Everything that a run starts from.
pub struct Setup<'a> {
    /// All randomness of the run.
    pub streams: Streams,
    /// Drawn, or written in the plan.
    pub schedule: Schedule,
    /// Numbers that the code under test is given in place of drawn ones.
    pub choices: Vec<Choice>,
    /// Used where the schedule is drawn.
    pub strategy: Strategy,
    /// The points at which it is asked.
    pub sight: Sight,
    /// Whether the canonical order of the steps is told.
    pub orders: CountOrders,
    /// Whether what may happen for no reason does.
    pub spurious: Spurious,
    /// Whether time moves, and threads stall, although everybody could go on.
    pub disturbances: Disturbances,
    /// The nodes and their clocks; the first one is where the root runs. Never empty.
    pub nodes: Vec<(Name, NodeClock)>,
    /// Scheduling steps after which the run turns fair; ten times more, and it is a livelock.
    pub bound: u64,
    /// The most threads that the run may start.
    pub most_threads: usize,
    /// Whether the schedule and the choices are kept.
    pub recording: Recording,
    /// Sees each event.
    pub observer: Box<dyn Observer>,
    /// Bugs that are switched on.
    pub plants: Vec<Plant>,
    /// Decides in place of schedule, strategy and sight, where this run is one of a search.
    pub search: Option<Box<Search>>,
    /// For the overflow of a simulated stack, after which nothing else can be said.
    pub overflow: &'a dyn OverflowReport,
}

impl Setup<'_> {
    /// A run of `seed` on one node with true clocks, a uniformly random schedule in which nothing happens for no reason, and
    /// nobody who watches.
    #[must_use]
    pub fn of(seed: Seed) -> Self {
        Self {
            streams: Streams::of(seed),
            schedule: Schedule::Drawn,
            choices: Vec::new(),
            strategy: Strategy::Random,
            sight: Sight::Everything,
            orders: CountOrders::No,
            spurious: Spurious::Never,
            disturbances: Disturbances::USUAL,
            nodes: vec![(Name::from("local"), NodeClock::default())],
            bound: 1_000_000,
            most_threads: 32_000,
            recording: Recording::Off,
            observer: Box::new(Unwatched),
            plants: Vec::new(),
            search: None,
            overflow: &Plainly,
        }
    }
}

/// The observer that lets everything pass.
struct Unwatched;

impl Observer for Unwatched {
    fn observe(&mut self, _event: &Event) -> Flow {
        Flow::Continue
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Everything that a run leaves behind.
pub struct Ended {
    /// What the engine found wrong.
    pub failure: Option<Failure>,
    /// What happened.
    pub log: EventLog,
    /// The observer that was given.
    pub observer: Box<dyn Observer>,
    /// Scheduling steps taken.
    pub steps: u64,
    /// Threads started, the root included.
    pub threads: usize,
    /// Engine time that passed.
    pub elapsed: Duration,
    /// Of every scheduling step: thread, object, operation.
    pub schedule: Digest,
    /// Of every stream that was drawn from while running, by name.
    pub streams: Vec<StreamDigest>,
    /// Deviations from the default rule, where the run was recorded.
    pub deviations: Vec<Deviation>,
    /// Numbers drawn while running, where the run was recorded.
    pub choices: Vec<Choice>,
    /// What the run looked like, where that was asked for.
    pub shape: Option<Shape>,
    /// The canonical order of its steps, where that was asked for: equal where two schedules differ only in the order of
    /// steps that nobody can tell apart.
    pub order: Option<u64>,
    /// How many planned deviations did not apply.
    pub skipped: u64,
    /// Those, as the plan lists them, and why.
    pub unmet: Vec<Unmet>,
    /// Planned choices that did not apply.
    pub stale: u64,
    /// Bugs that were switched on and that the code under test asked for, in the order in which it first did.
    pub reached: Vec<Plant>,
    /// The search that was given, ready for the next order.
    pub search: Option<Box<Search>>,
    /// Stacks that could not be unwound. Runs that follow on this operating system thread could see that std still counts
    /// their panics; [`run`](crate::run::run) gives them a thread of their own.
    pub leaked: u64,
}

/// Runs `root` and everything it starts on simulated threads.
///
/// # Panics
/// Within another run on the same operating system thread.
pub fn run(setup: Setup<'_>, root: impl FnOnce(Sim) + Send + 'static) -> Ended {
    threads::run(setup, root)
}
