//! The code under test: a worker that writes for as long as it may believe that it holds the lease.

use super::beats::Beats;
use super::desk::after;
use super::message::{PORT, Reply, Request};
use super::told::Told;
use crate::time::millis;
use retrip_core::door::{
    Clock, Instant, Mutex, Plant, Random, Rules, Stream, SyncPrimitives, Timestamp,
};
use retrip_sim::engine::hosts::{Host, HostMutex, HostSocket};
use std::collections::BTreeMap;
use std::future::pending;
use std::num::NonZeroU64;
use std::time::Duration;

/// The lease is counted from its reply, which may have come late.
pub(crate) const LEASE_FROM_THE_REPLY: Plant = Plant::named("lease_from_the_reply");
/// The worker looks at the wall clock to see whether its lease is over.
pub(crate) const WORKER_ON_THE_WALL_CLOCK: Plant = Plant::named("worker_on_the_wall_clock");
/// The lease is renewed by a unit beside the work, whatever becomes of that.
pub(crate) const BEATS_BESIDE_THE_WORK: Plant = Plant::named("beats_beside_the_work");
/// The worker's clock is taken for exactly as fast as the desk's.
pub(crate) const NO_DRIFT_MARGIN: Plant = Plant::named("no_drift_margin");

/// Keeps those apart who were turned away together.
const JITTER: Stream = Stream::named("worker.jitter");

/// How leases are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// How long a lease is, by the desk's clock.
    pub(crate) lease: Duration,
    /// For how long a worker keeps it, at most.
    pub(crate) keeps: Duration,
    /// How long it waits between two writes.
    pub(crate) every: Duration,
}

/// The workers of one host.
pub(crate) struct Worker {
    host: Host,
    desk: Host,
    store: Host,
    rule: Rule,
    /// The number of the last request.
    last: HostMutex<u32>,
}

/// A lease that a worker believes to hold.
struct Lease {
    token: u32,
    /// When it is over for the worker.
    over: End,
}

/// The end of a lease, by either clock.
type End = (Instant, Timestamp);

/// The lease is not the worker's any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct IsLost;

impl Worker {
    pub(crate) fn new(host: Host, desk: Host, store: Host, rule: Rule) -> Self {
        let last = host.mutex(0);
        Self { host, desk, store, rule, last }
    }

    /// Gets the lease, writes, lets go and wants it again, for as long as `time`.
    pub(crate) async fn work(&self, time: Duration) {
        let socket = self.host.socket(0).await.expect("a host has more ports than workers");
        let until = self.host.now().saturating_add(time);
        self.tell(Told::Wants);
        while self.host.now() < until {
            if let Some(lease) = self.acquire(&socket).await {
                let token = lease.token;
                let enough = until.min(self.host.now().saturating_add(self.rule.keeps));
                let begin = || Beats::begin(&self.host, &self.desk, token, self.rule.every);
                let beats = self.host.broken_by(BEATS_BESIDE_THE_WORK).then(begin);
                self.keep(&socket, lease, enough).await;
                drop(beats);
                self.tell(Told::LetsGo { token });
                // Others have their turn.
                self.host.sleep(self.rule.lease / 2).await;
            }
        }
    }

    /// Asks the desk once; where the lease is not to be had, waits until it is.
    async fn acquire(&self, socket: &HostSocket) -> Option<Lease> {
        let asked = self.end_of_a_lease();
        let request = Request::Acquire { number: self.next_number() };
        let reply = self.ask(socket, &self.desk, request).await;
        let left = match reply {
            Some(Reply::Granted { token, .. }) => {
                self.tell(Told::Holds { token });
                return Some(Lease { token, over: self.end(asked) });
            }
            Some(Reply::Busy { left, .. }) => {
                self.tell(Told::IsTurnedAway { left });
                left.min(self.rule.lease)
            }
            _ => {
                self.tell(Told::HearsNothing);
                millis(100)
            }
        };
        let jitter = self.host.draw(JITTER, NonZeroU64::MIN.saturating_add(20_000_000));
        self.host.sleep(left + Duration::from_nanos(jitter)).await;
        None
    }

