//! The part that pays through a breaker: `payments fails`, `payments takes 3s`, `call payments`.
//!
//! The service is on a host of its own and answers messages; each host that calls it has a breaker for it. Everything about a call
//! is told by its caller: that the breaker admitted it, when it begins, and how it ended.

use super::adapter::{Answer, Breaker, Call, Maker, Settings};
use super::operation::PaymentsOperation;
use super::service::{SERVICE, Service, ask};
use retrip_core::door::{Clock, Instant};
use retrip_sim::engine::hosts::{Cluster, Host};
use retrip_sim::log::{BackendEvent, Event, Name, Value, What};
use retrip_sim::part::{HostLive, HostPart, Operation, Performance, Reading, reading};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

/// The service, and whose breaker its callers have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payments {
    pub(super) maker: Maker,
    pub(super) settings: Settings,
}

/// What is told of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The breaker let it through; so many are on their way then, with this one.
    Admitted(u32),
    /// The breaker did not.
    Rejected,
    /// It succeeded, so long after it was admitted.
    Ok(Duration),
    /// It failed.
    Failed(Duration),
    /// Its caller stopped waiting for the answer.
    GivenUp(Duration),
}

struct LivePayments {
    maker: Name,
    service: Arc<Service>,
    server: Host,
    /// By the name of the host that calls.
    breakers: BTreeMap<Name, Guard>,
}

/// The breaker of one host.
struct Guard {
    breaker: Box<dyn Breaker>,
    in_flight: Arc<AtomicU32>,
}

/// A call on its way. Its end is told when it is dropped: with its caller, where no answer came before.
struct Admitted {
    host: Host,
    maker: Name,
    in_flight: Arc<AtomicU32>,
    since: Instant,
    ends: fn(Duration) -> Told,
}

impl Payments {
    /// From now on the service's replies are failures.
    pub(super) fn fails(self) -> Operation {
        Operation::new(PaymentsOperation::Fails)
    }

    /// From now on they are successes.
    pub(super) fn recovers(self) -> Operation {
        Operation::new(PaymentsOperation::Recovers)
    }

    /// From now on each takes `time`.
    pub(super) fn takes(self, time: Duration) -> Operation {
        Operation::new(PaymentsOperation::Takes(time))
    }

    /// A call through the breaker.
    pub(super) fn call(self) -> Operation {
        Operation::new(PaymentsOperation::Call)
    }

    /// A call whose caller stops waiting after `time`, as behind a timeout.
    pub(super) fn call_and_give_up(self, time: Duration) -> Operation {
        Operation::new(PaymentsOperation::CallAndGiveUp(time))
    }
}

/// What `event` tells of a call, if it does.
pub(super) fn told(event: &Event) -> Option<Told> {
    let What::Note { verb, fields } = &event.what else { return None };
    Some(match (&**verb, &fields[..]) {
        ("admitted", [(_, Value::Int(calls))]) => {
            Told::Admitted(u32::try_from(*calls).expect("it was written down as a u32"))
        }
        ("rejected", []) => Told::Rejected,
        ("ok", [(_, Value::Duration(took))]) => Told::Ok(*took),
        ("failed", [(_, Value::Duration(took))]) => Told::Failed(*took),
        ("given up", [(_, Value::Duration(after))]) => Told::GivenUp(*after),
        _ => return None,
    })
}

fn what(told: Told) -> What {
    let (verb, field) = match told {
        Told::Admitted(calls) => ("admitted", Some(("in flight", Value::Int(calls.into())))),
        Told::Rejected => ("rejected", None),
        Told::Ok(took) => ("ok", Some(("took", Value::Duration(took)))),
        Told::Failed(took) => ("failed", Some(("took", Value::Duration(took)))),
        Told::GivenUp(after) => ("given up", Some(("after", Value::Duration(after)))),
    };
    let fields = field.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    What::Note { verb: Name::from(verb), fields }
}

impl LivePayments {
    async fn call(&self, host: &Host, patience: Option<Duration>) {
        let guard = self.breakers.get(&host.name()).expect("each host of the run has a breaker");
        let (server, maker) = (self.server.clone(), Arc::clone(&self.maker));
        let (at, in_flight) = (host.clone(), Arc::clone(&guard.in_flight));
        let call: Call = Box::pin(async move {
            let mut admitted = Admitted::begins(at, maker, in_flight);
            let reply = ask(&admitted.host, &server).await;
            admitted.ends = if reply.is_ok() { Told::Ok } else { Told::Failed };
            reply
        });
        let answering = guard.breaker.call(call);
        let answer = match patience {
            None => Some(answering.await),
            Some(patience) => host.within(patience, answering).await,
        };
        if answer == Some(Answer::Rejected) {
            host.record(&self.maker, what(Told::Rejected));
        }
    }

    fn says(host: &Host, event: BackendEvent) {
        host.record(&SERVICE.into(), What::Backend(event));
    }
}

impl Admitted {
    fn begins(host: Host, maker: Name, in_flight: Arc<AtomicU32>) -> Self {
        let calls = in_flight.fetch_add(1, SeqCst) + 1;
        host.record(&maker, what(Told::Admitted(calls)));
        let since = host.now();
        Self { host, maker, in_flight, since, ends: Told::GivenUp }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.in_flight.fetch_sub(1, SeqCst);
        let took = self.host.now().saturating_duration_since(self.since);
        self.host.record(&self.maker, what((self.ends)(took)));
    }
}

impl HostPart for Payments {
    fn reads(&self, operation: &str) -> Reading {
        let is_mine = operation.split(' ').any(|word| word == SERVICE);
        reading::<PaymentsOperation>(operation, is_mine)
    }

    fn forms(&self) -> Vec<String> {
        PaymentsOperation::FORMS.map(String::from).to_vec()
    }

    fn hosts(&self) -> Vec<Name> {
        vec![SERVICE.into()]
    }

    fn reads_std(&self) -> bool {
        self.maker.reads_std()
    }

    fn enter(&self, cluster: &Cluster) -> Arc<dyn HostLive> {
        let service = Arc::new(Service::default());
        let place = cluster.place(SERVICE).expect("the run has the hosts that its parts ask for");
        let serving = Arc::clone(&service);
        cluster.boots(place, SERVICE, move |host| {
            let service = Arc::clone(&serving);
            async move { service.serve(&host).await }
        });
        let guard = |place| {
            let host = cluster.host(place);
            let breaker = self.maker.make(host.clone(), self.settings);
            (host.name(), Guard { breaker, in_flight: Arc::default() })
        };
        let breakers = (0..cluster.hosts()).map(guard).collect();
        let maker = Name::from(self.maker.name());
        Arc::new(LivePayments { maker, service, server: cluster.host(place), breakers })
    }
}

impl HostLive for LivePayments {
    fn perform<'a>(&'a self, host: &'a Host, operation: &'a str) -> Performance<'a> {
        let operation = operation.parse().expect("an operation is read before it is performed");
        Box::pin(async move {
            match operation {
                PaymentsOperation::Fails => {
                    self.service.fails();
                    Self::says(host, BackendEvent::Fails);
                }
                PaymentsOperation::Recovers => {
                    self.service.recovers();
                    Self::says(host, BackendEvent::Recovers);
                }
                PaymentsOperation::Takes(time) => {
                    self.service.takes(time);
                    Self::says(host, BackendEvent::Takes(time));
                }
                PaymentsOperation::Call => self.call(host, None).await,
                PaymentsOperation::CallAndGiveUp(time) => self.call(host, Some(time)).await,
            }
        })
    }
}
