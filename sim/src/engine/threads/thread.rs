//! A simulated thread as the scheduler keeps it.

use super::locals::Locals;
use super::object::Slot;
use crate::log::{Cause, Name};
use retrip_core::door::{Carried, Instant};
use std::fmt;
use std::panic::Location;

/// Names a thread of this run: in the order of spawning, the root is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ThreadId(pub(crate) u32);

impl ThreadId {
    /// The thread that starts a run.
    pub(crate) const ROOT: Self = Self(0);

    #[inline]
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    /// Nothing: it is ready or runs.
    Nothing,
    Mutex(Slot),
    Condvar(Slot),
    /// At a place that is neither, for this reason.
    At(Slot, Reason),
    Join(ThreadId),
    Park,
    Sleep,
    Stall,
    Finished,
}

/// Why a thread waits at a place that is neither a mutex nor a condition variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// To hold a lock together with others.
    Read,
    /// To hold a lock alone that others may hold together.
    Write,
    /// For so many threads to have come to a barrier.
    Barrier(u32),
    /// For what somebody does once and for all.
    Initialisation,
    /// For something to receive.
    Message,
    /// For somebody to receive.
    Room,
    /// For so many permits; in a future.
    Permits(u32),
    /// For the one value of a channel; in a future.
    Value,
}

/// Whether the run waits for a thread's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The run ends when all of these have.
    Actor,
    /// Serves the run and is ended with it.
    Daemon,
}

/// How a blocked thread became ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    Notified,
    TimedOut,
}

/// A moment that a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deadline {
    /// On the monotonic clock of a node, as code under test means it.
    Local { node: u32, at: Instant },
    /// In engine nanoseconds, as a plan means it.
    Engine(u64),
}

/// What every scheduling step looks at comes first, in one cache line: with a thousand threads a step costs what it misses.
#[repr(C, align(64))]
pub(super) struct Thread {
    /// Scheduling points so far; the key of a deviation.
    pub(super) points: u64,
    /// When it became ready, as a sequence over the run: the default rule runs the longest waiting.
    pub(super) ready_since: u64,
    pub(super) waiting: Waiting,
    /// The place in the ready list, while ready.
    pub(super) place: u32,
    /// Distinguishes the timer that counts from those of earlier waits.
    pub(super) timer: u32,
    pub(super) wake: Wake,
    pub(super) role: Role,
    /// Set when a panic begins on this thread.
    pub(super) unwinding: bool,
    /// A fault holds it: it stands still at its next point.
    pub(super) held: bool,
    /// An unpark that came before its park.
    pub(super) token: bool,
    /// Set when the thread was torn down with its run, whether its stack could be unwound or not: nothing of it runs any more.
    pub(super) gone: bool,
    /// The line of code that the current wait, or the last one, is in.
    pub(super) waits_at: Option<&'static Location<'static>>,
    /// The deadline of the current wait.
    pub(super) deadline: Option<Deadline>,
    /// Where it runs.
    pub(super) node: u32,
    /// Objects made so far, for their identities.
    pub(super) objects: u32,
    pub(super) name: Name,
    /// How many threads have asked for this name.
    pub(super) namesakes: u64,
    /// What in the plan the thread acts upon.
    pub(super) cause: Option<Cause>,
    /// Until when, in engine nanoseconds, and which fault of the plan.
    pub(super) hold: (u64, u32),
    /// What the code under test put into its slot.
    pub(super) carried: Carried,
    /// What it has in slots of its own, in the order in which they were first used.
    pub(super) locals: Locals,
    /// Who waits for its end.
    pub(super) joiners: Vec<ThreadId>,
    /// What the future waits for that the thread blocks on, as far as it says so.
    pub(super) pends: Option<Reason>,
    /// In a search: the lock that its next step takes, or waits for where somebody holds it.
    pub(super) wants: Option<Slot>,
    /// What a panic said that goes on once the threads of a scope have ended.
    pub(super) held_back: Option<String>,
    /// File and line of the last panic that began here.
    pub(super) panicked_at: String,
}

impl Thread {
    pub(super) fn new(name: Name, node: u32, role: Role, cause: Option<Cause>) -> Self {
        Self {
            name,
            namesakes: 1,
            node,
            role,
            waiting: Waiting::Nothing,
            wake: Wake::Notified,
            points: 0,
            place: 0,
            ready_since: 0,
            token: false,
            unwinding: false,
            held: false,
            hold: (0, 0),
            held_back: None,
            gone: false,
            panicked_at: String::new(),
            cause,
            objects: 0,
            joiners: Vec::new(),
            timer: 0,
            waits_at: None,
            pends: None,
            wants: None,
            deadline: None,
            carried: None,
            locals: Locals::default(),
        }
    }

    pub(super) fn is_finished(&self) -> bool {
        self.waiting == Waiting::Finished
    }
}

impl fmt::Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread")
            .field("name", &self.name)
            .field("waiting", &self.waiting)
            .field("points", &self.points)
            .finish_non_exhaustive()
    }
}
