//! The part that uses tills and a ledger: `pay 7 in 5 tries`.

use super::ledger::Ledger;
use super::till::{Terms, Till};
use retrip_sim::engine::hosts::{Cluster, Host};
use retrip_sim::log::Name;
use retrip_sim::part::{HostLive, HostPart, Operation, Performance, Reading, reading};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The host of the ledger.
pub(crate) const LEDGER: &str = "ledger";

/// A ledger, and a till on each host that pays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shop {
    /// How tills ask.
    pub(crate) terms: Terms,
    /// How long the ledger's disk takes for one payment.
    pub(crate) disk: Duration,
}

/// Has an amount booked, and asks so often at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pay {
    amount: u32,
    tries: u32,
}

struct LiveShop {
    ledger: Host,
    tills: BTreeMap<Name, Till>,
}

impl Shop {
    /// Has `amount` booked, or gives up after so many tries.
    pub(crate) fn pays(self, amount: u32, tries: u32) -> Operation {
        Operation::new(Pay { amount, tries })
    }
}

impl fmt::Display for Pay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pay {} in {} tries", self.amount, self.tries)
    }
}

/// The text is not `pay AMOUNT in TRIES tries`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotOfTheShop;

impl FromStr for Pay {
    type Err = NotOfTheShop;

    fn from_str(text: &str) -> Result<Self, NotOfTheShop> {
        let number = |text: &str| text.parse().map_err(|_| NotOfTheShop);
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["pay", amount, "in", tries, "tries"] if number(tries)? > 0 => {
                Ok(Self { amount: number(amount)?, tries: number(tries)? })
            }
            _ => Err(NotOfTheShop),
        }
    }
}

impl HostPart for Shop {
    fn reads(&self, operation: &str) -> Reading {
        reading::<Pay>(operation, operation.split(' ').next() == Some("pay"))
    }

    fn forms(&self) -> Vec<String> {
        vec!["pay AMOUNT in TRIES tries".to_owned()]
    }

    fn hosts(&self) -> Vec<Name> {
        vec![Name::from(LEDGER)]
    }

    fn enter(&self, cluster: &Cluster) -> Arc<dyn HostLive> {
        let Self { terms, disk } = *self;
        let place = cluster.place(LEDGER).expect("the run has the hosts that its parts ask for");
        cluster.boots(place, LEDGER, move |host| Ledger::serve(host, disk));
        let hosts = (0..cluster.hosts()).map(|place| cluster.host(place));
        let tills = hosts.map(|host| (host.name(), Till::new(host, terms))).collect();
        Arc::new(LiveShop { ledger: cluster.host(place), tills })
    }
}

impl HostLive for LiveShop {
    fn perform<'a>(&'a self, host: &'a Host, operation: &'a str) -> Performance<'a> {
        let Pay { amount, tries } =
            operation.parse().expect("an operation is read before it is performed");
        Box::pin(async move {
            let till = self.tills.get(&host.name()).expect("each host of the run has a till");
            till.pay(&self.ledger, amount, tries).await;
        })
    }
}
