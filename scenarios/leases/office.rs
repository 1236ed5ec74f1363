//! The part that uses workers, a desk and a store: `work for 10s`.

use super::desk::Desk;
use super::store;
use super::worker::{Rule, Worker};
use retrip_sim::engine::hosts::{Cluster, Host};
use retrip_sim::log::Name;
use retrip_sim::part::{HostLive, HostPart, Operation, Performance, Reading, reading};
use retrip_sim::span::Span;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The host of the desk that gives out leases.
pub(crate) const DESK: &str = "desk";
/// The host of the store.
pub(crate) const STORE: &str = "store";

/// A desk, a store, and workers on each host that works.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Office {
    pub(crate) rule: Rule,
}

/// Works for so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Work(Duration);

struct LiveOffice(BTreeMap<Name, Worker>);

impl Office {
    /// Gets the lease, writes, lets go and wants it again, for so long.
    pub(crate) fn works(self, time: Duration) -> Operation {
        Operation::new(Work(time))
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "work for {}", Span(self.0))
    }
}

/// The text is not `work for DURATION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotOfTheOffice;

impl FromStr for Work {
    type Err = NotOfTheOffice;

    fn from_str(text: &str) -> Result<Self, NotOfTheOffice> {
        let time = text.strip_prefix("work for ").ok_or(NotOfTheOffice)?;
        time.parse().map(|Span(time)| Self(time)).map_err(|_| NotOfTheOffice)
    }
}

impl HostPart for Office {
    fn reads(&self, operation: &str) -> Reading {
        reading::<Work>(operation, operation.split(' ').next() == Some("work"))
    }

    fn forms(&self) -> Vec<String> {
        vec!["work for DURATION".to_owned()]
    }

    fn hosts(&self) -> Vec<Name> {
        [DESK, STORE].map(Name::from).to_vec()
    }

    fn enter(&self, cluster: &Cluster) -> Arc<dyn HostLive> {
        let Self { rule } = *self;
        let place =
            |name| cluster.place(name).expect("the run has the hosts that its parts ask for");
        let (desk, store) = (place(DESK), place(STORE));
        cluster.boots(desk, DESK, move |host| Desk::serve(host, rule.lease));
        cluster.boots(store, STORE, store::serve);
        let worker = |place| {
            let host = cluster.host(place);
            (host.name(), Worker::new(host, cluster.host(desk), cluster.host(store), rule))
        };
        Arc::new(LiveOffice((0..cluster.hosts()).map(worker).collect()))
    }
}

impl HostLive for LiveOffice {
    fn perform<'a>(&'a self, host: &'a Host, operation: &'a str) -> Performance<'a> {
        let Work(time) = operation.parse().expect("an operation is read before it is performed");
        Box::pin(async move {
            let worker = self.0.get(&host.name()).expect("each host of the run has workers");
            worker.work(time).await;
        })
    }
}
