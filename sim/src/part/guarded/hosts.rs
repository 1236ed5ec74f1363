//! A guarded backend on hosts: the backend is on one of its own, and each host that calls it guards it with a real breaker.

use super::reading::{reading, serves};
use super::{Act, BackendFailed, End, Guarded, Manner, PlannedPanic, operation};
use crate::engine::hosts::{Cluster, Host};
use crate::log::{BackendEvent, CallEvent, Name, ThreadEvent, What};
use crate::part::{HostLive, Performance};
use parking_lot::Mutex;
use retrip_core::breaker::{
    BreakerConfig, CircuitBreaker, Event, Interest, Listener, Outcome, OwnedPermit, Verdict,
};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

/// The port of the backend.
const PORT: u16 = 1;
/// What it replies.
const OK: &[u8] = b"ok";
const FAILED: &[u8] = b"failed";

pub(super) struct OnHosts {
    name: Name,
    patience: Option<Duration>,
    backend: Arc<Backend>,
    server: Host,
    /// By the name of the host that calls.
    callers: BTreeMap<Name, Caller>,
}

/// What the script says of the backend. It outlives the backend's host.
struct Backend {
    name: Name,
    mood: Mutex<Mood>,
    opening: Mutex<Opening>,
}

/// Whether the port of the backend has been opened, and who waits for that.
#[derive(Default)]
struct Opening {
    is_open: bool,
    waits: Option<Waker>,
}

#[derive(Clone, Copy, Default)]
struct Mood {
    is_failing: bool,
    takes: Duration,
}

/// A host that calls the backend.
struct Caller {
    /// Shared with permits that outlive an operation.
    breaker: Arc<CircuitBreaker<Host>>,
    /// Permits of calls that were begun, by label.
    held: Mutex<BTreeMap<Name, OwnedPermit<Host>>>,
}

/// Writes every event of the breaker into the log, as one of the unit that brought it about.
struct Reporter {
    host: Host,
    name: Name,
}

impl Listener for Reporter {
    fn interest(&self) -> Interest {
        Interest::Everything
    }

    fn backlog(&self) -> NonZeroUsize {
        // What is checked is all that happens.
        NonZeroUsize::MAX
    }

    fn on_event(&self, _breaker: &str, event: &Event) {
        self.host.record_by(event.by, &self.name, What::Breaker(event.clone()));
    }
}

impl OnHosts {
    pub(super) fn new(cluster: &Cluster, part: &Guarded) -> Self {
        let Guarded { name, config, patience } = part.clone();
        let (mood, opening) = (Mutex::default(), Mutex::default());
        let backend = Arc::new(Backend { name: Arc::clone(&name), mood, opening });
        let place = cluster.place(&name).expect("the run has the hosts that its parts ask for");
        let serving = Arc::clone(&backend);
        cluster.boots(place, &name, move |host| {
            let backend = Arc::clone(&serving);
            async move { backend.serve(&host).await }
        });
        // From the beginning of the run, whenever each makes its first call.
        let caller = |place| Caller::new(cluster.host(place), &name, &config);
        let callers = (0..cluster.hosts()).map(caller).collect();
        Self { name, patience, backend, server: cluster.host(place), callers }
    }

    fn caller(&self, host: &Host) -> &Caller {
        self.callers.get(&host.name()).expect("each host of the run has a breaker")
    }

    /// Asks the backend once.
    async fn ask(&self, host: &Host) -> Result<(), BackendFailed> {
        let asks = async {
            let socket = host.socket(0).await?;
            socket.send(&self.server, PORT, b"call").await?;
            socket.receive().await
        };
        let reply = match self.patience {
            None => asks.await,
            Some(patience) => match host.within(patience, asks).await {
                Some(reply) => reply,
                None => {
                    let gives_up = CallEvent::TimedOut { after: patience };
                    host.record(&self.name, What::Call(gives_up));
                    return Err(BackendFailed);
                }
            },
        };
        match reply {
            Ok(reply) if reply.bytes == OK => Ok(()),
            // A network that refuses is a backend that is not there.
            Ok(_) | Err(_) => Err(BackendFailed),
        }
    }

    async fn call(&self, host: &Host, manner: Manner) {
        let caller = self.caller(host);
        let breaker = &caller.breaker;
        // What the caller would do with the answer is no part of the run; the breaker's events tell what it was.
        match manner {
            Manner::Plain => {
                let _ = breaker.call_async(|| self.ask(host)).await;
            }
            Manner::Fails => {
                let fails = || async { self.ask(host).await.and(Err::<(), _>(BackendFailed)) };
                let _ = breaker.call_async(fails).await;
            }
            Manner::FailsFor(time) => {
                let classify = |_: &_| Verdict::failure_for(time);
                let asks = || async { self.ask(host).await.and(Err::<(), _>(BackendFailed)) };
                let _ = breaker.call_async_classified(classify, asks).await;
            }
            Manner::Panics => {
                let panics = || async {
                    let _ = self.ask(host).await;
                    panic_any(PlannedPanic)
                };
                caught(async {
                    let _ = breaker.call_async::<(), BackendFailed, _>(panics).await;
                })
                .await;
            }
            Manner::Cancels => {
                if let Ok(permit) = breaker.acquire() {
                    let _ = self.ask(host).await;
                    drop(permit);
                }
            }
            Manner::Stalls(time) => {
                if let Ok(permit) = breaker.acquire() {
                    let stalls = ThreadEvent::Stalls { for_: time };
                    host.record(&Name::from("thread"), What::Thread(stalls));
                    host.stall(time).await;
                    permit.complete(Outcome::of(&self.ask(host).await));
                }
            }
        }
    }

