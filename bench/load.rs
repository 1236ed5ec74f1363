//! What the threads of a program do and how often: one value, whoever runs it.

use std::fmt;

/// What each thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// It adds one to an atomic that all share.
    Atomics,
    /// The same, but not before all have begun: otherwise the first ones may have ended before the last one begins.
    AtomicsTogether,
    /// It takes a lock that all share, and adds one within.
    Locks,
    /// It sends a message through a channel without a bound; whoever started all receives.
    Messages,
    /// It sends a message through a channel with room for so many; whoever started all receives.
    MessagesWithRoomFor(usize),
    /// It takes a lock for readers and writers that all share: three times to read, then once to write.
    ReadsAndWrites,
}

/// So many threads that each do some work so many times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// What they do.
    pub work: Work,
    /// How many they are.
    pub threads: usize,
    /// How often each does it.
    pub times: u64,
}

impl Load {
    /// `threads` threads that each do `work` `times` times.
    #[must_use]
    pub const fn of(work: Work, threads: usize, times: u64) -> Self {
        Self { work, threads, times }
    }

    /// How often the work is done, by all together.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.threads as u64 * self.times
    }
}

/// Prints as `20 threads x 100 atomics`.
impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.threads == 1 { "" } else { "s" };
        let [threads, times] = [self.threads as u64, self.times].map(grouped);
        write!(f, "{threads} thread{plural} x {times} {}", self.work)
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Atomics => f.write_str("atomics"),
            Self::AtomicsTogether => f.write_str("atomics together"),
            Self::Locks => f.write_str("locks"),
            Self::Messages => f.write_str("messages"),
            Self::MessagesWithRoomFor(room) => write!(f, "messages, room for {room}"),
            Self::ReadsAndWrites => f.write_str("RwLock, one write in 4"),
        }
    }
}

/// `number` with a comma before each three digits: `1,000`.
#[must_use]
pub fn grouped(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1_000), number % 1_000),
    }
}
