//! A backend behind a circuit breaker: `llm fails`, `call llm`, `force llm open`.

mod hosts;
mod operation;
mod reading;
mod threads;

pub use operation::{Act, End, GuardedOperation, GuardedOperationError, Manner};

use super::{HostLive, HostPart, Live, Operation, Part, Reading};
use crate::engine::hosts::Cluster;
use crate::engine::threads::Sim;
use crate::log::Name;
use crate::scenario::Draft;
use retrip_core::breaker::BreakerConfig;
use std::sync::Arc;
use std::time::Duration;

/// A simulated backend and the breaker that guards it, under one name.
///
/// The backend begins healthy and answers at once. What a call's reply is, the backend's health decides when the call
/// ends, after the time that it takes.
///
/// On hosts the backend has one of its own, with its name; each host that calls it has a breaker for it, and a call is a message there
/// and back.
#[derive(Clone, Debug)]
pub struct Guarded {
    name: Name,
    config: BreakerConfig,
    /// How long a caller on a host waits for a reply.
    patience: Option<Duration>,
}

/// The backend's reply was a failure, or none came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct BackendFailed;

/// The payload of a panic that a script asks for.
struct PlannedPanic;

impl Guarded {
    /// A backend called `name`, one word, behind a breaker with `config`.
    ///
    /// # Panics
    /// The configuration could not work.
    #[must_use]
    pub fn new(name: &str, config: BreakerConfig) -> Self {
        if let Err(error) = config.validate() {
            panic!("the breaker of `{name}` cannot be built: {error}");
        }
        Self { name: name.into(), config, patience: None }
    }

    /// On hosts a caller gives a call up, as failed, when no reply has come after `patience` of its own time; where nothing is said it
    /// waits for ever, also for a reply that was lost. Threads lose none.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    fn operation(&self, act: Act) -> Operation {
        Operation::new(GuardedOperation { target: Arc::clone(&self.name), act })
    }

    /// From now on the backend's replies are failures.
    #[must_use]
    pub fn fails(&self) -> Operation {
        self.operation(Act::Fails)
    }

    /// From now on the backend's replies are successes.
    #[must_use]
    pub fn recovers(&self) -> Operation {
        self.operation(Act::Recovers)
    }

    /// From now on each reply takes `time`.
    #[must_use]
    pub fn takes(&self, time: Duration) -> Operation {
        self.operation(Act::Takes(time))
    }

    /// A call through the breaker.
    #[must_use]
    pub fn call(&self) -> Operation {
        self.operation(Act::Call(Manner::Plain))
    }

    /// A call that fails, however healthy the backend is.
    #[must_use]
    pub fn call_and_fail(&self) -> Operation {
        self.operation(Act::Call(Manner::Fails))
    }

    /// A call that fails, with a reply that asks to be left alone for `time`.
    #[must_use]
    pub fn call_and_fail_for(&self, time: Duration) -> Operation {
        self.operation(Act::Call(Manner::FailsFor(time)))
    }

    /// A call that panics after the backend has answered; its caller catches the panic.
    #[must_use]
    pub fn call_and_panic(&self) -> Operation {
        self.operation(Act::Call(Manner::Panics))
    }

    /// A call whose caller goes away without telling how it ended.
    #[must_use]
    pub fn call_and_cancel(&self) -> Operation {
        self.operation(Act::Call(Manner::Cancels))
    }

    /// A call whose caller stands still for `time` between its admission and the backend.
    #[must_use]
    pub fn call_after_stalling(&self, time: Duration) -> Operation {
        self.operation(Act::Call(Manner::Stalls(time)))
    }

    /// Asks for a permit and keeps it under `label`, one word. A permit already kept there is dropped.
    #[must_use]
    pub fn begin(&self, label: &str) -> Operation {
        self.operation(Act::Begin(label.into()))
    }

    /// Ends the call with this label, from any thread. Does nothing where no permit is kept there, also where no step of
    /// the script begins a call with this label: a drawn script ends whatever it may have begun, and one that is made
    /// smaller loses its beginnings and ends one at a time.
    #[must_use]
    pub fn end(&self, label: &str, end: End) -> Operation {
        self.operation(Act::End(label.into(), end))
    }

    /// Opens the breaker by hand for `time`.
    #[must_use]
    pub fn isolate_for(&self, time: Duration) -> Operation {
        self.operation(Act::Isolate(time))
    }

    /// Lets every call pass, by hand.
    #[must_use]
    pub fn disable(&self) -> Operation {
        self.operation(Act::Disable)
    }

    /// Lets every call pass, by hand, and looks at the results without ever opening.
    #[must_use]
    pub fn only_measure(&self) -> Operation {
        self.operation(Act::OnlyMeasure)
    }

    /// Ends what was done to the breaker by hand.
    #[must_use]
    pub fn lift(&self) -> Operation {
        self.operation(Act::Lift)
    }

    /// Closes the breaker by hand.
    #[must_use]
    pub fn reset(&self) -> Operation {
        self.operation(Act::Reset)
    }

    /// Opens the breaker by hand, until it is reset.
    #[must_use]
    pub fn force_open(&self) -> Operation {
        self.operation(Act::ForceOpen)
    }

    /// Lets the breaker notice that its interval is over.
    #[must_use]
    pub fn refresh(&self) -> Operation {
        self.operation(Act::Refresh)
    }

    /// Writes the breaker's statistics into the log.
    #[must_use]
    pub fn read(&self) -> Operation {
        self.operation(Act::Read)
    }
}

