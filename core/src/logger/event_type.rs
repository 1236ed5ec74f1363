//! The kinds of event, with their dotted names.

use super::Level;
use super::words::words;

words! {
    /// What kind of event a line tells of.
    ///
    /// ```
    /// use retrip_core::logger::{EventType, Level};
    ///
    /// assert_eq!(EventType::McpToolFailed.as_str(), "mcp.tool.failed");
    /// assert_eq!(EventType::McpToolFailed.default_level(), Level::Error);
    /// ```
    #[non_exhaustive]
    EventType, "event type" {
        /// The program has started.
        SystemStart = "system.start",
        /// The program is about to end.
        SystemStop = "system.stop",
        /// A component is ready.
        ComponentInit = "component.init",
        /// A component has ended.
        ComponentShutdown = "component.shutdown",
        /// A tool was called.
        McpToolInvoked = "mcp.tool.invoked",
        /// A tool has answered.
        McpToolCompleted = "mcp.tool.completed",
        /// A tool has failed.
        McpToolFailed = "mcp.tool.failed",
        /// A policy was applied.
        McpPolicyEvaluated = "mcp.policy.evaluated",
        /// A compliance rule was applied.
        McpComplianceChecked = "mcp.compliance.checked",
        /// An entity was found in a text.
        GraphragEntityExtracted = "graphrag.entity.extracted",
        /// Two entities turned out to be one.
        GraphragEntityDeduplicated = "graphrag.entity.deduplicated",
        /// A graph was walked.
        GraphragGraphTraversed = "graphrag.graph.traversed",
        /// A query was answered.
        GraphragQueryExecuted = "graphrag.query.executed",
        /// Something failed.
        ErrorOccurred = "error.occurred",
        /// What had failed works again.
        ErrorRecovered = "error.recovered",
        /// A circuit breaker rejects calls from now on.
        CircuitBreakerOpened = "circuit_breaker.opened",
        /// A circuit breaker lets all calls pass again.
        CircuitBreakerClosed = "circuit_breaker.closed",
        /// A circuit breaker lets a few calls pass, to try.
        CircuitBreakerHalfOpened = "circuit_breaker.half_opened",
        /// A circuit breaker has rejected a call.
        CircuitBreakerRejected = "circuit_breaker.rejected",
        /// Something took a measured time.
        PerformanceMeasured = "performance.measured",
        /// The logger itself lost events; it writes this, see [`Stats`](super::Stats).
        LogDropped = "log.dropped",
        /// Whatever has no kind of its own.
        Custom = "custom",
    }
}

impl EventType {
    /// The level of an event of this kind that was given none.
    #[must_use]
    #[inline]
    pub const fn default_level(self) -> Level {
        match self {
            Self::ErrorOccurred | Self::McpToolFailed => Level::Error,
            Self::CircuitBreakerOpened | Self::CircuitBreakerRejected | Self::LogDropped => {
                Level::Warning
            }
            _ => Level::Info,
        }
    }
}