    fn begin(&self, host: &Host, label: &str) {
        let caller = self.caller(host);
        if let Ok(permit) = caller.breaker.acquire_owned() {
            host.record(&self.name, self.backend.serves());
            let before = caller.held.lock().insert(label.into(), permit);
            // Dropped here, outside the lock: its end may be told to listeners.
            drop(before);
        }
    }

    fn end(&self, host: &Host, label: &str, end: End) {
        let permit = self.caller(host).held.lock().remove(label);
        let Some(permit) = permit else { return };
        match end {
            End::Ok => permit.success(),
            End::Failed => permit.failure(),
            End::Dropped => drop(permit),
        }
    }

    fn bends(&self, host: &Host, bend: impl FnOnce(&mut Mood), event: BackendEvent) {
        bend(&mut self.backend.mood.lock());
        host.record(&self.name, What::Backend(event));
    }
}

impl Caller {
    /// The host by its name, with a breaker that tells the log everything.
    fn new(host: Host, name: &Name, config: &BreakerConfig) -> (Name, Self) {
        let reporter = Arc::new(Reporter { host: host.clone(), name: Arc::clone(name) });
        let breaker = CircuitBreaker::on(host.clone(), Arc::clone(name), config.clone())
            .expect("the configuration was checked when the part was made")
            .listen(reporter);
        (host.name(), Self { breaker: Arc::new(breaker), held: Mutex::default() })
    }
}

impl Backend {
    /// Answers calls, each in a unit of its own, for as long as its host is there.
    async fn serve(self: Arc<Self>, host: &Host) {
        let socket = host.socket(PORT).await.expect("nobody else opens a port on this host");
        let socket = Arc::new(socket);
        let waits = {
            let mut opening = self.opening.lock();
            opening.is_open = true;
            opening.waits.take()
        };
        if let Some(waits) = waits {
            waits.wake();
        }
        while let Ok(call) = socket.receive().await {
            host.record(&self.name, self.serves());
            let (backend, socket, at) = (Arc::clone(&self), Arc::clone(&socket), host.clone());
            let replies = async move {
                let takes = backend.mood.lock().takes;
                if !takes.is_zero() {
                    at.sleep(takes).await;
                }
                let is_failing = backend.mood.lock().is_failing;
                let reply = if is_failing { FAILED } else { OK };
                // Whoever asked may be gone.
                let _ = socket.send(&call.from, call.port, reply).await;
            };
            // It ends by itself.
            drop(host.start("reply", replies));
        }
    }

    fn serves(&self) -> What {
        What::Note { verb: serves(), fields: Vec::new() }
    }
}

/// Ends with `future`, or with the planned panic of it.
async fn caught(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(polled) => polled,
        Err(payload) if payload.is::<PlannedPanic>() => Poll::Ready(()),
        Err(payload) => resume_unwind(payload),
    })
    .await;
}

impl HostLive for OnHosts {
    fn is_ready(&self) -> Performance<'_> {
        Box::pin(poll_fn(|context| {
            let mut opening = self.backend.opening.lock();
            if opening.is_open {
                return Poll::Ready(());
            }
            opening.waits = Some(context.waker().clone());
            Poll::Pending
        }))
    }

    fn perform<'a>(&'a self, host: &'a Host, operation: &'a str) -> Performance<'a> {
        let (_, act) =
            operation::read(operation).expect("an operation is read before it is performed");
        Box::pin(async move {
            match act {
                Act::Fails => self.bends(host, |mood| mood.is_failing = true, BackendEvent::Fails),
                Act::Recovers => {
                    self.bends(host, |mood| mood.is_failing = false, BackendEvent::Recovers);
                }
                Act::Takes(time) => {
                    self.bends(host, |mood| mood.takes = time, BackendEvent::Takes(time));
                }
                Act::Call(manner) => self.call(host, manner).await,
                Act::Begin(label) => self.begin(host, label),
                Act::End(label, end) => self.end(host, label, end),
                Act::Reset => self.caller(host).breaker.reset(),
                Act::ForceOpen => self.caller(host).breaker.force_open(),
                Act::Isolate(time) => self.caller(host).breaker.isolate_for(time),
                Act::Disable => self.caller(host).breaker.disable(),
                Act::OnlyMeasure => self.caller(host).breaker.only_measure(),
                Act::Lift => self.caller(host).breaker.lift(),
                Act::Refresh => {
                    self.caller(host).breaker.refresh();
                }
                Act::Read => {
                    let stats = self.caller(host).breaker.stats();
                    host.record(&self.name, reading(&stats));
                }
            }
        })
    }
}
