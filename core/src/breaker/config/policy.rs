//! What a call counts as that has no result.

use crate::breaker::Outcome;

/// What a call counts as whose permit was dropped without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CancelPolicy {
    /// [`Outcome::Ignored`]: the caller went away, the service did nothing wrong.
    Ignored,
    /// [`Outcome::Failure`]: callers cancel because the service is too slow.
    Failure,
}

impl CancelPolicy {
    /// The outcome of a cancelled call.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Ignored => Outcome::Ignored,
            Self::Failure => Outcome::Failure,
        }
    }
}

/// What a call counts as that panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PanicPolicy {
    /// [`Outcome::Failure`].
    Failure,
    /// [`Outcome::Ignored`]: panics are this program's bugs and say nothing about the service.
    Ignored,
}

impl PanicPolicy {
    /// The outcome of a call that panicked.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Failure => Outcome::Failure,
            Self::Ignored => Outcome::Ignored,
        }
    }
}
