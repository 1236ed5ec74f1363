//! The part with the registry. It belongs to its run: no other one has heard of its names.

use super::operation::{FORM, Get};
use retrip_core::breaker::{BreakerConfig, CircuitBreaker, Registry, RegistryError};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::sync::{Arc, Mutex};

/// A registry, and those who ask for breakers.
#[derive(Clone, Debug)]
pub(super) struct Directory;

struct LiveDirectory {
    name: Name,
    registry: Registry<Sim>,
    /// Every breaker that was given, in the order in which they were seen. Nothing happens within the lock.
    seen: Mutex<Vec<Arc<CircuitBreaker<Sim>>>>,
}

impl Directory {
    /// Asks for the breaker of this name.
    pub(super) fn gives(&self, name: &str, threshold: u32) -> Operation {
        Operation::new(Get { name: name.into(), threshold })
    }
}

impl Part for Directory {
    fn reads(&self, operation: &str) -> Reading {
        reading::<Get>(operation, operation.starts_with("get "))
    }

    fn forms(&self) -> Vec<String> {
        vec![FORM.to_owned()]
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let (name, registry) = (Name::from("registry"), Registry::on(*sim));
        Arc::new(LiveDirectory { name, registry, seen: Mutex::default() })
    }
}

impl Live for LiveDirectory {
    fn perform(&self, sim: &Sim, operation: &str) {
        let get: Get = operation.parse().expect("an operation is read before it is performed");
        let about = || {
            let threshold = Value::Int(get.threshold.into());
            vec![(Name::from(""), Value::Text(Arc::clone(&get.name))), ("of".into(), threshold)]
        };
        let tell = |verb: &str, fields| {
            sim.record(&self.name, What::Note { verb: verb.into(), fields });
        };
        tell("is asked for", about());
        let config =
            BreakerConfig { failure_threshold: Some(get.threshold), ..BreakerConfig::default() };
        let mut fields = about();
        match self.registry.get_or_create(Arc::clone(&get.name), config) {
            Ok(breaker) => {
                let opens_at = breaker.config().failure_threshold.unwrap_or_default();
                fields.push(("as number".into(), Value::Int(self.number(breaker))));
                fields.push(("which opens at".into(), Value::Int(opens_at.into())));
                tell("gives", fields);
            }
            Err(RegistryError::Conflict { field, .. }) => {
                fields.push(("for its".into(), Value::Text(field.into())));
                tell("refuses", fields);
            }
            Err(error) => panic!("the scenario's configuration can work: {error}"),
        }
    }
}

impl LiveDirectory {
    /// How many other breakers had been seen before this one.
    fn number(&self, breaker: Arc<CircuitBreaker<Sim>>) -> i64 {
        let mut seen = self.seen.lock().expect("nobody panics within it");
        let at = seen.iter().position(|one| Arc::ptr_eq(one, &breaker));
        let at = at.unwrap_or_else(|| {
            seen.push(breaker);
            seen.len() - 1
        });
        i64::try_from(at).expect("there are few breakers")
    }
}
