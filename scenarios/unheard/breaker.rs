//! The part with the breaker.

use super::answer::{self, Took};
use super::operation::{Command, FORMS, UnheardOperation};
use retrip_core::breaker::{BreakerConfig, CircuitBreaker, Outcome, OwnedPermit};
use retrip_core::door::{Clock, Instant};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::Name;
use retrip_sim::part::{Live, Part, Reading, reading};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A breaker without a listener, and those who call it.
#[derive(Clone, Debug)]
pub(crate) struct Unheard {
    pub(crate) config: BreakerConfig,
    /// What has happened to it before anybody comes.
    pub(crate) before: Vec<UnheardOperation>,
}

struct LiveUnheard {
    name: Name,
    breaker: Arc<CircuitBreaker<Sim>>,
    /// By label. Nothing happens within the lock.
    permits: Mutex<BTreeMap<Arc<str>, Kept>>,
    /// Whether it matters how long a call takes.
    times: bool,
}

/// A permit that is kept, and between when and when it was given.
struct Kept {
    permit: OwnedPermit<Sim>,
    given: Option<(Instant, Instant)>,
}

impl Unheard {
    pub(crate) fn of(config: &BreakerConfig) -> Self {
        Self { config: config.clone(), before: Vec::new() }
    }
}

impl Part for Unheard {
    fn reads(&self, operation: &str) -> Reading {
        let is_mine = |form: &&str| form.split(' ').next() == operation.split(' ').next();
        reading::<UnheardOperation>(operation, FORMS.iter().any(is_mine))
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let name = Name::from("llm");
        let breaker = CircuitBreaker::on(*sim, Arc::clone(&name), self.config.clone());
        let breaker = Arc::new(breaker.expect("the scenario's configuration can work"));
        let times = self.config.window.is_some_and(|window| window.slow_calls.is_some());
        let live = LiveUnheard { name, breaker, permits: Mutex::default(), times };
        for operation in &self.before {
            live.does(sim, operation);
        }
        Arc::new(live)
    }
}

impl Live for LiveUnheard {
    fn perform(&self, sim: &Sim, operation: &str) {
        let operation = operation.parse().expect("an operation is read before it is performed");
        self.does(sim, &operation);
    }
}

impl LiveUnheard {
    fn does(&self, sim: &Sim, operation: &UnheardOperation) {
        let begins = || sim.record(&self.name, answer::begins(operation));
        match operation {
            UnheardOperation::Ask(label) => {
                begins();
                self.ask(sim, label);
            }
            UnheardOperation::End(label, outcome) => {
                let kept = self.permits.lock().expect("nobody panics within it").remove(label);
                if let Some(kept) = kept {
                    begins();
                    self.end(sim, kept, *outcome);
                }
            }
            UnheardOperation::ByHand(command) => {
                begins();
                self.command(*command);
                sim.record(&self.name, answer::done(*command));
            }
            UnheardOperation::Read => {
                sim.record(&self.name, answer::counted(&self.breaker.stats()));
            }
            UnheardOperation::Look => {
                sim.record(&self.name, answer::looks());
                sim.record(&self.name, answer::seen(&self.breaker.stats()));
            }
        }
    }

    /// Asks for a permit.
    fn ask(&self, sim: &Sim, label: &Arc<str>) {
        let before = self.looks_at_the_clock(sim);
        match self.breaker.acquire_owned() {
            Ok(permit) => {
                let given = before.zip(self.looks_at_the_clock(sim));
                let (generation, trial) = (permit.generation().as_u64(), permit.is_trial());
                sim.record(&self.name, answer::admitted(generation, trial));
                self.keep(sim, label, Kept { permit, given });
            }
            Err(rejected) => sim.record(&self.name, answer::rejected(&rejected)),
        }
    }

    /// Keeps a permit. One that was kept under the label is dropped, which ends its call.
    fn keep(&self, sim: &Sim, label: &Arc<str>, kept: Kept) {
        let before =
            self.permits.lock().expect("nobody panics within it").insert(Arc::clone(label), kept);
        if let Some(before) = before {
            let end = UnheardOperation::End(Arc::clone(label), None);
            sim.record(&self.name, answer::begins(&end));
            self.end(sim, before, None);
        }
    }

    /// Ends a call, and tells what it was.
    fn end(&self, sim: &Sim, Kept { permit, given }: Kept, outcome: Option<Outcome>) {
        let (generation, trial) = (permit.generation().as_u64(), permit.is_trial());
        let least = given.map(|(_, given)| sim.now().saturating_duration_since(given));
        match outcome {
            Some(outcome) => permit.complete(outcome),
            None => drop(permit),
        }
        let most = given.map(|(asked, _)| sim.now().saturating_duration_since(asked));
        let took = least.zip(most).map(|(least, most)| Took { least, most });
        sim.record(&self.name, answer::ended(generation, trial, outcome, took));
    }

    fn looks_at_the_clock(&self, sim: &Sim) -> Option<Instant> {
        self.times.then(|| sim.now())
    }

    fn command(&self, command: Command) {
        match command {
            Command::ForceOpen => self.breaker.force_open(),
            Command::Isolate(time) => self.breaker.isolate_for(time),
            Command::Disable => self.breaker.disable(),
            Command::OnlyMeasure => self.breaker.only_measure(),
            Command::Lift => self.breaker.lift(),
            Command::Refresh => {
                self.breaker.refresh();
            }
            Command::Reset => self.breaker.reset(),
        }
    }
}
