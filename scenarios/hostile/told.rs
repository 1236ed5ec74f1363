//! What the log says of a breaker and of its clock.

use super::operation::Deed;
use retrip_core::breaker::{Rejected, State};
use retrip_core::door::Instant;
use retrip_sim::log::{Event, Name, Value, What};
use std::time::Duration;

/// What an event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Somebody reads the clock.
    Reads(Instant),
    /// A call is rejected, for so long by what it is told.
    Rejects(Option<Duration>),
    /// What the breaker is in the end. Whether it is closed.
    Is { closed: bool },
}

pub(super) fn reads(shown: Instant) -> What {
    note("reads", [("", Value::Instant(shown))])
}

pub(super) fn clock(deed: Deed) -> What {
    let text = deed.to_string();
    let (verb, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let rest = (!rest.is_empty()).then(|| ("", Value::Text(rest.into())));
    note(verb, rest)
}

pub(super) fn calls(result: &str) -> What {
    note("calls", [("", Value::Text(result.into()))])
}

pub(super) fn rejects(rejected: &Rejected) -> What {
    note("rejects", rejected.retry_after.map(|left| ("for", Value::Duration(left))))
}

pub(super) fn is(state: State) -> What {
    note("is", [("", Value::Text(state.as_str().into()))])
}

/// What `event` says of a breaker and its clock, if it does.
pub(super) fn told(event: &Event) -> Option<Told> {
    let What::Note { verb, fields } = &event.what else { return None };
    Some(match (&**verb, &fields[..]) {
        ("reads", [(_, Value::Instant(shown))]) => Told::Reads(*shown),
        ("rejects", [(_, Value::Duration(left))]) => Told::Rejects(Some(*left)),
        ("rejects", []) => Told::Rejects(None),
        ("is", [(_, Value::Text(state))]) => {
            Told::Is { closed: **state == *State::Closed.as_str() }
        }
        _ => return None,
    })
}

fn note(verb: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> What {
    let fields = fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    What::Note { verb: verb.into(), fields }
}
