//! Bugs of the logger that a simulation can switch on, to show that its checks would find them.

use crate::door::Plant;

/// [`Logger::enter`](super::Logger::enter) keeps the context in one place shared by all units of execution.
pub const CONTEXT_SHARED_BETWEEN_UNITS: Plant = Plant::named("context_shared_between_units");

/// The end of a scope does not restore the context that it found.
pub const CONTEXT_LEAKS_AFTER_SCOPE: Plant = Plant::named("context_leaks_after_scope");

/// The sequence number is taken before the lock under which the line is written, so that lines overtake each other.
pub const SEQ_OUTSIDE_LOCK: Plant = Plant::named("seq_outside_lock");

/// All of them.
pub const ALL: &[Plant] =
    &[CONTEXT_SHARED_BETWEEN_UNITS, CONTEXT_LEAKS_AFTER_SCOPE, SEQ_OUTSIDE_LOCK];
