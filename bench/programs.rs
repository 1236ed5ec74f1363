//! Our side: the programs as scenarios, run as a sweep runs them: plan, engine, event log, checks.

use retrip_core::door::{AtomicInteger, Mutex, Spawn, SyncPrimitives};
use retrip_sim::engine::threads::{Sim, SimAtomicU64, SimMutex};
use retrip_sim::engine::{Setup, Strategy};
use retrip_sim::part::{Live, Operation, Part, Reading};
use retrip_sim::plan::Plan;
use retrip_sim::run::{Request, Run, run};
use retrip_sim::scenario::Scenario;
use retrip_sim::seed::Seed;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// A program that several threads run together.
pub struct Program {
    scenario: Scenario,
}

/// What each thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// It adds one to an atomic that all share.
    Atomics,
    /// It takes a lock that all share, and adds one within.
    Locks,
}

impl Program {
    /// `threads` threads that each do `work` `times` times.
    #[must_use]
    pub fn of(work: Work, threads: usize, times: u64) -> Self {
        let names: Vec<Arc<str>> =
            (1..=threads).map(|nth| format!("worker-{nth}").into()).collect();
        let scenario = Scenario::new("program", "threads that share one thing", move |draft| {
            let shared = draft.part(Shared { work, times });
            for name in &names {
                draft.actor(Arc::clone(name)).does(shared.works()).ends();
            }
        });
        Self { scenario }
    }

    /// Runs it as `seed` says, with a uniformly random schedule.
    ///
    /// # Panics
    /// The run fails: the program is correct.
    #[must_use]
    pub fn run(&self, seed: u64) -> Run {
        let plan = Plan::drawn(self.scenario.name(), Seed::new(seed)).expect("a name is a name");
        let request = Request { strategy: Some(Strategy::Random), ..Request::of(&plan) };
        let run = run(&self.scenario, &request).expect("the scenario fits its own plan");
        assert!(run.breach.is_none(), "the program is correct");
        run
    }
}

/// The part that all threads share.
#[derive(Clone, Copy, Debug)]
struct Shared {
    work: Work,
    times: u64,
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
        match self.work {
            Work::Atomics => Arc::new(Atomics { counter: sim.atomic_u64(0), times: self.times }),
            Work::Locks => Arc::new(Locks { counter: sim.mutex(0), times: self.times }),
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