impl Draft<'_> {
    /// Adds a backend called `name` behind a breaker with `config`.
    ///
    /// # Panics
    /// The configuration could not work.
    pub fn guarded(&mut self, name: &str, config: BreakerConfig) -> Guarded {
        self.part_anywhere(Guarded::new(name, config))
    }
}

impl Part for Guarded {
    fn reads(&self, operation: &str) -> Reading {
        match operation::read(operation) {
            Some((target, _)) if *target == *self.name => Reading::Understood,
            None if operation.split(' ').any(|word| *word == *self.name) => Reading::Malformed,
            _ => Reading::NotMine,
        }
    }

    fn forms(&self) -> Vec<String> {
        operation::forms(&self.name)
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        Arc::new(threads::OnThreads::new(sim, &self.name, &self.config))
    }
}

impl HostPart for Guarded {
    fn reads(&self, operation: &str) -> Reading {
        Part::reads(self, operation)
    }

    fn forms(&self) -> Vec<String> {
        Part::forms(self)
    }

    /// The backend is on one of its own.
    fn hosts(&self) -> Vec<Name> {
        vec![Arc::clone(&self.name)]
    }

    fn enter(&self, cluster: &Cluster) -> Arc<dyn HostLive> {
        Arc::new(hosts::OnHosts::new(cluster, self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Request, run};
    use crate::scenario::Scenario;

    #[test]
    fn an_operation_is_for_the_backend_that_it_names() {
        let llm = Guarded::new("llm", BreakerConfig::default());
        assert_eq!(Part::reads(&llm, "call llm"), Reading::Understood);
        assert_eq!(Part::reads(&llm, "call db"), Reading::NotMine);
        assert_eq!(Part::reads(&llm, "call llm twice"), Reading::Malformed);
        assert_eq!(Part::reads(&llm, "wait 3s"), Reading::NotMine);
    }

    #[test]
    fn the_end_of_a_call_that_nobody_began_does_nothing() {
        let scenario = Scenario::new("llm_only", "what the plan says", |s| {
            s.guarded("llm", BreakerConfig::default());
        });
        let log = |plan: &str| {
            let plan = format!("llm_only 0 {plan}").parse().expect("it is a plan");
            run(&scenario, &Request::of(&plan)).expect("it can be run").log.text().to_string()
        };
        let script = "0s begin call a on llm; 1s call llm; finally read llm";
        for how in ["ok", "failed", "dropped"] {
            let ends = format!("0s end call a on llm {how}; {script}");
            let never_begun = format!("{script}; finally end call b on llm {how}");
            assert_eq!(log(&never_begun), log(script), "{how}");
            assert_eq!(log(&ends), log(script), "{how}: it comes before the beginning");
        }
    }
}
