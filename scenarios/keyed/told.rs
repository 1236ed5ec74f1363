//! What the log says of breakers by key: who asks, who goes, and what a breaker is when its caller lets it go.

use retrip_core::breaker::{Control, State, Stats};
use retrip_core::door::Instant;
use retrip_sim::log::{Event, Name, Value, What};
use std::time::Duration;

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Its thread asks for the breaker of this key.
    Asks(Name),
    /// It has it, a new one or not, and there are so many then.
    Gets { key: Name, new: bool, there: usize },
    /// There is no place for it.
    IsRefused(Name),
    /// The keys that are kept of a breaker are dropped, within what the thread does.
    Goes(Name),
    /// It lets the breaker go, which is in this mode after what was done with it.
    LetsGo { key: Name, after: Name, now: Mode },
    /// It lets go who is idle.
    Evicts,
    /// So many went.
    HasEvicted(usize),
    /// So many breakers are there, and so many keys are kept.
    Has { breakers: usize, keys: usize },
}

/// What a breaker does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Closed,
    /// Open, and waiting for trials from then on.
    Open {
        until: Instant,
    },
    Tries,
    ByHand,
}

impl Mode {
    /// The mode of a breaker that opens for `open_for`, by its statistics.
    pub(super) fn of(stats: &Stats, open_for: Duration) -> Self {
        match (stats.control, stats.entered) {
            (Control::Automatic, State::Closed) => Self::Closed,
            (Control::Automatic, State::Open) => {
                Self::Open { until: stats.since.saturating_add(open_for) }
            }
            (Control::Automatic, State::HalfOpen) => Self::Tries,
            _ => Self::ByHand,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open { .. } => "open",
            Self::Tries => "half-open",
            Self::ByHand => "by hand",
        }
    }
}

impl Told {
    /// It as an event.
    pub(super) fn what(&self) -> What {
        match self {
            Self::Asks(key) => note("asks for", [("", name(key))]),
            Self::Gets { key, new, there } => {
                let which = if *new { "a new one of" } else { "one of" };
                note("gets", [("", name(key)), (which, count(*there))])
            }
            Self::IsRefused(key) => note("is refused", [("", name(key))]),
            Self::Goes(key) => note("goes", [("", name(key))]),
            Self::LetsGo { key, after, now } => {
                let until = match now {
                    Mode::Open { until } => Some(("until", Value::Instant(*until))),
                    _ => None,
                };
                let fields = [("", name(key)), ("after", name(after)), ("now", text(now.word()))];
                note("lets go", fields.into_iter().chain(until))
            }
            Self::Evicts => note("evicts", []),
            Self::HasEvicted(gone) => note("has evicted", [("", count(*gone))]),
            Self::Has { breakers, keys } => {
                note("has", [("breakers", count(*breakers)), ("keys", count(*keys))])
            }
        }
    }
}

/// What `event` says of breakers by key, if it does.
pub(super) fn told(event: &Event) -> Option<Told> {
    let What::Note { verb, fields } = &event.what else { return None };
    Some(match (&**verb, &fields[..]) {
        ("asks for", [(_, Value::Text(key))]) => Told::Asks(Name::clone(key)),
        ("gets", [(_, Value::Text(key)), (which, there)]) => {
            let new = **which == *"a new one of";
            Told::Gets { key: Name::clone(key), new, there: number(there) }
        }
        ("is refused", [(_, Value::Text(key))]) => Told::IsRefused(Name::clone(key)),
        ("goes", [(_, Value::Text(key))]) => Told::Goes(Name::clone(key)),
        ("lets go", [(_, Value::Text(key)), (_, Value::Text(after)), (_, now), until @ ..]) => {
            let (key, after) = (Name::clone(key), Name::clone(after));
            Told::LetsGo { key, after, now: mode(now, until) }
        }
        ("evicts", []) => Told::Evicts,
        ("has evicted", [(_, gone)]) => Told::HasEvicted(number(gone)),
        ("has", [(_, breakers), (_, keys)]) => {
            Told::Has { breakers: number(breakers), keys: number(keys) }
        }
        _ => return None,
    })
}

fn mode(word: &Value, until: &[(Name, Value)]) -> Mode {
    if let [(_, Value::Instant(until))] = until {
        return Mode::Open { until: *until };
    }
    let modes = [Mode::Closed, Mode::Tries, Mode::ByHand];
    let mode = modes.into_iter().find(|mode| *word == text(mode.word()));
    mode.expect("it was written down as one")
}

fn note(verb: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> What {
    let fields = fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    What::Note { verb: verb.into(), fields }
}

fn name(name: &Name) -> Value {
    Value::Text(Name::clone(name))
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).expect("a run has few breakers"))
}

fn number(value: &Value) -> usize {
    match value {
        Value::Int(number) => usize::try_from(*number).expect("it was written down as a usize"),
        other => panic!("{other:?} is no number"),
    }
}
