//! The part with the breaker.

use super::answer;
use super::operation::{Command, FORMS, UnheardOperation};

use retrip_core::breaker::{BreakerConfig, CircuitBreaker, OwnedPermit};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::Name;
use retrip_sim::part::{Live, Part, Reading, reading};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A breaker without a listener, and those who call it.
#[derive(Clone, Debug)]
pub(crate) struct Unheard {
    pub(crate) config: BreakerConfig,
}

struct LiveUnheard {
    name: Name,
    breaker: Arc<CircuitBreaker<Sim>>,
    /// By label. Nothing happens within the lock.
    permits: Mutex<BTreeMap<Arc<str>, OwnedPermit<Sim>>>,
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
        Arc::new(LiveUnheard { name, breaker, permits: Mutex::default() })
    }
}

impl Live for LiveUnheard {
    fn perform(&self, sim: &Sim, operation: &str) {
        let operation = operation.parse().expect("an operation is read before it is performed");
        let begins = || sim.record(&self.name, answer::begins(&operation));
        match &operation {
            UnheardOperation::Ask(label) => {
                begins();
                self.ask(sim, label);
            }
            UnheardOperation::End(label, outcome) => {
                let Some(permit) =
                    self.permits.lock().expect("nobody panics within it").remove(label)
                else {
                    return;
                };
                let (generation, trial) = (permit.generation().as_u64(), permit.is_trial());
                begins();
                match outcome {
                    Some(outcome) => permit.complete(*outcome),
                    None => drop(permit),
                }
                sim.record(&self.name, answer::ended(generation, trial, *outcome));
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
                sim.record(&self.name, answer::seen(&self.breaker.stats()));
            }
        }
    }
}

impl LiveUnheard {
    /// Asks for a permit.
    fn ask(&self, sim: &Sim, label: &Arc<str>) {
        match self.breaker.acquire_owned() {
            Ok(permit) => {
                let (generation, trial) = (permit.generation().as_u64(), permit.is_trial());
                sim.record(&self.name, answer::admitted(generation, trial));
                self.keep(sim, label, permit);
            }
            Err(rejected) => sim.record(&self.name, answer::rejected(&rejected)),
        }
    }

    /// Keeps a permit. One that was kept under the label is dropped, which ends its call.
    fn keep(&self, sim: &Sim, label: &Arc<str>, permit: OwnedPermit<Sim>) {
        let Some(before) =
            self.permits.lock().expect("nobody panics within it").insert(Arc::clone(label), permit)
        else {
            return;
        };
        let (generation, trial) = (before.generation().as_u64(), before.is_trial());
        let end = UnheardOperation::End(Arc::clone(label), None);
        sim.record(&self.name, answer::begins(&end));
        drop(before);
        sim.record(&self.name, answer::ended(generation, trial, None));
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
