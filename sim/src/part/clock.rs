//! The clocks of a node as something that jumps, in a script: `wall clock jumps -3600s`.

use super::{HostLive, HostPart, Live, Operation, Part, Performance, Reading, reading};
use crate::engine::hosts::{Cluster, Host};
use crate::engine::threads::Sim;
use crate::fault;
use crate::span::Offset;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Operations on the wall clock of the only node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WallClock;

/// The wall clock, to be moved in a script.
#[must_use]
pub const fn clock() -> WallClock {
    WallClock
}

impl WallClock {
    /// It steps back by `by`.
    ///
    /// # Panics
    /// `by` is longer than 292 years.
    #[must_use]
    pub fn jumps_back(self, by: Duration) -> Operation {
        Operation::new(ClockOperation(Offset::from_nanos(-nanos(by))))
    }

    /// It steps forward by `by`.
    ///
    /// # Panics
    /// `by` is longer than 292 years.
    #[must_use]
    pub fn jumps_forward(self, by: Duration) -> Operation {
        Operation::new(ClockOperation(Offset::from_nanos(nanos(by))))
    }
}

fn nanos(by: Duration) -> i64 {
    i64::try_from(by.as_nanos()).expect("a step of a wall clock is shorter than 292 years")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ClockOperation(Offset);

impl fmt::Display for ClockOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{WALL}{}", self.0)
    }
}

const WALL: &str = "wall clock jumps ";

/// The text is not of the form `wall clock jumps OFFSET`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotAJump;

impl FromStr for ClockOperation {
    type Err = NotAJump;

    fn from_str(text: &str) -> Result<Self, NotAJump> {
        let by = text.strip_prefix(WALL).ok_or(NotAJump)?;
        by.parse().map(Self).map_err(|_| NotAJump)
    }
}

/// The part that moves clocks; every scenario has it.
#[derive(Clone, Copy, Debug)]
pub struct ClockPart;

impl Part for ClockPart {
    fn reads(&self, operation: &str) -> Reading {
        reading::<ClockOperation>(operation, operation.starts_with("wall clock"))
    }

    fn forms(&self) -> Vec<String> {
        vec!["wall clock jumps OFFSET".to_owned()]
    }

    fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
        thread_local! {
            static LIVE: Arc<dyn Live> = Arc::new(ClockPart);
        }
        LIVE.with(Arc::clone)
    }
}

impl Live for ClockPart {
    fn perform(&self, sim: &Sim, operation: &str) {
        fault::jump(sim, read(operation));
    }
}

impl HostPart for ClockPart {
    fn reads(&self, operation: &str) -> Reading {
        Part::reads(self, operation)
    }

    fn forms(&self) -> Vec<String> {
        Part::forms(self)
    }

    fn enter(&self, _cluster: &Cluster) -> Arc<dyn HostLive> {
        Arc::new(Self)
    }
}

impl HostLive for ClockPart {
    /// Of the host that whoever does it is on.
    fn perform<'a>(&'a self, host: &'a Host, operation: &'a str) -> Performance<'a> {
        Box::pin(async move { fault::jump_host(host, read(operation)) })
    }
}

fn read(operation: &str) -> Offset {
    let ClockOperation(by) =
        operation.parse().expect("an operation is read before it is performed");
    by
}