    /// Writes and asks for more time, again and again, until the lease is over, or lost, or enough. When it is over, it may be that more
    /// time was granted, and that this is not known yet.
    async fn keep(&self, socket: &HostSocket, mut lease: Lease, enough: Instant) {
        let token = lease.token;
        // By their numbers, when the lease is over if that request for more time is granted.
        let mut asked = BTreeMap::new();
        while self.host.now() < enough {
            let mut write = None;
            if self.believes(&lease) {
                // Nothing is awaited between the look at the clock and this.
                self.tell(Told::Writes { token });
                let number = self.next_number();
                write = Some(number);
                let request = Request::Write { number, token };
                // Whether it arrives is seen by the reply, as with everything that is sent.
                let _ = socket.send(&self.store, PORT, &request.bytes()).await;
                let number = self.next_number();
                asked.insert(number, self.end_of_a_lease());
                let request = Request::Renew { number, token };
                let _ = socket.send(&self.desk, PORT, &request.bytes()).await;
            } else if self.is_hopeless(&lease) {
                break;
            }
            let hears = self.hears(socket, write, &asked, &mut lease);
            if self.host.within(self.rule.every, hears).await == Some(IsLost) {
                break;
            }
        }
    }

    /// Whether no request that was sent in time can give more time any more: each gives less than a lease from when it was sent.
    fn is_hopeless(&self, lease: &Lease) -> bool {
        let (mono, _) = lease.over;
        self.host.now() >= mono.saturating_add(self.rule.lease)
    }

    /// Hears replies, until one says that the lease is lost.
    async fn hears(
        &self,
        socket: &HostSocket,
        write: Option<u32>,
        asked: &BTreeMap<u32, End>,
        lease: &mut Lease,
    ) -> IsLost {
        loop {
            match self.reply(socket).await {
                Reply::Granted { number, .. } => {
                    let Some(&end) = asked.get(&number) else { continue };
                    let token = lease.token;
                    lease.over = lease.over.max(self.end(end));
                    self.tell(Told::HoldsOn { token });
                }
                Reply::Busy { number, .. } if asked.contains_key(&number) => break IsLost,
                Reply::Stale { number } if Some(number) == write => break IsLost,
                Reply::Busy { .. } | Reply::Stale { .. } | Reply::Written { .. } => {}
            }
        }
    }

    fn believes(&self, lease: &Lease) -> bool {
        let (mono, wall) = lease.over;
        if self.host.broken_by(WORKER_ON_THE_WALL_CLOCK) {
            return self.host.wall() < wall;
        }
        if self.host.broken_by(BEATS_BESIDE_THE_WORK) {
            return true;
        }
        self.host.now() < mono
    }

    /// When a lease is over that is asked for now. It begins at the desk, which is later; and a tenth is left out for clocks that
    /// gain or lose one second in twenty.
    fn end_of_a_lease(&self) -> End {
        let Rule { lease, .. } = self.rule;
        let margin = if self.host.broken_by(NO_DRIFT_MARGIN) { Duration::ZERO } else { lease / 10 };
        after(&self.host, lease - margin)
    }

    /// When a lease is over that was `asked` for with this end, and has just been granted.
    fn end(&self, asked: End) -> End {
        if self.host.broken_by(LEASE_FROM_THE_REPLY) { self.end_of_a_lease() } else { asked }
    }

    /// The reply to `request`, if it comes before a lease is over.
    async fn ask(&self, socket: &HostSocket, of: &Host, request: Request) -> Option<Reply> {
        let asks = async {
            let _ = socket.send(of, PORT, &request.bytes()).await;
            loop {
                let reply = self.reply(socket).await;
                if reply.number() == request.number() {
                    break reply;
                }
            }
        };
        self.host.within(self.rule.lease, asks).await
    }

    async fn reply(&self, socket: &HostSocket) -> Reply {
        loop {
            let Ok(message) = socket.receive().await else { break pending().await };
            if let Some(reply) = Reply::read(&message.bytes) {
                break reply;
            }
        }
    }

    fn next_number(&self) -> u32 {
        let mut last = self.last.lock();
        *last += 1;
        *last
    }

    #[track_caller]
    fn tell(&self, told: Told) {
        told.tell(&self.host);
    }
}
