//! The part that calls a backend behind a breaker until it is answered: `call until answered`.

use crate::backoff::Backoff;
use crate::time::hours;
use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker};
use retrip_core::door::{Clock, Plant, Rules};
use retrip_sim::engine::hosts::{Cluster, Host};
use retrip_sim::log::{Event, Name, What};
use retrip_sim::part::{HostLive, HostPart, Operation, Performance, Reading, reading};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The next try is made when the wall clock says that it is time.
pub(crate) const BACKOFF_ON_THE_WALL_CLOCK: Plant = Plant::named("backoff_on_the_wall_clock");

/// The host of the backend.
pub(crate) const BACKEND: &str = "backend";
const PORT: u16 = 1;

/// A backend, and those who call it.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    /// What guards the backend.
    pub(crate) breaker: BreakerConfig,
    /// How long a reply is waited for.
    pub(crate) patience: Duration,
    /// How long to wait before the next call.
    pub(crate) backoff: Backoff,
}

/// What an errand tells the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// The breaker let no call through.
    IsRejected,
    /// A call was answered.
    IsAnswered,
}

struct CallUntilAnswered;

struct LiveErrand {
    errand: Errand,
    backend: Host,
    /// By the name of the host that calls.
    breakers: BTreeMap<Name, CircuitBreaker<Host>>,
}

/// Nobody answered in time.
#[derive(Debug)]
struct NotAnswered;

impl Errand {
    /// Calls until there is an answer, however long that takes.
    pub(crate) fn calls_until_answered(&self) -> Operation {
        Operation::new(CallUntilAnswered)
    }
}

impl Told {
    #[track_caller]
    fn tell(self, host: &Host) {
        let verb = match self {
            Self::IsRejected => "is rejected",
            Self::IsAnswered => "is answered",
        };
        host.record(&host.name(), What::Note { verb: Name::from(verb), fields: Vec::new() });
    }

    /// What `event` tells, if it is one of these.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let What::Note { verb, .. } = &event.what else { return None };
        match &**verb {
            "is rejected" => Some(Self::IsRejected),
            "is answered" => Some(Self::IsAnswered),
            _ => None,
        }
    }
}

impl LiveErrand {
    async fn call_until_answered(&self, host: &Host) {
        let breaker = self.breakers.get(&host.name()).expect("each host of the run has a breaker");
        for failed in 1.. {
            match breaker.call_async(|| self.ask(host)).await {
                Ok(()) => return Told::IsAnswered.tell(host),
                Err(CallError::Rejected(_)) => Told::IsRejected.tell(host),
                Err(CallError::Inner(NotAnswered)) => {}
            }
            let wait = self.errand.backoff.begins(host, failed);
            if host.broken_by(BACKOFF_ON_THE_WALL_CLOCK) {
                wait_for_the_wall_clock(host, wait).await;
            } else {
                host.sleep(wait).await;
            }
        }
    }

    async fn ask(&self, host: &Host) -> Result<(), NotAnswered> {
        let asks = async {
            let socket = host.socket(0).await?;
            socket.send(&self.backend, PORT, b"call").await?;
            socket.receive().await?;
            io::Result::Ok(())
        };
        match host.within(self.errand.patience, asks).await {
            Some(Ok(())) => Ok(()),
            // A network that refuses is a backend that is not there.
            Some(Err(_)) | None => Err(NotAnswered),
        }
    }
}

/// The planted way: looks at the wall clock once an hour.
async fn wait_for_the_wall_clock(host: &Host, wait: Duration) {
    let nanos = i128::try_from(wait.as_nanos()).expect("a wait is a few days at most");
    let until = host.wall().saturating_add_nanos(nanos);
    loop {
        let left = until.as_unix_nanos() - host.wall().as_unix_nanos();
        let Ok(left) = u64::try_from(left) else { break };
        if left == 0 {
            break;
        }
        host.sleep(Duration::from_nanos(left).min(hours(1))).await;
    }
}

async fn answers(host: Host) {
    let socket = host.socket(PORT).await.expect("nobody else opens a port on this host");
    while let Ok(call) = socket.receive().await {
        // Whoever asked may be gone.
        let _ = socket.send(&call.from, call.port, b"ok").await;
    }
}

impl fmt::Display for CallUntilAnswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("call until answered")
    }
}

/// The text is not `call until answered`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NoErrand;

impl FromStr for CallUntilAnswered {
    type Err = NoErrand;

    fn from_str(text: &str) -> Result<Self, NoErrand> {
        if text == "call until answered" { Ok(Self) } else { Err(NoErrand) }
    }
}

impl HostPart for Errand {
    fn reads(&self, operation: &str) -> Reading {
        reading::<CallUntilAnswered>(operation, operation.split(' ').next() == Some("call"))
    }

    fn forms(&self) -> Vec<String> {
        vec![CallUntilAnswered.to_string()]
    }

    fn hosts(&self) -> Vec<Name> {
        vec![Name::from(BACKEND)]
    }

    fn enter(&self, cluster: &Cluster) -> Arc<dyn HostLive> {
        let place = cluster.place(BACKEND).expect("the run has the hosts that its parts ask for");
        cluster.boots(place, BACKEND, answers);
        let breaker = |host: Host| {
            let name = host.name();
            let breaker = CircuitBreaker::on(host, BACKEND, self.breaker.clone());
            (name, breaker.expect("the scenario's configuration is one that a breaker can have"))
        };
        let hosts = (0..cluster.hosts()).map(|place| cluster.host(place));
        let breakers = hosts.map(breaker).collect();
        Arc::new(LiveErrand { errand: self.clone(), backend: cluster.host(place), breakers })
    }
}

impl HostLive for LiveErrand {
    fn perform<'a>(&'a self, host: &'a Host, operation: &'a str) -> Performance<'a> {
        let CallUntilAnswered =
            operation.parse().expect("an operation is read before it is performed");
        Box::pin(self.call_until_answered(host))
    }
}
