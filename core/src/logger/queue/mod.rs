//! The queue: lines wait in memory, within a bound, for a unit of their own that writes them.

mod flushes;
mod intake;
mod lines;
mod queued;
mod shared;
mod worker;

pub(super) use queued::Queued;

use std::time::Duration;

/// How lines wait, for [`LoggerBuilder::to_queue`](super::LoggerBuilder::to_queue).
///
/// ```
/// use retrip_core::logger::{Logger, MemorySink, Queue, WhenFull};
///
/// let sink = MemorySink::new();
/// let queue = Queue::of_bytes(1024 * 1024).when_full(WhenFull::DropOld);
/// let logger = Logger::named("llm").to_queue(sink.clone(), queue)?;
/// logger.info("written by another thread");
/// logger.shutdown()?;
/// assert_eq!(sink.lines().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Queue {
    pub(super) bytes: usize,
    pub(super) when_full: WhenFull,
    pub(super) patience: Duration,
}

/// What becomes of an event for which there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFull {
    /// It is dropped.
    DropNew,
    /// The oldest lines that wait are dropped until there is room. The one that is being written is kept.
    DropOld,
    /// Whoever logs it waits for room, at most so long; then it is dropped.
    BlockFor(Duration),
}

impl Queue {
    /// A queue of at most so many bytes, what it keeps of each line beside its text included. A line that is larger than that is dropped
    /// as [`Oversize`](super::DropCause::Oversize); no line is larger than [`LINE_CAP`](super::LINE_CAP) and some hundred bytes. It drops
    /// what is new, and has five seconds of patience.
    pub const fn of_bytes(bytes: usize) -> Self {
        Self { bytes, when_full: WhenFull::DropNew, patience: Duration::from_secs(5) }
    }

    /// What becomes of an event for which there is no room.
    pub const fn when_full(self, when_full: WhenFull) -> Self {
        Self { when_full, ..self }
    }

    /// For how long [`flush`](super::Logger::flush) and [`shutdown`](super::Logger::shutdown) wait at most. With none, a shutdown drops what
    /// waits, and both say that they [timed out](super::FlushError::TimedOut): whoever writes is another unit.
    pub const fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}
