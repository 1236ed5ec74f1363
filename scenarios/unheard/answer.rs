//! What the log says of a call to the breaker: that it begins, and what it was answered.

use super::operation::{Command, UnheardOperation, end};
use retrip_core::breaker::{Outcome, Rejected, State, Stats};
use retrip_core::door::Instant;
use retrip_sim::check::Told;
use retrip_sim::log::{Event, Name, Value, What};
use retrip_sim::span::Seconds;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What a call was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It may be made, in this generation.
    Admitted { generation: u64, trial: bool },
    /// It may not.
    Rejected { state: State, retry_after: Option<Duration> },
    /// The call that this generation admitted has ended.
    Ended { generation: u64, trial: bool, outcome: Option<Outcome>, took: Option<Took> },
    /// It was done.
    Done(Command),
}

/// How long a call took, from its admission to its end: at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Took {
    pub(crate) least: Duration,
    pub(crate) most: Duration,
}

/// A call to the breaker: between when and when, and what it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) from: Instant,
    pub(crate) until: Instant,
    pub(crate) answer: Answer,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Answer::Admitted { generation, trial: true } => {
                write!(f, "admitted as a trial in generation {generation}")?;
            }
            Answer::Admitted { generation, .. } => {
                write!(f, "admitted in generation {generation}")?
            }
            Answer::Rejected { state, retry_after: Some(left) } => {
                write!(f, "rejected while {state} for {} more", Seconds(*left))?;
            }
            Answer::Rejected { state, .. } => write!(f, "rejected while {state} for good")?,
            Answer::Ended { generation, outcome, .. } => {
                write!(f, "a call of generation {generation} ends {}", end(*outcome))?;
            }
            Answer::Done(command) => write!(f, "{command}")?,
        }
        write!(f, " at {}", Seconds(self.until))
    }
}

fn note(verb: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> What {
    let fields = fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect();
    What::Note { verb: verb.into(), fields }
}

fn text(text: impl fmt::Display) -> Value {
    Value::Text(text.to_string().into())
}

fn count(count: u64) -> Value {
    Value::Int(i64::try_from(count).expect("a run makes few calls"))
}

/// Somebody is about to do this.
pub(crate) fn begins(operation: &UnheardOperation) -> What {
    note("begins", [("", text(operation))])
}

pub(crate) fn admitted(generation: u64, trial: bool) -> What {
    note("admits", [("in", count(generation)), ("trial", Value::Flag(trial))])
}

pub(crate) fn rejected(rejected: &Rejected) -> What {
    let left = rejected.retry_after.map(|left| ("for", Value::Duration(left)));
    note("rejects", [("while", text(rejected.state))].into_iter().chain(left))
}

/// `took` is told where somebody has looked.
pub(crate) fn ended(
    generation: u64,
    trial: bool,
    outcome: Option<Outcome>,
    took: Option<Took>,
) -> What {
    let fields =
        [("", text(end(outcome))), ("in", count(generation)), ("trial", Value::Flag(trial))];
    let took = took.map(|Took { least, most }| {
        [("at least", Value::Duration(least)), ("at most", Value::Duration(most))]
    });
    note("hears", fields.into_iter().chain(took.into_iter().flatten()))
}

pub(crate) fn done(command: Command) -> What {
    note("did", [("", text(command))])
}

pub(crate) fn counted(stats: &Stats) -> What {
    note(
        "has counted",
        counts(stats.success, stats.failure, stats.ignored, stats.rejected, stats.in_flight),
    )
}

/// Somebody is about to look at the counts.
pub(crate) fn looks() -> What {
    note("looks", [])
}

/// What somebody sees while others go on. However wrong it is, it is told.
pub(crate) fn seen(stats: &Stats) -> What {
    let counts = [
        ("success", stats.success),
        ("failure", stats.failure),
        ("ignored", stats.ignored),
        ("rejected", stats.rejected),
        ("in flight", stats.in_flight),
    ];
    note("sees", counts.map(|(name, count)| (name, Value::Int(count.cast_signed()))))
}

pub(crate) fn counts(
    success: u64,
    failure: u64,
    ignored: u64,
    rejected: u64,
    in_flight: u64,
) -> [(&'static str, Value); 5] {
    [
        ("success", count(success)),
        ("failure", count(failure)),
        ("ignored", count(ignored)),
        ("rejected", count(rejected)),
        ("in flight", count(in_flight)),
    ]
}

/// Reads the calls of every thread from the log.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// When each thread has begun what it is doing.
    began: BTreeMap<Name, Instant>,
}

impl Reader {
    /// What `event` says of a call to the breaker, if it does.
    pub(crate) fn read(&mut self, event: &Event) -> Option<Told<Call>> {
        let What::Note { verb, fields } = &event.what else { return None };
        if **verb == *"begins" {
            self.began.insert(Name::clone(&event.thread), event.mono);
            return Some(Told::Begins);
        }
        let answer = answer(verb, fields)?;
        let from = self.began.remove(&event.thread).unwrap_or(event.mono);
        Some(Told::Ends(Call { from, until: event.mono, answer }))
    }
}

fn answer(verb: &str, fields: &[(Name, Value)]) -> Option<Answer> {
    let field =
        |name: &str| fields.iter().find(|(field, _)| **field == *name).map(|(_, value)| value);
    let word = || match field("") {
        Some(Value::Text(text)) => text,
        other => panic!("{other:?} is no word"),
    };
    let generation = || match field("in") {
        Some(Value::Int(number)) => u64::try_from(*number).expect("it was written down as one"),
        other => panic!("{other:?} is no generation"),
    };
    let time = |name| match field(name) {
        Some(Value::Duration(time)) => Some(*time),
        _ => None,
    };
    let trial = || field("trial") == Some(&Value::Flag(true));
    Some(match verb {
        "admits" => Answer::Admitted { generation: generation(), trial: trial() },
        "rejects" => {
            let open = field("while") == Some(&text(State::Open));
            let retry_after = time("for");
            Answer::Rejected {
                state: if open { State::Open } else { State::HalfOpen },
                retry_after,
            }
        }
        "hears" => {
            let outcome = match format!("end a {}", word()).parse() {
                Ok(UnheardOperation::End(_, outcome)) => outcome,
                other => panic!("{other:?} is no end of a call"),
            };
            let took = time("at least").zip(time("at most"));
            let took = took.map(|(least, most)| Took { least, most });
            Answer::Ended { generation: generation(), trial: trial(), outcome, took }
        }
        "did" => match word().parse() {
            Ok(UnheardOperation::ByHand(command)) => Answer::Done(command),
            other => panic!("{other:?} is no command"),
        },
        _ => return None,
    })
}
