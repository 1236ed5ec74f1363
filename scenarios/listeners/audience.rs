//! The part with a breaker and its three listeners, the one in the middle of which meddles.

use super::operation::{Act, Deed, FORMS, ListenerOperation};
use super::told;
use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker, Event, Interest, Listener};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::Name;
use retrip_sim::part::{Live, Part, Reading, reading};
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};

/// A breaker before an audience.
#[derive(Clone, Debug)]
pub(super) struct Audience {
    pub(super) config: BreakerConfig,
    /// What the last listener wants to hear; the others hear of changes.
    pub(super) last_hears: Interest,
    /// How many events may wait for it, and for each of the others.
    pub(super) backlog: NonZeroUsize,
}

/// Room for all that a short run can bring about.
pub(super) const ROOM: NonZeroUsize = NonZeroUsize::new(1000).expect("it is not zero");

/// The listeners, in their order.
pub(super) const LISTENERS: [&str; 3] = ["first", "meddler", "last"];

struct LiveAudience {
    stage: Stage,
    deeds: Arc<Deeds>,
}

/// The breaker, and what is done to it.
#[derive(Clone)]
struct Stage {
    name: Name,
    breaker: Arc<CircuitBreaker<Sim>>,
}

/// What the meddler has still to do. Nothing happens within the lock.
#[derive(Debug, Default)]
struct Deeds(Mutex<VecDeque<Deed>>);

/// Writes down what it hears.
struct Scribe {
    sim: Sim,
    name: Name,
    interest: Interest,
    backlog: NonZeroUsize,
}

/// Writes down what it hears, and then does what it has to do next.
struct Meddler {
    scribe: Scribe,
    deeds: Arc<Deeds>,
    llm: Name,
    breaker: OnceLock<Weak<CircuitBreaker<Sim>>>,
}

/// The payload of a panic that a script asks for.
struct PlannedPanic;

impl Part for Audience {
    fn reads(&self, operation: &str) -> Reading {
        let is_mine = |form: &&str| form.split(' ').next() == operation.split(' ').next();
        reading::<ListenerOperation>(operation, FORMS.iter().any(is_mine))
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let llm = Name::from("llm");
        let backlog = self.backlog;
        let scribe =
            |name: &str, interest| Scribe { sim: *sim, name: name.into(), interest, backlog };
        let [first, middle, last] = LISTENERS;
        let meddler = Arc::new(Meddler {
            scribe: scribe(middle, Interest::Transitions),
            deeds: Arc::default(),
            llm: Arc::clone(&llm),
            breaker: OnceLock::new(),
        });
        let breaker = CircuitBreaker::on(*sim, Arc::clone(&llm), self.config.clone())
            .expect("the scenario's configuration can work")
            .listen(Arc::new(scribe(first, Interest::Transitions)))
            .listen(Arc::clone(&meddler) as Arc<dyn Listener>)
            .listen(Arc::new(scribe(last, self.last_hears)));
        let breaker = Arc::new(breaker);
        meddler.breaker.set(Arc::downgrade(&breaker)).expect("it is set once");
        let deeds = Arc::clone(&meddler.deeds);
        Arc::new(LiveAudience { stage: Stage { name: llm, breaker }, deeds })
    }
}

impl Live for LiveAudience {
    fn perform(&self, sim: &Sim, operation: &str) {
        match operation.parse().expect("an operation is read before it is performed") {
            ListenerOperation::Act(act) => self.act(sim, act),
            ListenerOperation::Plan(deed) => self.deeds.lock().push_back(deed),
            ListenerOperation::Forget => self.deeds.lock().clear(),
            ListenerOperation::Read => self.read(sim),
        }
    }
}

impl LiveAudience {
    fn act(&self, sim: &Sim, act: Act) {
        if self.survives(|| self.stage.act(sim, act)) {
            return;
        }
        sim.record(&self.stage.name, told::is_thrown_out(act));
    }

    /// Reads the breaker, once everything is told that a panic has left behind.
    fn read(&self, sim: &Sim) {
        let Stage { name, breaker } = &self.stage;
        if self.survives(|| _ = breaker.refresh()) {
            sim.record(name, told::has(&breaker.stats()));
        } else {
            sim.record(name, told::is_thrown_out(Act::Refresh));
        }
    }

    /// Does something, and says whether it has come to its end: a listener's panic may have come first.
    fn survives(&self, does: impl FnOnce()) -> bool {
        match catch_unwind(AssertUnwindSafe(does)) {
            Ok(()) => true,
            Err(payload) if payload.is::<PlannedPanic>() => false,
            Err(payload) => resume_unwind(payload),
        }
    }
}

impl Stage {
    fn act(&self, sim: &Sim, act: Act) {
        let Self { name, breaker } = self;
        match act {
            Act::Call | Act::CallAndFail => {
                let result = if act == Act::Call { Ok(()) } else { Err(()) };
                let result = match breaker.call(|| result) {
                    Ok(()) => "ok",
                    Err(CallError::Inner(())) => "failed",
                    Err(CallError::Rejected(_)) => "rejected",
                };
                sim.record(name, told::calls(result));
                return;
            }
            Act::ForceOpen => breaker.force_open(),
            Act::Reset => breaker.reset(),
            Act::Lift => breaker.lift(),
            Act::Refresh => {
                breaker.refresh();
            }
        }
        sim.record(name, told::did(act));
    }
}

impl Deeds {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Deed>> {
        self.0.lock().expect("nobody panics within it")
    }
}

impl Listener for Scribe {
    fn interest(&self) -> Interest {
        self.interest
    }

    fn backlog(&self) -> NonZeroUsize {
        self.backlog
    }

    fn on_event(&self, _breaker: &str, event: &Event) {
        self.sim.record(&self.name, told::hears(event));
    }
}

impl Listener for Meddler {
    fn interest(&self) -> Interest {
        self.scribe.interest
    }

    fn backlog(&self) -> NonZeroUsize {
        self.scribe.backlog
    }

    fn on_event(&self, breaker: &str, event: &Event) {
        self.scribe.on_event(breaker, event);
        let deed = self.deeds.lock().pop_front();
        let (Some(deed), Some(breaker)) = (deed, self.breaker.get().and_then(Weak::upgrade)) else {
            return;
        };
        let Scribe { sim, name, .. } = &self.scribe;
        sim.record(name, told::meddles(deed));
        match deed {
            Deed::Act(act) => Stage { name: Arc::clone(&self.llm), breaker }.act(sim, act),
            Deed::Look => drop(breaker.stats()),
            Deed::Panic => panic_any(PlannedPanic),
            Deed::Sleep(time) => sim.sleep(time),
        }
    }
}
