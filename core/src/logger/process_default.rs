//! The logger of a process: for programs that would otherwise hand one logger to everything.

use super::Logger;
use crate::door::{keep_for_process, kept_of_process};

/// The process has a logger already, which stands. The one that was to take its place comes back.
#[derive(Debug, thiserror::Error)]
#[error("the process has a logger already: set it once, where the program begins")]
pub struct DefaultIsSet(pub Logger);

impl Logger {
    /// Makes this the logger of the process, for good. Nothing of this crate logs to it by itself: it is for code of the program that is
    /// given no logger. Whoever sets none has none.
    ///
    /// ```
    /// use retrip_core::logger::{Logger, MemorySink};
    ///
    /// let sink = MemorySink::new();
    /// let logger = Logger::named("app").to(sink.clone());
    /// logger.set_process_default().expect("nobody else has set one");
    ///
    /// if let Some(logger) = Logger::process_default() {
    ///     logger.info("from anywhere");
    /// }
    /// assert_eq!(sink.lines().len(), 1);
    /// ```
    ///
    /// # Errors
    /// One was set before. It stands, and this one comes back in the error.
    pub fn set_process_default(self) -> Result<&'static Self, DefaultIsSet> {
        keep_for_process(self).map_err(DefaultIsSet)
    }

    /// The logger of the process, where one [was set](Logger::set_process_default).
    #[must_use]
    pub fn process_default() -> Option<&'static Self> {
        kept_of_process()
    }
}
