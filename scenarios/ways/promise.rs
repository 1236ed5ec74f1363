//! What is promised of each way.

use super::desk::{CALLED, WRAPPED};
use retrip_core::breaker::{self, EventKind, Outcome, State};
use retrip_core::door::Instant;
use retrip_sim::check::{End, Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name, Value, What};
use std::collections::{BTreeMap, VecDeque};

/// See [`wrapper_is_call`].
struct WrapperIsCall {
    /// What one of the breakers has told and the other one has not yet.
    ahead: VecDeque<(Name, breaker::Event)>,
}

/// What the wrapper's breaker tells is what the other one tells, event by event: the same kinds at the same moments, in the
/// same generations.
pub(super) fn wrapper_is_call() -> impl Promise {
    WrapperIsCall { ahead: VecDeque::new() }
}

impl Promise for WrapperIsCall {
    fn name(&self) -> &'static str {
        "wrapper_is_call"
    }

    fn statement(&self) -> String {
        format!("the journal of `{WRAPPED}` is that of `{CALLED}`")
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        let What::Breaker(own) = &event.what else { return Judgement::NotConcerned };
        match self.ahead.front() {
            Some((who, _)) if *who != event.who => {}
            _ => {
                self.ahead.push_back((Name::clone(&event.who), own.clone()));
                return Judgement::NotConcerned;
            }
        }
        let Some((_, before)) = self.ahead.pop_front() else { return Judgement::NotConcerned };
        if before == *own {
            return Judgement::Holds;
        }
        Judgement::broken(format!("{before:?}"), format!("{own:?} of `{}`", event.who))
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        match self.ahead.front() {
            Some((who, before)) => {
                Judgement::broken(format!("{before:?} of both"), format!("of `{who}` alone"))
            }
            None => Judgement::NotConcerned,
        }
    }
}

/// The note in `event`, where it is one of the desk's: its verb and its fields.
fn note(event: &Event) -> Option<(&str, &[(Name, Value)])> {
    match &event.what {
        What::Note { verb, fields } if *event.who == *"desk" => Some((verb, fields)),
        _ => None,
    }
}

fn int(fields: &[(Name, Value)], name: &str) -> i64 {
    let found = fields.iter().find(|(field, _)| **field == *name).map(|(_, value)| value);
    match found {
        Some(Value::Int(number)) => *number,
        other => panic!("{name} is {other:?}, and no number"),
    }
}

/// Whoever is rejected gets the fallback's value and nothing runs; whoever is not gets the function's, and it runs once. As many
/// fallbacks are counted as there were, and as many rejections.
pub(super) fn fallback_answers() -> impl Promise {
    // Of each thread: how often the function ran, and how often the fallback, since it was last answered.
    let mut did: BTreeMap<Name, (u32, u32)> = BTreeMap::new();
    let mut fallbacks = 0;
    let statement = "a rejected call is answered by its fallback, is not made, and is counted";
    always("fallback_answers", statement, move |event| {
        let Some((verb, fields)) = note(event) else { return Judgement::NotConcerned };
        let own = did.entry(Name::clone(&event.thread)).or_default();
        match (verb, fields) {
            ("runs", _) => own.0 += 1,
            ("falls back", _) => {
                own.1 += 1;
                fallbacks += 1;
            }
            ("is answered", [(_, answer)]) => {
                let (runs, falls_back) = std::mem::take(own);
                let is_fallback = *answer == Value::Text("the fallback".into());
                let wanted = if is_fallback { "0 and 1" } else { "1 and 0" };
                let wanted = format!("runs and falls back {wanted} times, then {answer}");
                let found =
                    format!("runs and falls back {runs} and {falls_back} times, then {answer}");
                return Judgement::equal(wanted, found);
            }
            ("reads", fields) => {
                let counts = |rejected: i64, fell_back: i64| {
                    format!("{rejected} rejected, {fell_back} of them fell back")
                };
                let found = counts(int(fields, "rejected"), int(fields, "fell back"));
                return Judgement::equal(counts(fallbacks, fallbacks), found);
            }
            _ => {}
        }
        Judgement::NotConcerned
    })
}

/// A function that goes through no breaker gives its own answer, at the moment at which it is due, and no breaker tells anything
/// of it.
pub(super) fn plain_is_untouched() -> impl Promise {
    let mut is_asked = false;
    let statement = "a plain function gives its answer when it is due, and no breaker hears of it";
    always("plain_is_untouched", statement, move |event| {
        if matches!(event.what, What::Breaker(_)) && is_asked {
            return Judgement::broken("no event of a breaker", event.what.verb().to_string());
        }
        match note(event) {
            Some(("asks plainly", _)) => is_asked = true,
            Some(("plainly gets", [(_, answer), (_, Value::Int(number)), (_, due)])) => {
                is_asked = false;
                let Value::Duration(due) = due else { panic!("{due:?} is no time") };
                let due = Instant::ORIGIN.saturating_add(*due);
                let wanted = format!("{} at {}", number * 2, Value::Instant(due));
                return Judgement::equal(
                    wanted,
                    format!("{answer} at {}", Value::Instant(event.mono)),
                );
            }
            _ => {}
        }
        Judgement::NotConcerned
    })
}

/// A plain function is asked while the breaker beside it is in `state`.
pub(super) fn plain_while(name: &'static str, state: State) -> Sometimes {
    let mut now = State::Closed;
    Sometimes::new(name, move |event| {
        if let What::Breaker(breaker::Event { kind: EventKind::Transition { to, .. }, .. }) =
            &event.what
        {
            now = *to;
        }
        now == state && note(event).is_some_and(|(verb, _)| verb == "asks plainly")
    })
}

/// The failure rate is the calls that failed of those that failed or succeeded, as two whole numbers, whenever it is read.
pub(super) fn rate_is_exact() -> impl Promise {
    let (mut failures, mut total) = (0, 0);
    let statement = "the failure rate is the exact share of the calls so far that failed";
    always("rate_is_exact", statement, move |event| {
        if let What::Breaker(breaker::Event {
            kind: EventKind::Completed { outcome, .. }, ..
        }) = &event.what
        {
            failures += i64::from(*outcome == Outcome::Failure);
            total += i64::from(*outcome != Outcome::Ignored);
        }
        match note(event) {
            Some(("reads", fields)) => {
                let found = format!("{} of {}", int(fields, "failures"), int(fields, "of"));
                Judgement::equal(format!("{failures} of {total}"), found)
            }
            _ => Judgement::NotConcerned,
        }
    })
}
