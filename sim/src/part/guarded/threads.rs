//! A guarded backend on simulated threads: a real breaker on their platform, and a backend that obeys the script.

use super::reading::{reading, serves};
use super::{Act, BackendFailed, End, Manner, PlannedPanic, operation};
use crate::engine::threads::{Sim, SimAtomicBool, SimAtomicU64, SimMutex};
use crate::log::{BackendEvent, Name, ThreadEvent, What};
use crate::part::Live;
use retrip_core::breaker::{
    BreakerConfig, CircuitBreaker, Event, Interest, Listener, Outcome, OwnedPermit, Verdict,
};
use retrip_core::door::{Atomic, Mutex, SyncPrimitives};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

pub(super) struct OnThreads {
    name: Name,
    /// What the log says of the backend at each call.
    serves: Name,
    breaker: Arc<CircuitBreaker<Sim>>,
    failing: SimAtomicBool,
    /// Nanoseconds that a reply takes.
    takes: SimAtomicU64,
    /// Permits of calls that were begun, by label.
    held: SimMutex<BTreeMap<Name, OwnedPermit<Sim>>>,
}

/// Writes every event of the breaker into the log, as one of the thread that brought it about, whoever delivers it.
struct Reporter {
    sim: Sim,
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
        self.sim.record_by(event.by, &self.name, What::Breaker(event.clone()));
    }
}

impl OnThreads {
    pub(super) fn new(sim: &Sim, name: &Name, config: &BreakerConfig) -> Self {
        let reporter = Arc::new(Reporter { sim: *sim, name: Arc::clone(name) });
        let breaker = CircuitBreaker::on(*sim, Arc::clone(name), config.clone())
            .expect("the configuration was checked when the part was made")
            .listen(reporter);
        Self {
            name: Arc::clone(name),
            serves: serves(),
            breaker: Arc::new(breaker),
            failing: sim.atomic_bool(false),
            takes: sim.atomic_u64(0),
            held: sim.mutex(BTreeMap::new()),
        }
    }

    /// The backend answers one call.
    fn serve(&self, sim: &Sim) -> Result<(), BackendFailed> {
        sim.record(&self.name, self.serves());
        let takes = self.takes.load(SeqCst);
        if takes > 0 {
            sim.sleep(Duration::from_nanos(takes));
        }
        if self.failing.load(SeqCst) { Err(BackendFailed) } else { Ok(()) }
    }

    fn call(&self, sim: &Sim, manner: Manner) {
        // What the caller would do with the answer is no part of the run; the breaker's events tell what it was.
        match manner {
            Manner::Plain => {
                let _ = self.breaker.call(|| self.serve(sim));
            }
            Manner::Fails => {
                let _ = self.breaker.call(|| self.serve(sim).and(Err::<(), _>(BackendFailed)));
            }
            Manner::FailsFor(time) => {
                let classify = |_: &_| Verdict::failure_for(time);
                let asks = || self.serve(sim).and(Err::<(), _>(BackendFailed));
                let _ = self.breaker.call_classified(classify, asks);
            }
            Manner::Panics => self.call_and_panic(sim),
            Manner::Cancels => {
                if let Ok(permit) = self.breaker.acquire() {
                    let _ = self.serve(sim);
                    drop(permit);
                }
            }
            Manner::Stalls(time) => {
                if let Ok(permit) = self.breaker.acquire() {
                    let stalls = ThreadEvent::Stalls { for_: time };
                    sim.record(&Name::from("thread"), What::Thread(stalls));
                    sim.stall(time);
                    permit.complete(Outcome::of(&self.serve(sim)));
                }
            }
        }
    }

    /// A function of its own: what a panic costs grows with the functions that it passes.
    #[inline(never)]
    fn call_and_panic(&self, sim: &Sim) {
        let call = || {
            let _ = self.breaker.call(|| -> Result<(), BackendFailed> {
                let _ = self.serve(sim);
                panic_any(PlannedPanic)
            });
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(call))
            && !payload.is::<PlannedPanic>()
        {
            resume_unwind(payload);
        }
    }

    fn begin(&self, sim: &Sim, label: &str) {
        if let Ok(permit) = self.breaker.acquire_owned() {
            sim.record(&self.name, self.serves());
            let before = self.held.lock().insert(label.into(), permit);
            // Dropped here, outside the lock: its end may be told to listeners.
            drop(before);
        }
    }

    fn end(&self, label: &str, end: End) {
        let permit = self.held.lock().remove(label);
        let Some(permit) = permit else { return };
        match end {
            End::Ok => permit.success(),
            End::Failed => permit.failure(),
            End::Dropped => drop(permit),
        }
    }

    fn serves(&self) -> What {
        What::Note { verb: Arc::clone(&self.serves), fields: Vec::new() }
    }

    fn backend(&self, sim: &Sim, event: BackendEvent) {
        sim.record(&self.name, What::Backend(event));
    }
}

impl Live for OnThreads {
    fn perform(&self, sim: &Sim, operation: &str) {
        let (_, act) =
            operation::read(operation).expect("an operation is read before it is performed");
        match act {
            Act::Fails => {
                self.failing.store(true, SeqCst);
                self.backend(sim, BackendEvent::Fails);
            }
            Act::Recovers => {
                self.failing.store(false, SeqCst);
                self.backend(sim, BackendEvent::Recovers);
            }
            Act::Takes(time) => {
                let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
                self.takes.store(nanos, SeqCst);
                self.backend(sim, BackendEvent::Takes(time));
            }
            Act::Call(manner) => self.call(sim, manner),
            Act::Begin(label) => self.begin(sim, label),
            Act::End(label, end) => self.end(label, end),
            Act::Reset => self.breaker.reset(),
            Act::ForceOpen => self.breaker.force_open(),
            Act::Isolate(time) => self.breaker.isolate_for(time),
            Act::Disable => self.breaker.disable(),
            Act::OnlyMeasure => self.breaker.only_measure(),
            Act::Lift => self.breaker.lift(),
            Act::Refresh => {
                self.breaker.refresh();
            }
            Act::Read => sim.record(&self.name, reading(&self.breaker.stats())),
        }
    }
}
