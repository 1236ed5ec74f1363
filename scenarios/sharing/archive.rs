//! The part that uses a shelf: `read for 3ms`, `add 2 for 1ms`.

use super::shelf::{Shelf, Told};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Event, Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// A shelf, whose writers let so many readers pass, and those who read and write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Archive {
    pub(crate) patience: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ArchiveOperation {
    Read { takes: Duration },
    Add { amount: u32, takes: Duration },
}

struct LiveArchive<F>(Shelf<Sim, F>);

impl Archive {
    /// Reads, which takes so long.
    pub(crate) fn reads(self, takes: Duration) -> Operation {
        Operation::new(ArchiveOperation::Read { takes })
    }

    /// Reads and then adds to what it has read, which takes so long.
    pub(crate) fn adds(self, amount: u32, takes: Duration) -> Operation {
        Operation::new(ArchiveOperation::Add { amount, takes })
    }
}

/// What `event` tells of the shelf, if it does.
pub(crate) fn told(event: &Event) -> Option<Told> {
    let What::Note { verb, fields } = &event.what else { return None };
    Some(match (&**verb, &fields[..]) {
        ("comes to read", []) => Told::ComesToRead,
        ("comes to write", []) => Told::ComesToWrite,
        ("begins to read", []) => Told::BeginsToRead,
        ("begins to write", []) => Told::BeginsToWrite,
        ("reads", [(_, Value::Int(one)), (_, Value::Int(other))]) => {
            Told::Reads { one: small(*one), other: small(*other) }
        }
        ("adds", [(_, Value::Int(amount)), (_, Value::Int(makes))]) => {
            Told::Adds { amount: small(*amount), makes: small(*makes) }
        }
        _ => return None,
    })
}

fn small(number: i64) -> u32 {
    u32::try_from(number).expect("it was written down as a number of this kind")
}

fn what(told: Told) -> What {
    let (verb, fields) = match told {
        Told::ComesToRead => ("comes to read", vec![]),
        Told::ComesToWrite => ("comes to write", vec![]),
        Told::BeginsToRead => ("begins to read", vec![]),
        Told::BeginsToWrite => ("begins to write", vec![]),
        Told::Reads { one, other } => ("reads", vec![("first", one), ("second", other)]),
        Told::Adds { amount, makes } => ("adds", vec![("", amount), ("makes", makes)]),
    };
    let field = |(name, number): (&str, u32)| (Name::from(name), Value::Int(number.into()));
    What::Note { verb: Name::from(verb), fields: fields.into_iter().map(field).collect() }
}

impl fmt::Display for ArchiveOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Read { takes } => write!(f, "read for {}", Span(takes)),
            Self::Add { amount, takes } => write!(f, "add {amount} for {}", Span(takes)),
        }
    }
}

/// The text is neither `read for DURATION` nor `add AMOUNT for DURATION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotOfTheArchive;

impl FromStr for ArchiveOperation {
    type Err = NotOfTheArchive;

    fn from_str(text: &str) -> Result<Self, NotOfTheArchive> {
        let span = |text: &str| text.parse().map(|Span(time)| time).map_err(|_| NotOfTheArchive);
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["read", "for", takes] => Ok(Self::Read { takes: span(takes)? }),
            ["add", amount, "for", takes] => {
                // An amount that fits u16, so that no plan makes a sum that does not fit.
                let amount: u16 = amount.parse().map_err(|_| NotOfTheArchive)?;
                Ok(Self::Add { amount: amount.into(), takes: span(takes)? })
            }
            _ => Err(NotOfTheArchive),
        }
    }
}

impl Part for Archive {
    fn reads(&self, operation: &str) -> Reading {
        let verb = operation.split(' ').next().unwrap_or_default();
        reading::<ArchiveOperation>(operation, ["read", "add"].contains(&verb))
    }

    fn forms(&self) -> Vec<String> {
        ["read for DURATION", "add AMOUNT for DURATION"].map(String::from).to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let (sim, name) = (*sim, Name::from("shelf"));
        let tell = move |told: Told| sim.record(&name, what(told));
        Arc::new(LiveArchive(Shelf::new(self.patience, sim, tell)))
    }
}

impl<F: Fn(Told) + Send + Sync> Live for LiveArchive<F> {
    fn perform(&self, _sim: &Sim, operation: &str) {
        match operation.parse().expect("an operation is read before it is performed") {
            ArchiveOperation::Read { takes } => drop(self.0.read(takes)),
            ArchiveOperation::Add { amount, takes } => self.0.add(amount, takes),
        }
    }
}
