//! What a logger is made of, before it has a sink.

use super::{Level, Logger, Queue, Sink};
use crate::door::{Platform, SpawnError, System};
use std::fmt;

/// A logger that still lacks its sink. Comes from [`Logger::named`].
#[must_use = "a logger exists once it has a sink: call `to`"]
pub struct LoggerBuilder<P: Platform = System> {
    pub(super) platform: P,
    pub(super) name: String,
    pub(super) threshold: Level,
    pub(super) fallback: Option<Box<dyn Sink>>,
}

impl<P: Platform> LoggerBuilder<P> {
    /// A logger named `name` on `platform`, with the threshold INFO and no fallback.
    pub fn new(platform: P, name: &str) -> Self {
        Self { platform, name: name.to_owned(), threshold: Level::Info, fallback: None }
    }

    /// Events below `level` are counted as filtered and go nowhere.
    pub fn threshold(self, level: Level) -> Self {
        Self { threshold: level, ..self }
    }

    /// While the sink fails, events at ERROR and above go to `sink`, such as a [`StreamSink`](super::StreamSink) of standard error. They
    /// are counted as dropped and announced all the same: the fallback is a second place to look, not another log.
    ///
    /// ```
    /// use retrip_core::logger::{Logger, MemorySink, Sink};
    /// use std::io;
    ///
    /// struct Full;
    ///
    /// impl Sink for Full {
    ///     fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
    ///         Err(io::ErrorKind::StorageFull.into())
    ///     }
    /// }
    ///
    /// let second = MemorySink::new();
    /// let logger = Logger::named("llm").fallback(second.clone()).to(Full);
    /// logger.info("lost, counted and announced once there is room");
    /// logger.critical("so is this, and here it is");
    /// assert_eq!(second.lines().len(), 1);
    /// assert_eq!((logger.stats().dropped_in_all(), logger.stats().rescued), (2, 1));
    /// ```
    pub fn fallback(self, sink: impl Sink) -> Self {
        Self { fallback: Some(Box::new(sink)), ..self }
    }

    /// The logger that writes to `sink`: whoever logs writes, and has the line in the sink when that returns.
    pub fn to(self, sink: impl Sink) -> Logger<P> {
        Logger::direct(self, Box::new(sink))
    }

    /// The logger whose lines wait in a [`Queue`] for a thread of its own that writes them to `sink`. A line that the sink does not take
    /// waits on until it does, while there is room.
    ///
    /// Lines that wait when the process ends are gone: call [`Logger::shutdown`] before.
    ///
    /// # Errors
    /// The platform has no room for another thread.
    pub fn to_queue(self, sink: impl Sink, queue: Queue) -> Result<Logger<P>, SpawnError> {
        Logger::queued(self, Box::new(sink), queue)
    }
}

impl<P: Platform> fmt::Debug for LoggerBuilder<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoggerBuilder")
            .field("name", &self.name)
            .field("threshold", &self.threshold)
            .finish_non_exhaustive()
    }
}
