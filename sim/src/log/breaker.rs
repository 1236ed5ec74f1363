//! The words for what a breaker tells about itself.

use crate::span::Seconds;
use retrip_core::breaker::{Cause, Counted, Ended, Event, EventKind, Outcome, State};
use retrip_core::door::Instant;
use std::time::Duration;

/// Whether the event changes what the breaker does: a change of state, or a manual command.
pub(super) const fn is_decision(event: &Event) -> bool {
    matches!(event.kind, EventKind::Transition { .. } | EventKind::Renewed { .. })
}

pub(super) const fn verb(event: &Event) -> &'static str {
    match &event.kind {
        EventKind::Transition { to, .. } => match to {
            State::Closed => "closes",
            State::Open => "opens",
            State::HalfOpen => "half-opens",
        },
        EventKind::Renewed { cause: Cause::Forced, .. } => "is forced open",
        EventKind::Renewed { .. } => "is reset",
        EventKind::TrialBegins { .. } => "trial begins",
        EventKind::Completed { outcome, ended, .. } => match (ended, outcome) {
            (Ended::Cancelled, _) => "call cancelled",
            (Ended::Panicked, _) => "call panicked",
            (Ended::Returned, Outcome::Success) => "call ok",
            (Ended::Returned, Outcome::Failure) => "call failed",
            (Ended::Returned, Outcome::Ignored) => "call ignored",
        },
        EventKind::Rejected { .. } => "rejected",
        _ => "does something new",
    }
}

pub(super) fn detail(event: &Event) -> String {
    match &event.kind {
        EventKind::Transition { to, after, open_for, cause, .. } => match (to, cause, open_for) {
            (_, Cause::Reset, _) => "by a reset".to_owned(),
            (State::Open, _, Some(open_for)) => format!("for {}", Seconds(*open_for)),
            (State::Open, _, None) => "until it is reset".to_owned(),
            (State::HalfOpen, ..) => format!("after {}", Seconds(*after)),
            (State::Closed, ..) => String::new(),
        },
        EventKind::TrialBegins { trial, permits } => format!("{trial} of {permits}"),
        EventKind::Completed { admitted_in, admitted_at, counted, .. } => {
            let took = event.at.saturating_duration_since(*admitted_at);
            let took = (!took.is_zero()).then(|| format!("took {}", Seconds(took)));
            let late = (*counted == Counted::Stale)
                .then(|| format!("late, admitted in generation {admitted_in}"));
            took.into_iter().chain(late).collect::<Vec<_>>().join(", ")
        }
        EventKind::Rejected { retry_after: None, .. } => "until it is reset".to_owned(),
        EventKind::Rejected { state: State::HalfOpen, .. } => "while trials run".to_owned(),
        EventKind::Rejected { retry_after: Some(left), .. } => {
            format!("for {} more", Seconds(*left))
        }
        _ => String::new(),
    }
}

/// The detail of an event that was heard of at `heard`: with the time of the decision, where that is another.
pub(super) fn detail_heard_at(event: &Event, heard: Instant) -> String {
    let mut detail = detail(event);
    if event.at != heard {
        if !detail.is_empty() {
            detail += ", ";
        }
        detail += &format!("at {}", Seconds(event.at));
    }
    detail
}

/// What a program reads of an event.
pub(super) enum Field {
    Number(u64),
    Time(Duration),
    Text(&'static str),
}

/// Every value of an event, by name.
pub(super) fn fields(event: &Event) -> Vec<(&'static str, Field)> {
    let mut fields = vec![
        ("order", Field::Number(event.order)),
        ("at", Field::Number(event.at.as_nanos())),
        ("generation", Field::Number(event.generation.as_u64())),
    ];
    match &event.kind {
        EventKind::Transition { from, to, after, open_for, cause } => {
            fields.push(("from", Field::Text(state(*from))));
            fields.push(("to", Field::Text(state(*to))));
            fields.push(("after", Field::Time(*after)));
            fields.extend(open_for.map(|time| ("open_for", Field::Time(time))));
            fields.push(("cause", Field::Text(cause_name(*cause))));
        }
        EventKind::Renewed { state: now, cause } => {
            fields.push(("state", Field::Text(state(*now))));
            fields.push(("cause", Field::Text(cause_name(*cause))));
        }
        EventKind::TrialBegins { trial, permits } => {
            fields.push(("trial", Field::Number((*trial).into())));
            fields.push(("permits", Field::Number((*permits).into())));
        }
        EventKind::Completed { admitted_in, admitted_at, counted, .. } => {
            fields.push(("admitted_in", Field::Number(admitted_in.as_u64())));
            fields.push(("admitted_at", Field::Number(admitted_at.as_nanos())));
            let counted = if *counted == Counted::Yes { "yes" } else { "stale" };
            fields.push(("counted", Field::Text(counted)));
        }
        EventKind::Rejected { state: now, retry_after } => {
            fields.push(("state", Field::Text(state(*now))));
            fields.extend(retry_after.map(|time| ("retry_after", Field::Time(time))));
        }
        _ => {}
    }
    fields
}

const fn state(state: State) -> &'static str {
    match state {
        State::Closed => "closed",
        State::Open => "open",
        State::HalfOpen => "half-open",
    }
}

const fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::Threshold => "threshold",
        Cause::IntervalOver => "interval_over",
        Cause::TrialFailed => "trial_failed",
        Cause::TrialsSucceeded => "trials_succeeded",
        Cause::Forced => "forced",
        Cause::Reset => "reset",
    }
}
