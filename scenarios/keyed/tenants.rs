//! The part with a breaker for each tenant.

use super::key::{Kept, Key};
use super::operation::{Command, Ending, FORMS, Fails, KeyedOperation};
use super::told::{Mode, Told};
use retrip_core::breaker::{Bounds, BreakerConfig, CircuitBreaker, KeyedBreakers, OwnedPermit};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::Name;
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// Breakers by key that open at the first failure, and those who call through them.
#[derive(Clone, Debug)]
pub(super) struct Tenants {
    pub(super) bounds: Bounds,
    pub(super) open_for: Duration,
}

struct LiveTenants {
    name: Name,
    open_for: Duration,
    breakers: KeyedBreakers<Key, Sim>,
    kept: Arc<Kept>,
    /// By label. Nothing happens within the lock.
    in_flight: Mutex<BTreeMap<Name, InFlight>>,
}

/// A call that was begun and not ended.
struct InFlight {
    key: Name,
    breaker: Arc<CircuitBreaker<Sim>>,
    permit: OwnedPermit<Sim>,
}

impl Tenants {
    /// A call through the breaker of this key that succeeds.
    pub(super) fn calls(&self, key: &str) -> Operation {
        Operation::new(KeyedOperation::Call { key: key.into(), fails: Fails::No })
    }

    /// Lets go who is idle.
    pub(super) fn evicts_idle(&self) -> Operation {
        Operation::new(KeyedOperation::EvictIdle)
    }

    /// Counts what is there.
    pub(super) fn counts(&self) -> Operation {
        Operation::new(KeyedOperation::Count)
    }
}

impl Part for Tenants {
    fn reads(&self, operation: &str) -> Reading {
        let is_mine = |form: &&str| form.split(' ').next() == operation.split(' ').next();
        reading::<KeyedOperation>(operation, FORMS.iter().any(is_mine))
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let config = BreakerConfig {
            failure_threshold: Some(1),
            success_threshold: 1,
            half_open_permits: 1,
            open_for: self.open_for,
            trial_lease: None,
            ..BreakerConfig::default()
        };
        let breakers = KeyedBreakers::on(*sim, config, self.bounds);
        Arc::new(LiveTenants {
            name: Name::from("tenants"),
            open_for: self.open_for,
            breakers: breakers.expect("the configuration can work"),
            kept: Arc::default(),
            in_flight: Mutex::default(),
        })
    }
}

impl Drop for LiveTenants {
    fn drop(&mut self) {
        self.kept.ends();
    }
}

impl Live for LiveTenants {
    fn perform(&self, sim: &Sim, operation: &str) {
        let operation = operation.parse().expect("an operation is read before it is performed");
        match operation {
            KeyedOperation::Call { key, fails } => self.call(sim, &key, fails),
            KeyedOperation::Begin { key, label } => self.begin(sim, &key, label),
            KeyedOperation::End { label, ending } => {
                let call = self.in_flight().remove(&label);
                if let Some(call) = call {
                    self.end(sim, call, ending);
                }
            }
            KeyedOperation::ByHand { key, command } => self.by_hand(sim, &key, command),
            KeyedOperation::EvictIdle => {
                self.tell(sim, &Told::Evicts);
                let gone = self.breakers.evict_idle();
                self.tell(sim, &Told::HasEvicted(gone));
            }
            KeyedOperation::Count => {
                let breakers = self.breakers.len();
                self.tell(sim, &Told::Has { breakers, keys: self.kept.keys() });
            }
        }
    }
}

impl LiveTenants {
    fn tell(&self, sim: &Sim, told: &Told) {
        sim.record(&self.name, told.what());
    }

    fn in_flight(&self) -> MutexGuard<'_, BTreeMap<Name, InFlight>> {
        self.in_flight.lock().expect("nobody panics within it")
    }

    /// Asks for the breaker of a key.
    fn get(&self, sim: &Sim, key: &Name) -> Option<Arc<CircuitBreaker<Sim>>> {
        self.tell(sim, &Told::Asks(Arc::clone(key)));
        let asked = Key::asked(sim, &self.name, key, &self.kept);
        let found = self.breakers.get(&asked);
        let Ok(breaker) = found else {
            self.tell(sim, &Told::IsRefused(Arc::clone(key)));
            return None;
        };
        let there = self.breakers.len();
        // Nobody comes between this and what is told.
        let new = asked.is_answered();
        self.tell(sim, &Told::Gets { key: Arc::clone(key), new, there });
        Some(breaker)
    }

    /// Says what the breaker is after `what` was done with it, and lets it go.
    fn let_go(&self, sim: &Sim, key: &Name, breaker: Arc<CircuitBreaker<Sim>>, what: &str) {
        let now = Mode::of(&breaker.stats(), self.open_for);
        let told = Told::LetsGo { key: Arc::clone(key), after: what.into(), now };
        // Nobody comes in between: what is told here is so from then on.
        self.tell(sim, &told);
        drop(breaker);
    }

    fn call(&self, sim: &Sim, key: &Name, fails: Fails) {
        let Some(breaker) = self.get(sim, key) else { return };
        let what = match (breaker.acquire(), fails) {
            (Ok(permit), Fails::No) => {
                permit.success();
                "ok"
            }
            (Ok(permit), Fails::Yes) => {
                permit.failure();
                "failed"
            }
            (Err(_), _) => "rejected",
        };
        self.let_go(sim, key, breaker, what);
    }

    fn begin(&self, sim: &Sim, key: &Name, label: Name) {
        let Some(breaker) = self.get(sim, key) else { return };
        let Ok(permit) = breaker.acquire_owned() else {
            self.let_go(sim, key, breaker, "rejected");
            return;
        };
        let call = InFlight { key: Arc::clone(key), breaker, permit };
        let before = self.in_flight().insert(label, call);
        if let Some(before) = before {
            self.end(sim, before, Ending::Dropped);
        }
    }

    fn end(&self, sim: &Sim, call: InFlight, ending: Ending) {
        let InFlight { key, breaker, permit } = call;
        match ending {
            Ending::Ok => permit.success(),
            Ending::Failed => permit.failure(),
            Ending::Dropped => drop(permit),
        }
        self.let_go(sim, &key, breaker, ending.word());
    }

    fn by_hand(&self, sim: &Sim, key: &Name, command: Command) {
        let Some(breaker) = self.get(sim, key) else { return };
        match command {
            Command::ForceOpen => breaker.force_open(),
            Command::Disable => breaker.disable(),
            Command::Reset => breaker.reset(),
        }
        self.let_go(sim, key, breaker, command.words());
    }
}
