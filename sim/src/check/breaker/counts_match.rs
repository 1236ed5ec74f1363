//! What a breaker has counted is what happened, whenever it is read.

use super::of;
use super::opening::{Asked, Opening};
use super::silent::Silent;
use crate::check::{Judgement, Promise};
use crate::log::{Event, Name, Value, What};
use retrip_core::breaker::{self, Cause, EventKind, Outcome, State};
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`counts_match`].
#[derive(Clone, Debug)]
pub struct CountsMatch {
    who: &'static str,
    open_for: Duration,
    opening: Option<Opening>,
    asked: Asked,
    state: State,
    since: Instant,
    generation: u64,
    served: i64,
    rejected: i64,
    transitions: i64,
    /// Every result so far: when, what, and whether it came in time to count.
    results: Vec<(Instant, Outcome, bool)>,
    /// How many results there were at the last reset, which ends every row.
    reset_at: usize,
    silent: Silent,
}

/// Whenever the statistics of the breaker `who` are read, each of them is what the events so far add up to; a new breaker
/// has counted nothing and is closed since it was built, at the start of the run.
///
/// For one caller at a time: with several, a reading may fall between an event and its report. For those there is
/// [`counts_add_up`](super::counts_add_up).
#[must_use]
pub fn counts_match(who: &'static str, open_for: Duration) -> CountsMatch {
    CountsMatch {
        who,
        open_for,
        opening: None,
        asked: Asked::default(),
        state: State::Closed,
        since: Instant::ORIGIN,
        generation: 0,
        served: 0,
        rejected: 0,
        transitions: 0,
        results: Vec::new(),
        reset_at: 0,
        silent: Silent::default(),
    }
}

impl CountsMatch {
    pub(super) fn count(&mut self, own: &breaker::Event) {
        self.opening = Opening::after(self.opening, own, self.open_for.into(), &mut self.asked);
        let was_silent = self.silent.ends(own);
        match &own.kind {
            EventKind::Transition { to, cause, .. } => {
                (self.state, self.since) = (*to, own.at);
                self.transitions += 1;
                self.changed(own, *cause);
            }
            EventKind::Renewed { cause, .. } => self.changed(own, *cause),
            EventKind::Completed { admitted_in, outcome, .. } => {
                let counts = !was_silent && admitted_in.as_u64() == self.generation;
                self.results.push((own.at, *outcome, counts));
            }
            EventKind::Rejected { .. } => self.rejected += 1,
            _ => {}
        }
    }

    fn changed(&mut self, own: &breaker::Event, cause: Cause) {
        self.generation = own.generation.as_u64();
        if cause == Cause::Reset {
            self.reset_at = self.results.len();
        }
    }

    fn total(&self, outcome: Outcome) -> i64 {
        count(self.results.iter().filter(|result| result.1 == outcome))
    }

    /// Results in a row up to now with this outcome, among those that counted and said something.
    fn row(&self, outcome: Outcome) -> i64 {
        let says = |result: &&(Instant, Outcome, bool)| result.2 && result.1 != Outcome::Ignored;
        let rows = self.results[self.reset_at..].iter().rev().filter(says);
        count(rows.take_while(|result| result.1 == outcome))
    }

    fn last(&self, outcome: Outcome) -> Value {
        let last = self.results.iter().rev().find(|result| result.1 == outcome);
        last.map_or(Value::Text("never".into()), |result| Value::Instant(result.0))
    }

    /// The state at `now` as a reading should say it, and what it should call the time of the last change.
    fn state(&self, now: Instant) -> (String, &'static str) {
        let end = self.opening.and_then(|opening| opening.ends());
        if end.is_some_and(|end| now >= end) {
            return ("half-open to the next call".to_owned(), "open since");
        }
        (self.state.to_string(), "since")
    }

    fn wanted(&self, now: Instant) -> Vec<(&'static str, Value)> {
        let late = count(self.results.iter().filter(|result| !result.2));
        let (state, since) = self.state(now);
        let mut wanted = vec![
            ("", Value::Text(state.into())),
            (since, Value::Instant(self.since)),
            ("late", Value::Int(late)),
            ("successes in a row", Value::Int(self.row(Outcome::Success))),
            ("failures in a row", Value::Int(self.row(Outcome::Failure))),
            ("in flight", Value::Int(self.served - count(self.results.iter()))),
        ];
        wanted.extend(self.totals());
        wanted
    }

    /// What only grows, whatever the state.
    pub(super) fn totals(&self) -> [(&'static str, Value); 7] {
        [
            ("success", Value::Int(self.total(Outcome::Success))),
            ("failure", Value::Int(self.total(Outcome::Failure))),
            ("ignored", Value::Int(self.total(Outcome::Ignored))),
            ("rejected", Value::Int(self.rejected)),
            ("transitions", Value::Int(self.transitions)),
            ("last success", self.last(Outcome::Success)),
            ("last failure", self.last(Outcome::Failure)),
        ]
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).expect("a run has fewer results than 2^63")
}

impl Promise for CountsMatch {
    fn name(&self) -> &'static str {
        "counts_match"
    }

    fn statement(&self) -> String {
        "every statistic is what the events so far add up to".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if *event.who != *self.who {
            return Judgement::NotConcerned;
        }
        if let Some(own) = of(event, self.who) {
            self.count(own);
            return Judgement::NotConcerned;
        }
        match &event.what {
            What::Note { verb, .. } if **verb == *"serves" => self.served += 1,
            What::Note { verb, fields } if **verb == *"is read" => {
                return judge(fields, self.wanted(event.mono));
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}

/// Broken by the first of these fields that has another value, or none.
pub(super) fn judge(
    fields: &[(Name, Value)],
    wanted: impl IntoIterator<Item = (&'static str, Value)>,
) -> Judgement {
    for (name, wanted) in wanted {
        let found = fields.iter().find(|(field, _)| **field == *name).map(|(_, found)| found);
        if found != Some(&wanted) {
            let found = found.map_or("nothing".to_owned(), Value::to_string);
            return Judgement::broken(
                format!("{name} {wanted}").trim().to_owned(),
                format!("{name} {found}").trim().to_owned(),
            );
        }
    }
    Judgement::Holds
}
