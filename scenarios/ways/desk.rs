//! The part with two breakers, one that is called and one whose wrapper is, and a function beside them.

use super::operation::{Command, Ending, FORMS, WaysOperation};
use retrip_core::breaker::{BreakerConfig, CircuitBreaker, Event, Interest, Listener, Outcome};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::cell::Cell;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

/// The breaker that is called, and the one whose wrapper is.
pub(super) const CALLED: &str = "called";
pub(super) const WRAPPED: &str = "wrapped";

/// Two breakers with one configuration.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) config: BreakerConfig,
}

struct LiveDesk {
    name: Name,
    called: CircuitBreaker<Sim>,
    wrapped: CircuitBreaker<Sim>,
}

/// Writes down every event of a breaker.
struct Reporter {
    sim: Sim,
    name: Name,
}

/// A call that did not succeed.
struct Unsuccessful(Ending);

impl Desk {
    /// A call through the first breaker.
    pub(super) fn calls(&self, ending: Ending) -> Operation {
        Operation::new(WaysOperation::Call(ending))
    }

    /// The same call through the first breaker, and through a wrapper of the second one.
    pub(super) fn calls_both(&self, ending: Ending, takes: Duration) -> Operation {
        Operation::new(WaysOperation::Both(ending, takes))
    }

    /// A call through the first breaker that has a fallback.
    pub(super) fn calls_or_falls_back(&self, ending: Ending) -> Operation {
        Operation::new(WaysOperation::OrFallBack(ending))
    }

    /// A function that goes through neither, which is due at `at`.
    pub(super) fn asks_plainly(&self, number: u32, at: Duration) -> Operation {
        Operation::new(WaysOperation::Plainly(number, at))
    }

    /// Something is done to the first breaker by hand.
    pub(super) fn by_hand(&self, command: Command) -> Operation {
        Operation::new(WaysOperation::ByHand(command))
    }

    /// Reads what the first breaker has counted.
    pub(super) fn reads_counts(&self) -> Operation {
        Operation::new(WaysOperation::Read)
    }
}

impl Part for Desk {
    fn reads(&self, operation: &str) -> Reading {
        let is_mine = |form: &&str| form.split(' ').next() == operation.split(' ').next();
        reading::<WaysOperation>(operation, FORMS.iter().any(is_mine))
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let breaker = |name: &str| {
            let reporter = Reporter { sim: *sim, name: name.into() };
            CircuitBreaker::on(*sim, name, self.config.clone())
                .expect("the scenario's configuration can work")
                .listen(Arc::new(reporter))
        };
        let (called, wrapped) = (breaker(CALLED), breaker(WRAPPED));
        Arc::new(LiveDesk { name: "desk".into(), called, wrapped })
    }
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

impl Live for LiveDesk {
    fn perform(&self, sim: &Sim, operation: &str) {
        match operation.parse().expect("an operation is read before it is performed") {
            WaysOperation::Call(ending) => self.call(|| result(ending)),
            WaysOperation::Both(ending, takes) => self.call_both(sim, ending, takes),
            WaysOperation::OrFallBack(ending) => self.call_or_fall_back(sim, ending),
            WaysOperation::Plainly(number, at) => {
                self.tell(sim, "asks plainly", [("with", Value::Int(number.into()))]);
                let answer = Value::Int(double(number).into());
                let fields = [
                    ("", answer),
                    ("for", Value::Int(number.into())),
                    ("due at", Value::Duration(at)),
                ];
                self.tell(sim, "plainly gets", fields);
            }
            WaysOperation::ByHand(Command::ForceOpen) => self.called.force_open(),
            WaysOperation::ByHand(Command::Disable) => self.called.disable(),
            WaysOperation::ByHand(Command::Lift) => self.called.lift(),
            WaysOperation::ByHand(Command::Reset) => self.called.reset(),
            WaysOperation::Read => self.read(sim),
        }
    }
}

impl LiveDesk {
    fn tell<const N: usize>(&self, sim: &Sim, verb: &str, fields: [(&str, Value); N]) {
        let fields = fields.map(|(name, value)| (Name::from(name), value)).to_vec();
        sim.record(&self.name, What::Note { verb: verb.into(), fields });
    }

    fn call(&self, f: impl FnOnce() -> Result<(), Unsuccessful>) {
        // What came of it the breaker's events tell.
        let _ = self.called.call_classified(counts_as, f);
    }

    /// One call within the other, so that both begin and end at the same moments.
    fn call_both(&self, sim: &Sim, ending: Ending, takes: Duration) {
        let serve = || {
            if !takes.is_zero() {
                sim.sleep(takes);
            }
            if ending == Ending::Ok { Ok(()) } else { Err(()) }
        };
        let is_made = Cell::new(false);
        let mut wrapper = self.wrapped.protected(|()| {
            is_made.set(true);
            self.called.call(serve)
        });
        let _ = wrapper(());
        if !is_made.get() {
            let _ = self.called.call(serve);
        }
    }

    fn call_or_fall_back(&self, sim: &Sim, ending: Ending) {
        let answer = self.called.call_or(
            |rejected| {
                // A look at the breaker takes its lock.
                let now = Value::Text(self.called.state().to_string().into());
                let then = Value::Text(rejected.state.to_string().into());
                self.tell(sim, "falls back", [("rejected while", then), ("now", now)]);
                "the fallback"
            },
            || {
                self.tell(sim, "runs", []);
                result(ending).map(|()| "ok")
            },
        );
        let answer = answer.unwrap_or("failed");
        self.tell(sim, "is answered", [("", Value::Text(answer.into()))]);
    }

    fn read(&self, sim: &Sim) {
        let stats = self.called.stats();
        let rate = stats.failure_rate();
        let int = |count: u64| Value::Int(i64::try_from(count).expect("a run makes few calls"));
        let fields = [
            ("failures", int(rate.failures)),
            ("of", int(rate.total)),
            ("rejected", int(stats.rejected)),
            ("fell back", int(stats.fallback)),
        ];
        self.tell(sim, "reads", fields);
    }
}

/// The function that knows of no breaker.
const fn double(number: u32) -> u32 {
    number * 2
}

const fn result(ending: Ending) -> Result<(), Unsuccessful> {
    match ending {
        Ending::Ok => Ok(()),
        Ending::Failed | Ending::Ignored => Err(Unsuccessful(ending)),
    }
}

const fn counts_as(result: &Result<(), Unsuccessful>) -> Outcome {
    match result {
        Ok(()) => Outcome::Success,
        Err(Unsuccessful(Ending::Ignored)) => Outcome::Ignored,
        Err(Unsuccessful(_)) => Outcome::Failure,
    }
}
