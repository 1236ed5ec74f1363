//! The part with a breaker on a hostile clock.

use super::clock::{Hostile, HostileClock};
use super::operation::{Deed, FORMS, HostileOperation};
use super::told;
use retrip_core::breaker::{BreakerConfig, CallError, CircuitBreaker, Event, Interest, Listener};
use retrip_core::door::{Instant, WithClock};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, What};
use retrip_sim::part::{Live, Part, Reading, reading};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

/// A breaker, and the clock that it goes by.
#[derive(Clone, Debug)]
pub(super) struct OnAHostileClock {
    pub(super) config: BreakerConfig,
}

struct LiveBreaker {
    name: Name,
    clock: HostileClock,
    breaker: CircuitBreaker<Hostile>,
}

/// Writes changes down. It hears of nothing else, so that the breaker decides without its lock where it can.
struct Scribe {
    sim: Sim,
    name: Name,
}

impl Part for OnAHostileClock {
    fn reads(&self, operation: &str) -> Reading {
        let is_mine = |form: &&str| form.split(' ').next() == operation.split(' ').next();
        reading::<HostileOperation>(operation, FORMS.iter().any(is_mine))
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let (sim, name) = (*sim, Name::from("llm"));
        let clock = HostileClock::new(sim, |sim, shown| {
            sim.record(&Name::from("clock"), told::reads(shown));
        });
        let platform = WithClock::new(sim, clock.clone());
        let breaker = CircuitBreaker::on(platform, Arc::clone(&name), self.config.clone())
            .expect("the scenario's configuration can work")
            .listen(Arc::new(Scribe { sim, name: Arc::clone(&name) }));
        Arc::new(LiveBreaker { name, clock, breaker })
    }
}

impl Live for LiveBreaker {
    fn perform(&self, sim: &Sim, operation: &str) {
        match operation.parse().expect("an operation is read before it is performed") {
            HostileOperation::Call => self.call(sim, Ok(())),
            HostileOperation::CallAndFail => self.call(sim, Err(())),
            HostileOperation::Refresh => _ = self.breaker.refresh(),
            HostileOperation::Read => sim.record(&self.name, told::is(self.breaker.stats().state)),
            HostileOperation::Clock(deed) => {
                sim.record(&Name::from("clock"), told::clock(deed));
                self.change(deed);
            }
        }
    }
}

impl LiveBreaker {
    fn call(&self, sim: &Sim, result: Result<(), ()>) {
        let said = match self.breaker.call(|| result) {
            Ok(()) => told::calls("ok"),
            Err(CallError::Inner(())) => told::calls("failed"),
            Err(CallError::Rejected(rejected)) => told::rejects(&rejected),
        };
        sim.record(&self.name, said);
    }

    fn change(&self, deed: Deed) {
        match deed {
            Deed::JumpsBack(time) => self.clock.jumps(time, true),
            Deed::JumpsForward(time) => self.clock.jumps(time, false),
            Deed::Stands => self.clock.stands(false),
            Deed::StandsAtItsEnd => self.clock.stands(true),
            Deed::GoesOnFrom(time) => {
                self.clock.goes_on_from(Instant::from_nanos(nanos(time)));
            }
        }
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).expect("a plan has no longer times")
}

impl Listener for Scribe {
    fn interest(&self) -> Interest {
        Interest::Transitions
    }

    fn backlog(&self) -> NonZeroUsize {
        // What is checked is all that happens.
        NonZeroUsize::MAX
    }

    fn on_event(&self, _breaker: &str, event: &Event) {
        self.sim.record(&self.name, What::Breaker(event.clone()));
    }
}
