//! What is timed: an event, so many times in a row, in its context.

/// Enters the context, logs so many events, and leaves it.
pub(crate) type Work = Box<dyn Fn(u64) + Send + Sync>;
