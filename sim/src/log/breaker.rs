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
        EventKind::Renewed { cause, .. } => match cause {
            Cause::Forced => "is forced open",
            Cause::Isolated => "is isolated",
            Cause::Disabled => "is disabled",
            Cause::MetricsOnly => "only measures",
            Cause::Lifted => "is lifted",
            _ => "is reset",
        },
        EventKind::TrialBegins { .. } => "is tried",
        EventKind::TrialReclaimed { .. } => "trial is silent",
        EventKind::Completed { outcome, ended, .. } => match (ended, outcome) {
            (Ended::Cancelled, _) => "call cancelled",
            (Ended::Panicked, _) => "call panicked",
            (Ended::Returned, Outcome::Success) => "call ok",
            (Ended::Returned, Outcome::Failure) => "call failed",
            (Ended::Returned, Outcome::Ignored) => "call ignored",
        },
        EventKind::Rejected { .. } => "rejected",
        EventKind::Missed { .. } => "told too much",
        _ => "does something new",
    }
}

pub(super) fn detail(event: &Event) -> String {
    match &event.kind {
        EventKind::Transition { to, after, open_for, cause, .. } => {
            transition_detail(*to, *cause, *after, *open_for)
        }
        EventKind::Renewed { open_for: Some(open_for), .. } => {
            format!("for {}", Seconds(*open_for))
        }
        EventKind::TrialReclaimed { admitted_at } => {
            format!("for {}", Seconds(event.at.saturating_duration_since(*admitted_at)))
        }
        EventKind::TrialBegins { trial, permits } => format!("{trial} of {permits}"),
        EventKind::Completed { admitted_at, asked, counted, .. } => {
            let took = admitted_at.map_or(Duration::ZERO, |admitted_at| {
                event.at.saturating_duration_since(admitted_at)
            });
            let took = (!took.is_zero()).then(|| format!("took {}", Seconds(took)));
            let asked = asked.map(|time| format!("asks for {}", Seconds(time)));
            // Not the generation's number: one more opening before would change it, and so this line.
            let late = (*counted == Counted::Stale).then(|| "too late to count".to_owned());
            took.into_iter().chain(asked).chain(late).collect::<Vec<_>>().join(", ")
        }
        EventKind::Rejected { retry_after: None, .. } => "until it is reset".to_owned(),
        EventKind::Rejected { state: State::HalfOpen, .. } => "while trials run".to_owned(),
        EventKind::Rejected { retry_after: Some(left), .. } => {
            format!("for {} more", Seconds(*left))
        }
        EventKind::Missed { count } => format!("{count} missed"),
        _ => String::new(),
    }
}

