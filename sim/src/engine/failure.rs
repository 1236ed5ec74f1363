//! What the engine itself finds wrong with a run, with names.

use crate::log::Name;
use std::fmt;
use std::panic::Location;

/// A run that could not end as it should.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// Nothing is runnable, nothing is scheduled, and somebody still waits.
    Deadlock {
        /// Who waits for what, in the order of spawning.
        waits: Vec<Wait>,
    },
    /// The run did not end within its bound, nor within ten times more steps under a fair schedule without faults.
    Livelock {
        /// Scheduling steps taken.
        steps: u64,
        /// The threads that were still running.
        running: Vec<Name>,
    },
    /// The root returned, and threads that it started wait for ever.
    LeakedThreads {
        /// Who waits for what, in the order of spawning.
        waits: Vec<Wait>,
    },
    /// A simulated thread panicked and nobody caught it.
    Panic {
        /// The thread.
        thread: Name,
        /// The panic's message, or what its payload is where that is no text.
        message: String,
        /// File and line; empty where no panic began on the thread, because it forwards one with `resume_unwind`.
        at: String,
    },
}

/// One thread that waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wait {
    /// The thread.
    pub thread: Name,
    /// What it waits for.
    pub on: WaitsFor,
    /// In which line of code, where that is not one of the harness.
    pub at: Option<Location<'static>>,
}

/// What a thread waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitsFor {
    /// A lock, and who holds it.
    Lock {
        /// The holder; none where the lock was free but nobody woke the waiter.
        held_by: Option<Name>,
    },
    /// A lock that others hold together.
    SharedLock {
        /// The holders.
        held_by: Vec<Name>,
        /// Who waits to have it alone, where that is what keeps this one from holding it too.
        behind: Option<Name>,
    },
    /// A notification.
    Notification,
    /// The others, at a barrier.
    Barrier {
        /// How many have come, this one included.
        arrived: usize,
        /// How many have to come.
        of: u32,
    },
    /// Something that is done once and for all.
    Initialisation {
        /// Who does it.
        by: Option<Name>,
    },
    /// A message.
    Message,
    /// Permits of a semaphore, in a future.
    Permits {
        /// How many, of which it may have been given some.
        wanted: u32,
    },
    /// Room in a channel, or somebody who receives where it has none.
    Room,
    /// The end of a thread.
    End {
        /// That thread.
        of: Name,
    },
    /// An unpark.
    Unpark,
    /// Somebody to wake its future.
    Waker,
}

impl Failure {
    /// The promise that such a run breaks.
    #[must_use]
    pub fn promise(&self) -> &'static str {
        match self {
            Self::Deadlock { .. } => "no_deadlock",
            Self::Livelock { .. } => "no_livelock",
            Self::LeakedThreads { .. } => "no_leaked_thread",
            Self::Panic { .. } => "no_panic",
        }
    }

    /// That promise as a sentence.
    #[must_use]
    pub fn statement(&self) -> &'static str {
        match self {
            Self::Deadlock { .. } => "some thread can always go on until all have ended",
            Self::Livelock { .. } => "under a fair schedule every run ends",
            Self::LeakedThreads { .. } => "every thread ends with the run that started it",
            Self::Panic { .. } => "no simulated thread panics",
        }
    }

    /// What was wanted, beside what was found.
    #[must_use]
    pub fn wanted(&self) -> &'static str {
        match self {
            Self::Deadlock { .. } | Self::LeakedThreads { .. } => "nobody waits for ever",
            Self::Livelock { .. } => "the run ends",
            Self::Panic { .. } => "no panic",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // One line for each, because with a place in the code they are long.
            Self::Deadlock { waits } | Self::LeakedThreads { waits } => list(f, waits, "\n"),
            Self::Livelock { steps, running } => {
                write!(f, "no end after {steps} steps; still running: ")?;
                list(f, running, ", ")
            }
            Self::Panic { thread, message, at } if at.is_empty() => {
                write!(f, "{thread} forwarded a panic: {message}")
            }
            Self::Panic { thread, message, at } => {
                write!(f, "{thread} panicked at {at}: {message}")
            }
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} waits for {}", self.thread, self.on)?;
        match self.at {
            Some(at) => write!(f, " ({}:{})", at.file(), at.line()),
            None => Ok(()),
        }
    }
}

impl fmt::Display for WaitsFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lock { held_by: Some(owner) } => write!(f, "a lock that {owner} holds"),
            Self::Lock { held_by: None } => f.write_str("a lock that nobody holds"),
            Self::SharedLock { held_by, behind } => {
                f.write_str("a lock that ")?;
                list(f, held_by, " and ")?;
                f.write_str(if held_by.len() == 1 { " reads" } else { " read" })?;
                behind.as_ref().map_or(Ok(()), |writer| write!(f, ", behind {writer}"))
            }
            Self::Notification => f.write_str("a notification"),
            Self::Barrier { arrived, of } => {
                write!(f, "the others at a barrier, where {arrived} of {of} are")
            }
            Self::Initialisation { by: Some(by) } => {
                write!(f, "what {by} initialises")
            }
            Self::Initialisation { by: None } => f.write_str("what nobody initialises"),
            Self::Permits { wanted: 1 } => f.write_str("a permit"),
            Self::Permits { wanted } => write!(f, "{wanted} permits"),
            Self::Message => f.write_str("a message"),
            Self::Room => f.write_str("room in a channel"),
            Self::End { of } => write!(f, "the end of {of}"),
            Self::Unpark => f.write_str("an unpark"),
            Self::Waker => f.write_str("somebody to wake it"),
        }
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T], between: &str) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}
