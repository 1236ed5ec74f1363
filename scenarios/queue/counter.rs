//! The part that uses a bounded queue: `give 3 within 20ms`, `take within 20ms`, `take the rest`.

use super::bounded::{Bounded, Told, Wait, Wish};
use retrip_sim::engine::threads::Sim;
use retrip_sim::log::{Event, Name, Value, What};
use retrip_sim::part::{Live, Operation, Part, Reading, reading};
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// A queue with room for so many items, and those who give and take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter {
    pub(crate) room: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CounterOperation {
    Give { item: u32, within: Duration },
    Take { within: Duration },
    TakeTheRest,
}

struct LiveCounter<F>(Bounded<Sim, F>);

impl Counter {
    /// Gives an item, if there is room within this time.
    pub(crate) fn gives(self, item: u32, within: Duration) -> Operation {
        Operation::new(CounterOperation::Give { item, within })
    }

    /// Takes an item, if there is one within this time.
    pub(crate) fn takes(self, within: Duration) -> Operation {
        Operation::new(CounterOperation::Take { within })
    }

    /// Takes what is there.
    pub(crate) fn takes_the_rest(self) -> Operation {
        Operation::new(CounterOperation::TakeTheRest)
    }
}

/// What `event` tells of the queue, if it does.
pub(crate) fn told(event: &Event) -> Option<Told> {
    let What::Note { verb, fields } = &event.what else { return None };
    let wait = |at_last: bool| if at_last { Wait::AtLast } else { Wait::Over };
    Some(match (&**verb, &fields[..]) {
        ("wants room" | "wants an item", [(_, Value::Duration(within))]) => {
            Told::Asks { for_: wish(verb), within: *within }
        }
        ("awaits room" | "awaits an item", [(_, Value::Duration(left))]) => {
            Told::Waits { for_: wish(verb), left: *left }
        }
        ("gives" | "gives at last", [(_, Value::Int(item)), (_, Value::Int(holds))]) => {
            let wait = wait(verb.ends_with("at last"));
            Told::Gives { item: small(*item), wait, holds: small(*holds) }
        }
        ("takes" | "takes at last", [(_, Value::Int(item)), (_, Value::Int(holds))]) => {
            let wait = wait(verb.ends_with("at last"));
            Told::Takes { item: small(*item), wait, holds: small(*holds) }
        }
        ("is refused", [(_, Value::Int(holds))]) => Told::IsRefused { holds: small(*holds) },
        _ => return None,
    })
}

fn wish(verb: &str) -> Wish {
    if verb.ends_with("room") { Wish::Room } else { Wish::Item }
}

fn small<T: TryFrom<i64>>(number: i64) -> T {
    T::try_from(number).ok().expect("it was written down as a number of this kind")
}

fn int(number: usize) -> Value {
    Value::Int(i64::try_from(number).expect("a queue of a few items is small"))
}

fn what(told: Told) -> What {
    let (verb, fields) = match told {
        Told::Asks { for_, within } => {
            let verb = if for_ == Wish::Room { "wants room" } else { "wants an item" };
            (verb, vec![("within", Value::Duration(within))])
        }
        Told::Waits { for_, left } => {
            let verb = if for_ == Wish::Room { "awaits room" } else { "awaits an item" };
            (verb, vec![("for", Value::Duration(left))])
        }
        Told::Gives { item, wait, holds } => {
            let verb = if wait == Wait::AtLast { "gives at last" } else { "gives" };
            (verb, vec![("", Value::Int(item.into())), ("holds", int(holds))])
        }
        Told::Takes { item, wait, holds } => {
            let verb = if wait == Wait::AtLast { "takes at last" } else { "takes" };
            (verb, vec![("", Value::Int(item.into())), ("holds", int(holds))])
        }
        Told::IsRefused { holds } => ("is refused", vec![("holds", int(holds))]),
    };
    let fields = fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    What::Note { verb: Name::from(verb), fields }
}

impl fmt::Display for CounterOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Give { item, within } => write!(f, "give {item} within {}", Span(within)),
            Self::Take { within } => write!(f, "take within {}", Span(within)),
            Self::TakeTheRest => f.write_str("take the rest"),
        }
    }
}

/// The text is none of the three operations of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NotOfTheQueue;

impl FromStr for CounterOperation {
    type Err = NotOfTheQueue;

    fn from_str(text: &str) -> Result<Self, NotOfTheQueue> {
        let span = |text: &str| text.parse().map(|Span(time)| time).map_err(|_| NotOfTheQueue);
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["give", item, "within", within] => {
                let item = item.parse().map_err(|_| NotOfTheQueue)?;
                Ok(Self::Give { item, within: span(within)? })
            }
            ["take", "within", within] => Ok(Self::Take { within: span(within)? }),
            ["take", "the", "rest"] => Ok(Self::TakeTheRest),
            _ => Err(NotOfTheQueue),
        }
    }
}

impl Part for Counter {
    fn reads(&self, operation: &str) -> Reading {
        let verb = operation.split(' ').next().unwrap_or_default();
        reading::<CounterOperation>(operation, ["give", "take"].contains(&verb))
    }

    fn forms(&self) -> Vec<String> {
        ["give ITEM within DURATION", "take within DURATION", "take the rest"]
            .map(String::from)
            .to_vec()
    }

    fn enter(&self, sim: &Sim) -> Arc<dyn Live> {
        let (sim, name) = (*sim, Name::from("queue"));
        let room = usize::try_from(self.room).expect("a queue is small");
        let tell = move |told: Told| sim.record(&name, what(told));
        Arc::new(LiveCounter(Bounded::new(room, sim, tell)))
    }
}

impl<F: Fn(Told) + Send + Sync> Live for LiveCounter<F> {
    fn perform(&self, _sim: &Sim, operation: &str) {
        match operation.parse().expect("an operation is read before it is performed") {
            CounterOperation::Give { item, within } => self.0.give(item, within),
            CounterOperation::Take { within } => self.0.take(within),
            CounterOperation::TakeTheRest => self.0.take_the_rest(),
        }
    }
}