fn transition_detail(
    to: State,
    cause: Cause,
    after: Duration,
    open_for: Option<Duration>,
) -> String {
    let by = match cause {
        Cause::Reset => return "by a reset".to_owned(),
        Cause::Disabled => return "by hand, disabled".to_owned(),
        Cause::MetricsOnly => return "by hand, only measures".to_owned(),
        Cause::Lifted => return "by hand, lifted".to_owned(),
        Cause::Isolated => ", by hand",
        Cause::FailureRate => ", by its rate of failures",
        Cause::SlowRate => ", by its rate of slow calls",
        Cause::TrialSlow => ", by a slow trial",
        Cause::NotClosedInTime => ", having not closed in time",
        _ => "",
    };
    match (to, open_for) {
        (State::Open, Some(open_for)) => format!("for {}{by}", Seconds(open_for)),
        (State::Open, None) => "until it is reset".to_owned(),
        (State::HalfOpen, _) => format!("after {}", Seconds(after)),
        (State::Closed, _) => String::new(),
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
        EventKind::Renewed { state: now, open_for, cause } => {
            fields.push(("state", Field::Text(state(*now))));
            fields.extend(open_for.map(|time| ("open_for", Field::Time(time))));
            fields.push(("cause", Field::Text(cause_name(*cause))));
        }
        EventKind::TrialBegins { trial, permits } => {
            fields.push(("trial", Field::Number((*trial).into())));
            fields.push(("permits", Field::Number((*permits).into())));
        }
        EventKind::TrialReclaimed { admitted_at } => {
            fields.push(("admitted_at", Field::Number(admitted_at.as_nanos())));
        }
        EventKind::Completed { admitted_in, admitted_at, asked, counted, .. } => {
            fields.push(("admitted_in", Field::Number(admitted_in.as_u64())));
            fields.extend(admitted_at.map(|at| ("admitted_at", Field::Number(at.as_nanos()))));
            fields.extend(asked.map(|time| ("asked", Field::Time(time))));
            let counted = if *counted == Counted::Yes { "yes" } else { "stale" };
            fields.push(("counted", Field::Text(counted)));
        }
        EventKind::Rejected { state: now, retry_after } => {
            fields.push(("state", Field::Text(state(*now))));
            fields.extend(retry_after.map(|time| ("retry_after", Field::Time(time))));
        }
        EventKind::Missed { count } => fields.push(("count", Field::Number(*count))),
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
        Cause::TrialSlow => "trial_slow",
        Cause::TrialsSucceeded => "trials_succeeded",
        Cause::Forced => "forced",
        Cause::Reset => "reset",
        Cause::FailureRate => "failure_rate",
        Cause::SlowRate => "slow_rate",
        Cause::NotClosedInTime => "not_closed_in_time",
        Cause::Isolated => "isolated",
        Cause::Disabled => "disabled",
        Cause::MetricsOnly => "metrics_only",
        Cause::Lifted => "lifted",
        _ => "something new",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::tests::event;
    use crate::log::{EventLog, What};
    use retrip_core::breaker::Generation;
    use retrip_core::door::UnitNumber;

    const SECOND: u64 = 1_000_000_000;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn log_of(event: crate::log::Event) -> EventLog {
        let mut log = EventLog::new();
        log.push(event);
        log
    }

    /// What a breaker decided at `nanos`.
    fn breaker_event(nanos: u64, kind: EventKind) -> What {
        let (at, by, generation) =
            (Instant::from_nanos(nanos), UnitNumber::default(), Generation::FIRST);
        What::Breaker(Event { order: 0, at, by, generation, kind })
    }

    #[test]
    fn a_breaker_says_what_it_does_in_the_words_of_an_operator() {
        let transition = |from, to, open_for, cause| EventKind::Transition {
            from,
            to,
            after: secs(30),
            open_for,
            cause,
        };
        let completed = |nanos, outcome, counted, ended| EventKind::Completed {
            admitted_in: Generation::FIRST,
            admitted_at: Some(Instant::from_nanos(nanos)),
            outcome,
            asked: None,
            counted,
            ended,
        };
        let busy = EventKind::Completed {
            admitted_in: Generation::FIRST,
            admitted_at: None,
            outcome: Outcome::Failure,
            asked: Some(secs(9)),
            counted: Counted::Yes,
            ended: Ended::Returned,
        };
        let rejected = |state, retry_after| EventKind::Rejected { state, retry_after };
        let (closed, open, half_open) = (State::Closed, State::Open, State::HalfOpen);
        let now = 32 * SECOND;
        let (success, yes) = (Outcome::Success, Counted::Yes);
        for (kind, verb, detail) in [
            (transition(closed, open, Some(secs(30)), Cause::Threshold), "opens", "for 30.000s"),
            (transition(closed, open, None, Cause::Forced), "opens", "until it is reset"),
            (transition(open, half_open, None, Cause::IntervalOver), "half-opens", "after 30.000s"),
            (transition(half_open, closed, None, Cause::TrialsSucceeded), "closes", ""),
            (transition(open, closed, None, Cause::Reset), "closes", "by a reset"),
            (
                EventKind::Renewed { state: open, open_for: None, cause: Cause::Forced },
                "is forced open",
                "",
            ),
            (
                EventKind::Renewed { state: closed, open_for: None, cause: Cause::Reset },
                "is reset",
                "",
            ),
            (EventKind::TrialBegins { trial: 1, permits: 2 }, "is tried", "1 of 2"),
            (completed(now, success, yes, Ended::Returned), "call ok", ""),
            (
                completed(27 * SECOND, Outcome::Failure, yes, Ended::Returned),
                "call failed",
                "took 5.000s",
            ),
            (busy, "call failed", "asks for 9.000s"),
            (completed(now, Outcome::Ignored, yes, Ended::Returned), "call ignored", ""),
            (completed(now, Outcome::Ignored, yes, Ended::Cancelled), "call cancelled", ""),
            (
                completed(31 * SECOND, Outcome::Failure, Counted::Stale, Ended::Panicked),
                "call panicked",
                "took 1.000s, too late to count",
            ),
            (rejected(open, Some(secs(1))), "rejected", "for 1.000s more"),
            (rejected(open, None), "rejected", "until it is reset"),
            (rejected(half_open, Some(Duration::ZERO)), "rejected", "while trials run"),
            (EventKind::Missed { count: 3 }, "told too much", "3 missed"),
        ] {
            let what = breaker_event(now, kind);
            assert_eq!((&*what.verb(), &*what.detail()), (verb, detail));
            assert_eq!(event(now, 0, "llm", what).detail(), detail);
        }
    }

    #[test]
    fn a_breaker_that_decided_earlier_says_when() {
        let opens =
            EventKind::Renewed { state: State::Closed, open_for: None, cause: Cause::Reset };
        let trial = EventKind::TrialBegins { trial: 1, permits: 2 };
        let late = |kind| event(2 * SECOND, 0, "llm", breaker_event(SECOND, kind));
        assert_eq!(late(opens).detail(), "at 1.000s");
        assert_eq!(late(trial.clone()).detail(), "1 of 2, at 1.000s");
        let text = log_of(late(trial)).text().to_string();
        assert!(text.contains("is tried     1 of 2, at 1.000s"), "{text}");
    }

    #[test]
    fn the_changes_of_a_breaker_are_decisions_and_its_calls_are_not() {
        let opens = EventKind::Transition {
            from: State::Closed,
            to: State::Open,
            after: secs(1),
            open_for: Some(secs(30)),
            cause: Cause::Threshold,
        };
        assert!(breaker_event(0, opens.clone()).is_decision());
        assert!(!breaker_event(0, EventKind::TrialBegins { trial: 1, permits: 2 }).is_decision());
        let json = log_of(event(0, 0, "llm", breaker_event(0, opens))).json().to_string();
        let values = r#""values":{"order":0,"at":0,"generation":0,"from":"closed","to":"open","after":1000000000,"open_for":30000000000,"cause":"threshold"}"#;
        assert!(json.contains(values), "{json}");
    }
}
