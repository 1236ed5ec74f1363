//! What a logger is made of, before it has a sink.

use super::desks::Desks;
use super::outlet::{Outlet, Parts};
use super::{Level, Logger, Queue, RateLimit, Sink, first_made, line};
use crate::door::{Platform, SpawnError, System};
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

/// A logger that still lacks its sink. Comes from [`Logger::named`].
#[must_use = "a logger exists once it has a sink: call `to`"]
pub struct LoggerBuilder<P: Platform = System> {
    platform: P,
    name: String,
    threshold: Level,
    fallback: Option<Box<dyn Sink>>,
    further: Vec<(Level, Box<dyn Sink>)>,
    limit: Option<RateLimit>,
}

impl<P: Platform> LoggerBuilder<P> {
    /// A logger named `name` on `platform`, with the threshold INFO, no fallback and no rate limit.
    pub fn new(platform: P, name: &str) -> Self {
        Self {
            platform,
            name: name.to_owned(),
            threshold: Level::Info,
            fallback: None,
            further: Vec::new(),
            limit: None,
        }
    }

    /// Events below `level` are counted as filtered and go nowhere.
    pub fn threshold(self, level: Level) -> Self {
        Self { threshold: level, ..self }
    }

    /// While the sink fails, events at ERROR and above go to `sink`, such as a [`StreamSink`](super::StreamSink) of standard error. So do
    /// those that are lost for any other reason. They are counted as dropped and announced all the same: the fallback is a second place
    /// to look, not another log. [Behind a queue](Self::to_queue) those that wait for a sink which fails go there as well, and to the sink
    /// where it recovers in time.
    ///
    /// Whoever logs writes to it, also behind a queue, and waits for as long as that takes.
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

    /// Holds back what comes too often, before it is encoded, and tells of it: the next event that is let through, or a flush, is followed
    /// or preceded by an event of the kind [`LogDropped`](super::EventType::LogDropped) that says how many were held back, and when.
    pub fn rate_limit(self, limit: RateLimit) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Every line goes to `sink` as well, with the same number. See [`also_to_at`](Self::also_to_at).
    pub fn also_to(self, sink: impl Sink) -> Self {
        self.also_to_at(Level::Debug, sink)
    }

    /// Lines of `level` and above go to `sink` as well, with the same number, such as warnings to standard error beside a file that has
    /// everything.
    ///
    /// Each sink has its own health: what one does not take is lost there, counted in [`Stats::further`](super::Stats::further) and announced
    /// there, and the others have it. They are written to one after the other by the same thread, so that one that blocks holds up all. In a
    /// [`Queue`] no line waits for a further sink; while one waits for the main sink, those behind it come to none. The log of a sink that leaves
    /// levels out has gaps in its numbers that nobody announces.
    ///
    /// ```
    /// use retrip_core::logger::{Level, Logger, MemorySink};
    ///
    /// let (all, loud) = (MemorySink::new(), MemorySink::new());
    /// let logger = Logger::named("llm").also_to_at(Level::Warning, loud.clone()).to(all.clone());
    /// logger.info("asking");
    /// logger.warning("no answer");
    /// assert_eq!((all.lines().len(), loud.lines().len()), (2, 1));
    /// assert_eq!(loud.lines()[0], all.lines()[1]);
    /// assert_eq!(logger.stats().further[0].filtered, 1);
    /// ```
    pub fn also_to_at(mut self, level: Level, sink: impl Sink) -> Self {
        self.further.push((level, Box::new(sink)));
        self
    }

    /// The logger that writes to `sink`: whoever logs writes, and has the line in the sink when that returns.
    pub fn to(self, sink: impl Sink) -> Logger<P> {
        let made = self.over(sink, |platform, parts| Ok(Outlet::direct(platform, parts)));
        made.unwrap_or_else(|never: Infallible| match never {})
    }

    /// The logger whose lines wait in a [`Queue`] for a thread of its own that writes them to `sink`. A line that the sink does not take
    /// waits on until it does, while there is room.
    ///
    /// Lines that wait when the process ends are gone: call [`Logger::shutdown`] before.
    ///
    /// # Errors
    /// The platform has no room for another thread.
    pub fn to_queue(self, sink: impl Sink, queue: Queue) -> Result<Logger<P>, SpawnError> {
        self.over(sink, |platform, parts| Outlet::queued(platform, parts, queue))
    }

    fn over<E>(
        self,
        sink: impl Sink,
        outlet: impl FnOnce(&P, Parts) -> Result<Outlet<P>, E>,
    ) -> Result<Logger<P>, E> {
        let Self { platform, name, threshold, fallback, further, limit } = self;
        let name: Arc<[u8]> = line::name_as_json(&name).into();
        let desks = Desks::new(&name, Box::new(sink), further);
        let outlet = Arc::new(outlet(&platform, Parts { desks, fallback, limit })?);
        let outlet = first_made::outlet_for(&platform, outlet);
        Ok(Logger { platform, outlet, name, threshold })
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
