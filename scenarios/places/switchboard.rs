//! The part that makes calls: `call for 3ms within 5ms`, `count`.

use super::hall::{Hall, Told};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Event, Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// A hall with so many places, and those who call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Switchboard {
    pub(crate) places: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SwitchboardOperation {
    Call { takes: Duration, within: Duration },
    Count,
}

struct LiveSwitchboard<F>(Hall<F>);

impl Switchboard {
    /// Waits for a place and works in it for `takes`, both within a time.
    pub(crate) fn calls(self, takes: Duration, within: Duration) -> Operation {
        Operation::new(SwitchboardOperation::Call { takes, within })
    }

    /// Counts the places that are free.
    pub(crate) fn counts(self) -> Operation {
        Operation::new(SwitchboardOperation::Count)
    }
}

/// What `event` tells of the hall, if it does.
pub(crate) fn told(event: &Event) -> Option<Told> {
    let What::Note { verb, fields } = &event.what else { return None };
    Some(match (&**verb, &fields[..]) {
        ("asks", [(_, Value::Duration(limit))]) => Told::Asks(*limit),
        ("begins", [(_, Value::Duration(takes))]) => Told::Begins(*takes),
        ("ends", []) => Told::Ends,
        ("is cancelled", []) => Told::IsCancelled,
        ("are free", [(_, Value::Int(places))]) => {
            Told::AreFree(usize::try_from(*places).expect("it was written down as a usize"))
        }
        _ => return None,
    })
}

fn what(told: Told) -> What {
    let (verb, field) = match told {
        Told::Asks(limit) => ("asks", Some(("within", Value::Duration(limit)))),
        Told::Begins(takes) => ("begins", Some(("for", Value::Duration(takes)))),
        Told::Ends => ("ends", None),
        Told::IsCancelled => ("is cancelled", None),
        Told::AreFree(places) => {
            let places = i64::try_from(places).expect("a hall is small");
            ("are free", Some(("", Value::Int(places))))
        }
    };
    let fields = field.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    What::Note { verb: Name::from(verb), fields }
}

impl fmt::Display for SwitchboardOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Call { takes, within } => {
                write!(f, "call for {} within {}", Span(takes), Span(within))
            }
            Self::Count => f.write_str("count"),
        }
    }
}

/// The text is neither `call for DURATION within DURATION` nor `count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotOfTheSwitchboard;

impl FromStr for SwitchboardOperation {
    type Err = NotOfTheSwitchboard;

    fn from_str(text: &str) -> Result<Self, NotOfTheSwitchboard> {
        let span =
            |text: &str| text.parse().map(|Span(time)| time).map_err(|_| NotOfTheSwitchboard);
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["call", "for", takes, "within", within] => {
                Ok(Self::Call { takes: span(takes)?, within: span(within)? })
            }
            ["count"] => Ok(Self::Count),
            _ => Err(NotOfTheSwitchboard),
        }
    }
}

impl Part for Switchboard {
    fn reads(&self, operation: &str) -> Reading {
        let verb = operation.split(' ').next().unwrap_or_default();
        reading::<SwitchboardOperation>(operation, ["call", "count"].contains(&verb))
    }

    fn forms(&self) -> Vec<String> {
        ["call for DURATION within DURATION", "count"].map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let (sim, name) = (*sim, Name::from("places"));
        let places = usize::try_from(self.places).expect("a hall is small");
        let tell = move |told: Told| sim.record(&name, what(told));
        Arc::new(LiveSwitchboard(Hall::new(sim, places, tell)))
    }
}

impl<F: Fn(Told) + Send + Sync> Live for LiveSwitchboard<F> {
    fn perform(&self, _sim: &Sim, operation: &str) {
        match operation.parse().expect("an operation is read before it is performed") {
            SwitchboardOperation::Call { takes, within } => self.0.call(takes, within),
            SwitchboardOperation::Count => self.0.count(),
        }
    }
}
