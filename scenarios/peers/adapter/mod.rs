//! Breakers as their crates publish them, each behind the one thing that all of them do: let a call through, or not.

mod circuitbreaker_rs;
mod failsafe;
mod recloser;
mod retrip;

use retrip_sim::engine::hosts::Host;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A call that has not begun.
pub(super) type Call = Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>>;
/// What a breaker does with a call, until it has an answer.
pub(super) type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// A breaker from outside: all that can be seen of it is whether a call begins.
pub(super) trait Breaker: Send + Sync {
    /// Lets `call` through and learns from its result, or does not begin it. Dropped, it is a caller that went away.
    fn call(&self, call: Call) -> Answering<'_>;
}

/// The service's reply was a failure, or none came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failed;

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call failed")
    }
}

impl std::error::Error for Failed {}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It was let through and succeeded.
    Ok,
    /// It was let through and failed.
    Failed,
    /// It was not let through.
    Rejected,
}

/// What every breaker here is set to, in the words of its crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// It opens at so many failures in a row.
    pub(super) failures: u32,
    /// It is open for so long.
    pub(super) open_for: Duration,
    /// So many trials decide, once that is over.
    pub(super) trials: u32,
}

/// Whose breaker it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// This project.
    Retrip,
    /// The crate failsafe.
    Failsafe,
    /// The crate recloser.
    Recloser,
    /// The crate circuitbreaker-rs.
    CircuitbreakerRs,
}

impl Maker {
    /// The name of the crate.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Retrip => "retrip",
            Self::Failsafe => "failsafe",
            Self::Recloser => "recloser",
            Self::CircuitbreakerRs => "circuitbreaker-rs",
        }
    }

    /// Whether it reads the clocks of std.
    pub(super) const fn reads_std(self) -> bool {
        !matches!(self, Self::Retrip)
    }

    /// A new breaker on `host`. Those of other crates read the clocks of std.
    pub(super) fn make(self, host: Host, settings: Settings) -> Box<dyn Breaker> {
        match self {
            Self::Retrip => Box::new(retrip::Ours::new(host, settings)),
            Self::Failsafe => failsafe::breaker(settings),
            Self::Recloser => Box::new(recloser::Reclosing::new(settings)),
            Self::CircuitbreakerRs => Box::new(circuitbreaker_rs::Probing::new(settings)),
        }
    }
}
