//! Passing time: `wait 3s`, `stall 30s`, `yield`.

use super::{HostLive, HostPart, Live, Operation, Part, Performance, Reading, reading};
use crate::engine::hosts::{Cluster, Host};
use crate::engine::threads::Sim;
use crate::log::{Name, ThreadEvent, What};
use crate::span::Span;
use retrip_core::door::Spawn;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// What an actor can do with its own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Sleeps.
    Waits(Duration),
    /// Stands still, as in a long pause of its process; the log says so.
    Stalls(Duration),
    /// Lets others run.
    Yields,
}

/// The operation that sleeps for `duration`.
#[must_use]
pub fn waits(duration: Duration) -> Operation {
    Operation::new(Wait::Waits(duration))
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Waits(duration) => {
                f.write_str("wait ")?;
                Span(duration).fmt(f)
            }
            Self::Stalls(duration) => {
                f.write_str("stall ")?;
                Span(duration).fmt(f)
            }
            Self::Yields => f.write_str("yield"),
        }
    }
}

/// The text is none of the forms of [`Wait`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither `wait DURATION`, `stall DURATION` nor `yield`")]
pub struct WaitError;

impl FromStr for Wait {
    type Err = WaitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let span = |text: &str| text.parse().map(|Span(duration)| duration).map_err(|_| WaitError);
        if let Some(duration) = text.strip_prefix("wait ") {
            Ok(Self::Waits(span(duration)?))
        } else if let Some(duration) = text.strip_prefix("stall ") {
            Ok(Self::Stalls(span(duration)?))
        } else if text == "yield" {
            Ok(Self::Yields)
        } else {
            Err(WaitError)
        }
    }
}

/// The part that passes time; every scenario has it.
pub(crate) struct Waiting;

impl Part for Waiting {
    fn reads(&self, operation: &str) -> Reading {
        let begins = |verb| {
            operation
                .strip_prefix(verb)
                .is_some_and(|rest: &str| rest.is_empty() || rest.starts_with(' '))
        };
        reading::<Wait>(operation, ["wait", "stall", "yield"].into_iter().any(begins))
    }

    fn forms(&self) -> Vec<String> {
        ["wait DURATION", "stall DURATION", "yield"].map(String::from).to_vec()
    }

    fn enter(&self, _sim: &Sim) -> Arc<dyn Live> {
        thread_local! {
            static LIVE: Arc<dyn Live> = Arc::new(Waiting);
        }
        LIVE.with(Arc::clone)
    }
}

impl Live for Waiting {
    fn perform(&self, sim: &Sim, operation: &str) {
        match operation.parse().expect("an operation is read before it is performed") {
            Wait::Waits(duration) => sim.sleep(duration),
            Wait::Stalls(duration) => {
                let stalls = ThreadEvent::Stalls { for_: duration };
                sim.record(&Name::from("thread"), What::Thread(stalls));
                sim.stall(duration);
            }
            Wait::Yields => sim.yield_now(),
        }
    }
}

impl HostPart for Waiting {
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

impl HostLive for Waiting {
    fn perform<'a>(&'a self, host: &'a Host, operation: &'a str) -> Performance<'a> {
        let wait = operation.parse().expect("an operation is read before it is performed");
        Box::pin(async move {
            match wait {
                Wait::Waits(duration) => host.sleep(duration).await,
                Wait::Stalls(duration) => {
                    let stalls = ThreadEvent::Stalls { for_: duration };
                    host.record(&Name::from("thread"), What::Thread(stalls));
                    host.stall(duration).await;
                }
                Wait::Yields => host.give_way().await,
            }
        })
    }
}
