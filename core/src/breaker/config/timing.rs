//! For which calls the clock is read.

/// Which calls are timed: how long they take is in [`Stats::latencies`](crate::breaker::Stats::latencies), and when the last
/// one succeeded in [`Stats::last_success`](crate::breaker::Stats::last_success).
///
/// Two readings of the clock take longer than everything else that a closed breaker does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timing {
    /// Those with which something is decided, such as trials. All calls are, where a window looks for
    /// [slow ones](super::Window::slow_calls), or a listener hears [everything](crate::breaker::Interest::Everything). A
    /// [window of time](super::Span::Time) alone reads the clock once, when a call ends, and times none.
    Decisions,
    /// All calls.
    Calls,
}
