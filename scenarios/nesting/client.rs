//! The part that asks: `ask 3 deep for 2ms`, `panic 3 deep for 2ms`, `ask twins for 2ms`, `ask together for 2ms`, `count`.

use super::asking::{Asking, Counted};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Event, Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClientOperation {
    Ask(Way, Duration),
    Count,
}

/// What the client tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It asks in this way.
    Asks(Way),
    /// It has been answered, or the panic has been caught.
    Ends,
    Counted(Counted),
}

/// How it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Chain { deep: u32 },
    Panics { deep: u32 },
    Twins,
    Together,
}

struct LiveClient {
    asking: Asking,
    name: Name,
}

impl Client {
    /// A chain of calls, one inside the other.
    pub(crate) fn asks(self, deep: u32, takes: Duration) -> Operation {
        Operation::new(ClientOperation::Ask(Way::Chain { deep }, takes))
    }

    /// The same, and the innermost panics.
    pub(crate) fn asks_and_panics(self, deep: u32, takes: Duration) -> Operation {
        Operation::new(ClientOperation::Ask(Way::Panics { deep }, takes))
    }

    /// A call inside one of a breaker of the same name, which is inside one of its own.
    pub(crate) fn asks_twins(self, takes: Duration) -> Operation {
        Operation::new(ClientOperation::Ask(Way::Twins, takes))
    }

    /// Two tasks at once.
    pub(crate) fn asks_together(self, takes: Duration) -> Operation {
        Operation::new(ClientOperation::Ask(Way::Together, takes))
    }

    /// Tells what the breakers have counted.
    pub(crate) fn counts(self) -> Operation {
        Operation::new(ClientOperation::Count)
    }
}

/// What `event` tells of the client, if it does.
pub(crate) fn told(event: &Event) -> Option<Told> {
    let What::Note { verb, fields } = &event.what else { return None };
    let deep = |deep: &i64| u32::try_from(*deep).expect("it was written down as a u32");
    let count = |count: &i64| u64::try_from(*count).expect("it was written down as a u64");
    Some(match (&**verb, &fields[..]) {
        ("asks", [(_, Value::Int(calls))]) => Told::Asks(Way::Chain { deep: deep(calls) }),
        ("panics", [(_, Value::Int(calls))]) => Told::Asks(Way::Panics { deep: deep(calls) }),
        ("asks twins", []) => Told::Asks(Way::Twins),
        ("asks together", []) => Told::Asks(Way::Together),
        ("ends", []) => Told::Ends,
        ("counted", [(_, Value::Int(chain)), (_, Value::Int(twins)), (_, Value::Int(tasks))]) => {
            Told::Counted(Counted { chain: count(chain), twins: count(twins), tasks: count(tasks) })
        }
        _ => return None,
    })
}

fn what(told: Told) -> What {
    let count = |count: u64| Value::Int(count.try_into().expect("a client asks a few times"));
    let (verb, fields) = match told {
        Told::Asks(Way::Chain { deep }) => ("asks", vec![("deep", Value::Int(deep.into()))]),
        Told::Asks(Way::Panics { deep }) => ("panics", vec![("deep", Value::Int(deep.into()))]),
        Told::Asks(Way::Twins) => ("asks twins", vec![]),
        Told::Asks(Way::Together) => ("asks together", vec![]),
        Told::Ends => ("ends", vec![]),
        Told::Counted(Counted { chain, twins, tasks }) => {
            let counts = [("chain", chain), ("twins", twins), ("tasks", tasks)];
            ("counted", counts.map(|(name, calls)| (name, count(calls))).to_vec())
        }
    };
    let fields = fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    What::Note { verb: Name::from(verb), fields }
}

impl fmt::Display for ClientOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Ask(Way::Chain { deep }, takes) => {
                write!(f, "ask {deep} deep for {}", Span(takes))
            }
            Self::Ask(Way::Panics { deep }, takes) => {
                write!(f, "panic {deep} deep for {}", Span(takes))
            }
            Self::Ask(Way::Twins, takes) => write!(f, "ask twins for {}", Span(takes)),
            Self::Ask(Way::Together, takes) => write!(f, "ask together for {}", Span(takes)),
            Self::Count => f.write_str("count"),
        }
    }
}

/// The text is none of [`FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotOfTheClient;

const FORMS: [&str; 5] = [
    "ask CALLS deep for DURATION",
    "panic CALLS deep for DURATION",
    "ask twins for DURATION",
    "ask together for DURATION",
    "count",
];

impl FromStr for ClientOperation {
    type Err = NotOfTheClient;

    fn from_str(text: &str) -> Result<Self, NotOfTheClient> {
        let span = |text: &str| text.parse().map(|Span(time)| time).map_err(|_| NotOfTheClient);
        let deep = |text: &str| match text.parse() {
            Ok(deep @ 1..=9) => Ok(deep),
            _ => Err(NotOfTheClient),
        };
        Ok(match text.split(' ').collect::<Vec<_>>()[..] {
            ["ask", calls, "deep", "for", takes] => {
                Self::Ask(Way::Chain { deep: deep(calls)? }, span(takes)?)
            }
            ["panic", calls, "deep", "for", takes] => {
                Self::Ask(Way::Panics { deep: deep(calls)? }, span(takes)?)
            }
            ["ask", "twins", "for", takes] => Self::Ask(Way::Twins, span(takes)?),
            ["ask", "together", "for", takes] => Self::Ask(Way::Together, span(takes)?),
            ["count"] => Self::Count,
            _ => return Err(NotOfTheClient),
        })
    }
}

impl Part for Client {
    fn reads(&self, operation: &str) -> Reading {
        let verb = operation.split(' ').next().unwrap_or_default();
        reading::<ClientOperation>(operation, ["ask", "panic", "count"].contains(&verb))
    }

    fn forms(&self) -> Vec<String> {
        FORMS.map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        Arc::new(LiveClient { asking: Asking::new(*sim), name: Name::from("client") })
    }
}

impl Live for LiveClient {
    fn perform(&self, sim: &Sim, operation: &str) {
        let Self { asking, name } = self;
        let tell = |told| sim.record(name, what(told));
        match operation.parse().expect("an operation is read before it is performed") {
            ClientOperation::Count => tell(Told::Counted(asking.count())),
            ClientOperation::Ask(way, takes) => {
                tell(Told::Asks(way));
                match way {
                    Way::Chain { deep } => asking.ask(deep, takes),
                    Way::Panics { deep } => asking.ask_and_panic(deep, takes),
                    Way::Twins => asking.ask_twins(takes),
                    Way::Together => asking.ask_together(takes),
                }
                tell(Told::Ends);
            }
        }
    }
}
