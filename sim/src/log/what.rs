//! Everything that can happen, as types.

use super::{Name, breaker};
use crate::span::Offset;
use retrip_core::door::{Instant, Timestamp};
use std::time::Duration;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum What {
    /// A simulated backend changes.
    Backend(BackendEvent),
    /// A guarded call begins or ends.
    Call(CallEvent),
    /// A clock is bent.
    Clock(ClockEvent),
    /// A simulated thread begins, ends or stumbles.
    Thread(ThreadEvent),
    /// A logger writes a line.
    Line {
        /// The level, as the logger writes it.
        level: Name,
        /// The message.
        text: Name,
    },
    /// Anything else, in the words of a scenario.
    Note {
        /// What happens, as the log shows it: `opens`.
        verb: Name,
        /// Details in order. One with an empty name shows its value only.
        fields: Vec<(Name, Value)>,
    },
    /// A circuit breaker decides something, or counts the end of a call.
    Breaker(retrip_core::breaker::Event),
}

impl What {
    /// Whether this changes the state of something, so that the decision log shows it with its time: changes of a
    /// backend, a breaker or a clock, and panics. Everything else is counted there.
    #[must_use]
    pub const fn is_decision(&self) -> bool {
        match self {
            Self::Breaker(event) => breaker::is_decision(event),
            Self::Backend(_) | Self::Clock(_) | Self::Thread(ThreadEvent::Panics { .. }) => true,
            Self::Call(_) | Self::Thread(_) | Self::Line { .. } | Self::Note { .. } => false,
        }
    }
}

/// How a simulated backend changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BackendEvent {
    /// From now on its calls fail.
    Fails,
    /// From now on its calls succeed.
    Recovers,
    /// From now on its calls take so long.
    Takes(Duration),
}

/// How a guarded call begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallEvent {
    /// It was let through and begins.
    Begins {
        /// What tells it from other calls.
        label: Name,
    },
    /// It succeeded.
    Ok,
    /// It failed.
    Failed,
    /// It ended in a way that counts as neither.
    Ignored,
    /// It panicked.
    Panicked,
    /// Its caller gave up before it ended.
    Cancelled,
    /// It was given up for taking too long.
    TimedOut {
        /// How long it was waited for.
        after: Duration,
    },
}

/// How a clock is bent. Lengths are engine time, which no fault bends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClockEvent {
    /// The wall clock steps.
    Jumps {
        /// How far, either way.
        by: Offset,
        /// What it read before.
        was: Timestamp,
    },
    /// A clock gains on true time from now on, or no longer.
    Drifts {
        /// Which one.
        clock: ClockKind,
        /// How much, in parts per million: the sum of all drifts under way; 0 where none is left or they cancel out.
        ppm: i32,
    },
    /// A clock stands still, or goes on standing for longer than was said before.
    ///
    /// It says a length and no moment: the log shows moments as the clocks of the node do, one of which stands.
    Freezes {
        /// Which one. The wall clock stands with the monotonic one, which is said of it only where it stood before.
        clock: ClockKind,
        /// For how long, from now to the last end of all freezes that hold it; `None` for good.
        for_: Option<Duration>,
    },
    /// A clock that was said to stand still goes on: no freeze holds it any more.
    Resumes {
        /// Which one.
        clock: ClockKind,
    },
    /// Both clocks leap forward, as after a suspended machine.
    Suspends {
        /// How far.
        by: Duration,
    },
}

/// One of a node's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockKind {
    /// The one that waiting is done by.
    Monotonic,
    /// The one that people read.
    Wall,
}

/// What becomes of a simulated thread.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ThreadEvent {
    /// It begins.
    Starts,
    /// Its body returned.
    Ends,
    /// It is kept from running.
    Stalls {
        /// For how long.
        for_: Duration,
    },
    /// It panicked.
    Panics {
        /// The message of the panic.
        message: Name,
    },
}

/// A value in a [`What::Note`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value {
    /// A number.
    Int(i64),
    /// A length of time.
    Duration(Duration),
    /// A reading of a monotonic clock.
    Instant(Instant),
    /// Text.
    Text(Name),
    /// Yes or no.
    Flag(bool),
}
