//! What the log says of a breaker and of those who listen to it.

use super::operation::{Act, Deed};
use retrip_core::breaker::{Event as Heard, EventKind, State, Stats};
use retrip_sim::log::{Event, Name, Value, What};

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Whom the event is about hears of what has this place in the order of all, in this generation; of a change with the state
    /// that it leads to; and where it is that some were missed, how many.
    Hears { order: i64, generation: i64, state: Option<Name>, missed: i64 },
    /// The meddler begins to do this.
    Meddles,
    /// Somebody has made a call, and this came of it: `ok`, `failed` or `rejected`.
    Calls,
    /// Somebody has done something else.
    Did,
    /// A listener's panic has ended what somebody did. Whether that was a call.
    IsThrownOut { of_call: bool },
    /// What the breaker is, and what it has counted.
    Has(Reading),
}

/// What a breaker is, and what it has counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) state: Name,
    pub(super) generation: i64,
    /// Calls that have ended or were rejected.
    pub(super) counted: i64,
    pub(super) in_flight: i64,
}

/// What is said after the state that a command by hand has met.
const AGAIN: &str = " again";
/// What is said after how many events were missed.
const MISSED: &str = " missed";

pub(super) fn hears(heard: &Heard) -> What {
    let what = match heard.kind {
        EventKind::Transition { to, .. } => to.as_str().to_owned(),
        EventKind::Renewed { state, .. } => format!("{}{AGAIN}", state.as_str()),
        EventKind::TrialBegins { .. } => "a trial".to_owned(),
        EventKind::Completed { .. } => "an end".to_owned(),
        EventKind::Rejected { .. } => "a rejection".to_owned(),
        EventKind::Missed { count } => format!("{count}{MISSED}"),
        _ => "something else".to_owned(),
    };
    let (generation, order) = (count(heard.generation.as_u64()), count(heard.order));
    note("hears", [("", text(&what)), ("in", generation), ("as", order)])
}

fn state(what: &str) -> Option<Name> {
    let word = what.strip_suffix(AGAIN).unwrap_or(what);
    let states = [State::Closed, State::Open, State::HalfOpen];
    states.into_iter().find(|state| state.as_str() == word).map(|state| state.as_str().into())
}

fn missed(what: &str) -> i64 {
    what.strip_suffix(MISSED).map_or(0, |count| count.parse().expect("it was written as one"))
}

pub(super) fn meddles(deed: Deed) -> What {
    note("meddles", [("", text(&deed.to_string()))])
}

pub(super) fn calls(result: &str) -> What {
    note("calls", [("", text(result))])
}

pub(super) fn did(act: Act) -> What {
    note("did", [("", text(act.words()))])
}

pub(super) fn is_thrown_out(act: Act) -> What {
    note("thrown out", [("of", text(act.words()))])
}

pub(super) fn has(stats: &Stats) -> What {
    let counted = stats.success + stats.failure + stats.ignored + stats.rejected;
    let fields = [
        // What somebody has been told of: an open interval may be over before anybody comes.
        ("", text(stats.entered.as_str())),
        ("in", count(stats.generation.as_u64())),
        ("counted", count(counted)),
        ("in flight", count(stats.in_flight)),
    ];
    note("is", fields)
}

/// What `event` says of a breaker and its listeners, if it does.
pub(super) fn told(event: &Event) -> Option<Told> {
    let What::Note { verb, fields } = &event.what else { return None };
    let is_call = |act: &Value| *act == text("call") || *act == text("call and fail");
    Some(match (&**verb, &fields[..]) {
        (
            "hears",
            [(_, Value::Text(what)), (_, Value::Int(generation)), (_, Value::Int(order))],
        ) => Told::Hears {
            order: *order,
            generation: *generation,
            state: state(what),
            missed: missed(what),
        },
        ("meddles", _) => Told::Meddles,
        ("calls", _) => Told::Calls,
        ("did", _) => Told::Did,
        ("thrown out", [(_, act)]) => Told::IsThrownOut { of_call: is_call(act) },
        (
            "is",
            [
                (_, Value::Text(state)),
                (_, Value::Int(generation)),
                (_, Value::Int(counted)),
                (_, Value::Int(in_flight)),
            ],
        ) => Told::Has(Reading {
            state: Name::clone(state),
            generation: *generation,
            counted: *counted,
            in_flight: *in_flight,
        }),
        _ => return None,
    })
}

fn note(verb: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> What {
    let fields = fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    What::Note { verb: verb.into(), fields }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn count(count: u64) -> Value {
    Value::Int(i64::try_from(count).expect("a run is short"))
}
