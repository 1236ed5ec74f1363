//! The part with the breaker of a crowd: each of its callers makes many calls in a row, and remembers what came of them.

use retrip_core::breaker::{
    BreakerConfig, CallError, CircuitBreaker, Event, Interest, Listener, Rejected,
};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The name of the breaker.
pub(super) const BREAKER: &str = "llm";

/// How long somebody waits at least who was rejected.
const PAUSE: Duration = Duration::from_millis(100);

/// A breaker and what is told of it. Where that is its changes only, it takes its lock for those only.
#[derive(Clone, Debug)]
pub(super) struct Crowd {
    pub(super) config: BreakerConfig,
    pub(super) tells: Interest,
}

struct LiveCrowd {
    name: Name,
    breaker: CircuitBreaker<Sim>,
}

/// One line of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CrowdOperation {
    /// So many calls in a row, of which one in so many fails, beginning with the n-th.
    Calls {
        calls: u32,
        fails: u32,
        first: u32,
    },
    Read,
}

/// The forms of all operations.
const FORMS: [&str; 2] = ["make NUMBER calls of which every NUMBER fails from NUMBER", "read"];

impl Crowd {
    /// So many calls in a row, of which one in `fails` fails, beginning with the `first`.
    pub(super) fn makes(&self, calls: u32, fails: u32, first: u32) -> Operation {
        Operation::new(CrowdOperation::Calls { calls, fails, first })
    }

    /// Reads what was counted.
    pub(super) fn reads_counts(&self) -> Operation {
        Operation::new(CrowdOperation::Read)
    }
}

impl fmt::Display for CrowdOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calls { calls, fails, first } => {
                write!(f, "make {calls} calls of which every {fails} fails from {first}")
            }
            Self::Read => f.write_str("read"),
        }
    }
}

/// The text is none of [`FORMS`].
struct NotOfTheCrowd;

impl FromStr for CrowdOperation {
    type Err = NotOfTheCrowd;

    fn from_str(text: &str) -> Result<Self, NotOfTheCrowd> {
        let number = |text: &str| text.parse().map_err(|_| NotOfTheCrowd);
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["make", calls, "calls", "of", "which", "every", fails, "fails", "from", first] => {
                let fails = number(fails)?;
                // None is every zeroth.
                if fails == 0 {
                    return Err(NotOfTheCrowd);
                }
                Ok(Self::Calls { calls: number(calls)?, fails, first: number(first)? })
            }
            ["read"] => Ok(Self::Read),
            _ => Err(NotOfTheCrowd),
        }
    }
}

impl Part for Crowd {
    fn reads(&self, operation: &str) -> Reading {
        let is_mine = |form: &&str| form.split(' ').next() == operation.split(' ').next();
        reading::<CrowdOperation>(operation, FORMS.iter().any(is_mine))
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let name = Name::from(BREAKER);
        let reporter = Reporter { sim: *sim, name: Arc::clone(&name), interest: self.tells };
        let breaker = CircuitBreaker::on(*sim, Arc::clone(&name), self.config.clone())
            .expect("the scenario's configuration can work")
            .listen(Arc::new(reporter));
        Arc::new(LiveCrowd { name, breaker })
    }
}

/// Writes down what the breaker tells.
struct Reporter {
    sim: Sim,
    name: Name,
    interest: Interest,
}

impl Listener for Reporter {
    fn interest(&self) -> Interest {
        self.interest
    }

    fn backlog(&self) -> NonZeroUsize {
        // What is checked is all that happens.
        NonZeroUsize::MAX
    }

    fn on_event(&self, _breaker: &str, event: &Event) {
        self.sim.record_by(event.by, &self.name, What::Breaker(event.clone()));
    }
}

impl Live for LiveCrowd {
    fn perform(&self, sim: &Sim, operation: &str) {
        let Ok(operation) = operation.parse() else {
            panic!("an operation is read before it is performed");
        };
        match operation {
            CrowdOperation::Calls { calls, fails, first } => self.call(sim, calls, fails, first),
            CrowdOperation::Read => {
                let stats = self.breaker.stats();
                let counts = [
                    ("success", stats.success),
                    ("failure", stats.failure),
                    ("rejected", stats.rejected),
                    ("ignored", stats.ignored),
                    ("in flight", stats.in_flight),
                    ("changes", stats.transitions),
                ];
                self.tell(sim, "has counted", counts);
            }
        }
    }
}

impl LiveCrowd {
    fn tell<const N: usize>(&self, sim: &Sim, verb: &str, counts: [(&str, u64); N]) {
        let int = |count| Value::Int(i64::try_from(count).expect("a run makes few calls"));
        let fields = counts.map(|(name, count)| (Name::from(name), int(count))).to_vec();
        sim.record(&self.name, What::Note { verb: verb.into(), fields });
    }

    /// Makes the calls. Whoever is rejected waits as long as it is told, and a moment where a trial may end at any time.
    fn call(&self, sim: &Sim, calls: u32, fails: u32, first: u32) {
        let (mut success, mut failure, mut rejected) = (0, 0, 0);
        for call in 0..calls {
            let is_failure = (call + first).is_multiple_of(fails);
            match self.breaker.call(|| if is_failure { Err(()) } else { Ok(()) }) {
                Ok(()) => success += 1,
                Err(CallError::Inner(())) => failure += 1,
                Err(CallError::Rejected(Rejected { retry_after, .. })) => {
                    rejected += 1;
                    sim.sleep(retry_after.unwrap_or_default().max(PAUSE));
                }
            }
        }
        let counts = [("success", success), ("failure", failure), ("rejected", rejected)];
        self.tell(sim, "has made", counts);
    }
}
