//! What a logger is made of, before it has a sink.

use super::{Level, Logger, Sink};
use crate::door::{Platform, System};

/// A logger that still lacks its sink. Comes from [`Logger::named`].
#[derive(Clone, Debug)]
#[must_use = "a logger exists once it has a sink: call `to`"]
pub struct LoggerBuilder<P: Platform = System> {
    platform: P,
    name: String,
    threshold: Level,
}

impl<P: Platform> LoggerBuilder<P> {
    /// A logger named `name` on `platform`, with the threshold INFO.
    pub fn new(platform: P, name: &str) -> Self {
        Self { platform, name: name.to_owned(), threshold: Level::Info }
    }

    /// Events below `level` are counted as filtered and go nowhere.
    pub fn threshold(self, level: Level) -> Self {
        Self { threshold: level, ..self }
    }

    /// The logger that writes to `sink`.
    pub fn to(self, sink: impl Sink) -> Logger<P> {
        Logger::new(self.platform, &self.name, self.threshold, Box::new(sink))
    }
}
