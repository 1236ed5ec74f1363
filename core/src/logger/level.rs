//! How much an event matters.

use super::words::words;

words! {
    /// How much an event matters, in ascending order.
    ///
    /// ```
    /// use retrip_core::logger::Level;
    ///
    /// assert!(Level::Warning < Level::Error);
    /// assert_eq!("CRITICAL".parse(), Ok(Level::Critical));
    /// ```
    Level, "level" {
        /// For whoever is looking for a fault.
        Debug = "DEBUG",
        /// The ordinary course of things.
        Info = "INFO",
        /// Unusual, and handled.
        Warning = "WARNING",
        /// Something was asked for and did not happen.
        Error = "ERROR",
        /// The program cannot go on as it should.
        Critical = "CRITICAL",
    }
}
