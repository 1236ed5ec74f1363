//! Our side: the programs as scenarios, run as a sweep runs them: plan, engine, event log, checks.

use crate::load::{Load, Work};
use retrip_core::door::{AtomicInteger, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Recording, Sim, SimAtomicU64, SimMutex};
use retrip_sim::engine::{Setup, Shape, Strategy};
use retrip_sim::explore::{Limits, Tally, explore};
use retrip_sim::part::{Live, Operation, Part, Reading};
use retrip_sim::plan::{Plan, Schedule};
use retrip_sim::run::{Chooser, Request, Run, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use retrip_sim::sync::mpsc::sync_channel;
use retrip_sim::{sync, thread};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

#[path = "work.rs"]
mod work;

/// Scheduling steps that none of these programs comes to.
const PLENTY: u64 = 100_000_000;

/// A program that several threads run together.
pub struct Program {
    scenario: Scenario,
}

impl Program {
    /// Each thread of `load` an actor of the scenario: atomics and locks, on the platform that code under test is given.
    #[must_use]
    pub fn of_actors(load: Load) -> Self {
        let names: Vec<Arc<str>> =
            (1..=load.threads).map(|nth| format!("worker-{nth}").into()).collect();
        let scenario = Scenario::new("program", "threads that share one thing", move |draft| {
            let shared = draft.part(Shared { load, by: By::Actors });
            for name in &names {
                draft.actor(Arc::clone(name)).does(shared.works()).ends();
            }
        });
        Self { scenario: scenario.bound(PLENTY) }
    }

    /// One actor, which starts the threads of `load`: the source that the peers run as well, on std's shapes.
    #[must_use]
    pub fn of_one(load: Load) -> Self {
        let about = "a thread that starts those that share one thing";
        let scenario = Scenario::new("whole_program", about, move |draft| {
            let whole = draft.part(Shared { load, by: By::One });
            draft.actor("main").does(whole.works()).ends();
        });
        Self { scenario: scenario.bound(PLENTY) }
    }

    /// Runs it as `seed` says, with a schedule that `strategy` draws.
    ///
    /// # Panics
    /// The run fails: the program is correct.
    #[must_use]
    pub fn run(&self, seed: u64, strategy: &Strategy) -> Run {
        let plan = self.plan(seed);
        let request = Request { strategy: Chooser::Given(strategy.clone()), ..Request::of(&plan) };
        self.held(&request)
    }

    /// What its pilot looks like, which runs under the default schedule.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    #[must_use]
    pub fn shape(&self) -> Shape {
        let plan = Plan { schedule: Schedule::Written(Vec::new()), ..self.plan(0) };
        let request = Request { recording: Recording::Shape, ..Request::of(&plan) };
        self.held(&request).shape.expect("a pilot was asked for its shape")
    }

    /// Runs it in every order of its steps that can be told from others.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    #[must_use]
    pub fn every_order(&self) -> Tally {
        let plan = self.plan(0);
        let explored = explore(&self.scenario, &Request::of(&plan), Limits::NONE, u64::MAX)
            .expect("the scenario fits its own plan");
        assert!(explored.failure.is_none(), "the program is correct");
        explored.tally
    }

    fn plan(&self, seed: u64) -> Plan {
        Plan::drawn(self.scenario.name(), Seed::new(seed)).expect("a name is a name")
    }

    fn held(&self, request: &Request<'_>) -> Run {
        let run = run(&self.scenario, request).expect("the scenario fits its own plan");
        assert!(run.breach.is_none(), "the program is correct");
        run
    }
}

/// The part that all threads share.
#[derive(Clone, Copy, Debug)]
struct Shared {
    load: Load,
    by: By,
}

/// Who runs the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Each actor does what one thread does.
    Actors,
    /// One actor starts all threads.
    One,
}

const WORKS: &str = "work";

impl Shared {
    fn works(self) -> Operation {
        Operation::new(WORKS)
    }
}

impl Part for Shared {
    fn reads(&self, operation: &str) -> Reading {
        if operation == WORKS { Reading::Understood } else { Reading::NotMine }
    }

    fn forms(&self) -> Vec<String> {
        vec![WORKS.to_owned()]
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let times = self.load.times;
        match (self.by, self.load.work) {
            (By::Actors, Work::Atomics) => Arc::new(Atomics { counter: sim.atomic_u64(0), times }),
            (By::Actors, Work::Locks) => Arc::new(Locks { counter: sim.mutex(0), times }),
            (By::Actors, work) => panic!("no actors do {work}"),
            (By::One, _) => Arc::new(Whole { load: self.load }),
        }
    }
}

struct Atomics {
    counter: SimAtomicU64,
    times: u64,
}

impl Live for Atomics {
    fn perform(&self, _sim: &Sim, _operation: &str) {
        for _ in 0..self.times {
            self.counter.fetch_add(1, SeqCst);
        }
    }
}

struct Locks {
    counter: SimMutex<u64>,
    times: u64,
}

impl Live for Locks {
    fn perform(&self, _sim: &Sim, _operation: &str) {
        for _ in 0..self.times {
            *self.counter.lock() += 1;
        }
    }
}

struct Whole {
    load: Load,
}

impl Live for Whole {
    fn perform(&self, _sim: &Sim, _operation: &str) {
        work::perform(self.load);
    }
}

/// `threads` threads that do nothing but park, all alive at once; returns what `look` says while they are.
pub fn parked<T: Send + 'static>(threads: usize, look: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    let ended = retrip_sim::engine::run(Setup::of(Seed::new(0)), move |sim| {
        let handles: Vec<_> = (0..threads)
            .map(|_| {
                sim.spawn("parked", move || {
                    let me = sim.current();
                    sim.park();
                    me
                })
                .expect("a run has room for them")
            })
            .collect();
        sim.sleep(std::time::Duration::from_secs(1));
        let _ = sender.send(look());
        drop(handles);
    });
    assert!(ended.failure.is_some(), "parked threads are leaked on purpose");
    receiver.recv().expect("the root looked")
}
