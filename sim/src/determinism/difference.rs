//! Where two runs that should be one first differ.

use super::testimony::Testimony;
use crate::span::Seconds;
use serde_json::{Map, Value};
use std::fmt;
use std::time::Duration;

/// The first difference between two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// An event differs, or one log ends before the other.
    Event {
        /// Its place in the log, from 1.
        number: usize,
        /// The event of the first run; none where its log has ended.
        first: Option<Box<EventAt>>,
        /// The event of the second run.
        second: Option<Box<EventAt>>,
    },
    /// The events are equal, and the threads ran in another order.
    Schedule {
        /// The last event up to which the schedules agree, by place from 1, and the scheduler's steps before it; 0 and 0
        /// for the start.
        after: (usize, u64),
        /// The first event before which they differ; none where that is behind the last event.
        before: Option<(usize, u64)>,
    },
    /// The events and the schedule are equal, and a stream gave other numbers.
    Stream {
        /// The stream.
        stream: String,
        /// Numbers drawn in the first run.
        first: u64,
        /// Numbers drawn in the second run.
        second: u64,
    },
    /// Everything else is equal, and not the promise that was broken.
    Verdict {
        /// Broken in the first run.
        first: Option<String>,
        /// Broken in the second run.
        second: Option<String>,
    },
}

/// An event as its line of the log says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventAt {
    /// Virtual time since the start of the run.
    pub at: Duration,
    /// The node.
    pub node: String,
    /// The thread.
    pub thread: String,
    /// The line of code that reported it.
    pub source: String,
    /// Whom it is about, what happened, and its values.
    pub text: String,
    /// Its values alone.
    pub(super) values: Map<String, Value>,
}

impl EventAt {
    pub(super) fn read(line: &str) -> Self {
        let object: Map<String, Value> = serde_json::from_str(line).unwrap_or_default();
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let values = object.get("values").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut words = format!("{}  {}", text("who"), text("what"));
        for (name, value) in &values {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let gap = if name.is_empty() { "" } else { " " };
            words += &format!("  {name}{gap}{value}");
        }
        let nanos = object.get("engine").and_then(Value::as_u64).unwrap_or_default();
        Self {
            at: Duration::from_nanos(nanos),
            node: text("node").to_owned(),
            thread: text("thread").to_owned(),
            source: text("source").to_owned(),
            text: words,
            values,
        }
    }
}

/// The line of an event without what the schedule says about it.
pub(super) fn happened(line: &str) -> Map<String, Value> {
    let mut object: Map<String, Value> = serde_json::from_str(line).unwrap_or_default();
    for key in ["steps", "checkpoint"] {
        object.remove(key);
    }
    object
}

/// What the schedule says about an event: steps and checkpoint.
fn scheduled(line: &str) -> (u64, u64) {
    let object: Map<String, Value> = serde_json::from_str(line).unwrap_or_default();
    let number = |key: &str| object.get(key).and_then(Value::as_u64).unwrap_or_default();
    (number("steps"), number("checkpoint"))
}

impl Difference {
    /// The first difference between two runs that are not equal.
    #[must_use]
    pub fn between(first: &Testimony, second: &Testimony) -> Self {
        let lines = |testimony: &Testimony, index: usize| testimony.events.get(index).cloned();
        for index in 0..first.events.len().max(second.events.len()) {
            let (one, other) = (lines(first, index), lines(second, index));
            if one.as_deref().map(happened) != other.as_deref().map(happened) {
                return Self::Event {
                    number: index + 1,
                    first: one.as_deref().map(EventAt::read).map(Box::new),
                    second: other.as_deref().map(EventAt::read).map(Box::new),
                };
            }
        }
        if let Some(schedule) = schedule(first, second) {
            return schedule;
        }
        stream(first, second).unwrap_or_else(|| Self::Verdict {
            first: first.digests.broken.clone(),
            second: second.digests.broken.clone(),
        })
    }
}

/// Where the schedules of two runs with equal events part, if they do.
fn schedule(first: &Testimony, second: &Testimony) -> Option<Difference> {
    let mut after = (0, 0);
    for (index, (one, other)) in first.events.iter().zip(&second.events).enumerate() {
        let (one, other) = (scheduled(one), scheduled(other));
        if one != other {
            return Some(Difference::Schedule { after, before: Some((index + 1, one.0)) });
        }
        after = (index + 1, one.0);
    }
    let same = first.digests.schedule == second.digests.schedule
        && first.digests.steps == second.digests.steps;
    (!same).then_some(Difference::Schedule { after, before: None })
}

fn stream(first: &Testimony, second: &Testimony) -> Option<Difference> {
    let (ours, theirs) = (&first.digests.streams, &second.digests.streams);
    let odd = ours.iter().find(|stream| !theirs.contains(stream));
    let odd = odd.or_else(|| theirs.iter().find(|stream| !ours.contains(stream)))?;
    let draws = |streams: &[(String, u64, String)]| {
        streams.iter().find(|(name, ..)| *name == odd.0).map_or(0, |(_, draws, _)| *draws)
    };
    Some(Difference::Stream { stream: odd.0.clone(), first: draws(ours), second: draws(theirs) })
}

impl fmt::Display for Difference {
    /// Indented lines, each ended.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { number, first, second } => {
                events(f, *number, first.as_deref(), second.as_deref())
            }
            Self::Schedule { after: (event, steps), before } => {
                write!(f, "  differs  the schedule; the events are equal\n  between  ")?;
                match event {
                    0 => f.write_str("the start")?,
                    _ => write!(f, "event {event} (step {steps})")?,
                }
                match before {
                    Some((event, steps)) => writeln!(f, " and event {event} (step {steps})"),
                    None => writeln!(f, " and the end"),
                }
            }
            Self::Stream { stream, first, second } => writeln!(
                f,
                "  differs  the stream {stream}; events and schedule are equal\n  first    {first} draws\n  \
                 second   {second} draws"
            ),
            Self::Verdict { first, second } => {
                let broken = |promise: &Option<String>| match promise {
                    Some(promise) => format!("{promise} is broken"),
                    None => "every promise is kept".to_owned(),
                };
                writeln!(
                    f,
                    "  differs  the verdict; the logs are equal\n  first    {}\n  second   {}",
                    broken(first),
                    broken(second)
                )
            }
        }
    }
}

fn events(
    f: &mut fmt::Formatter<'_>,
    number: usize,
    first: Option<&EventAt>,
    second: Option<&EventAt>,
) -> fmt::Result {
    write!(f, "  differs  event {number}")?;
    if let Some(event) = first.or(second) {
        let at = Seconds(event.at);
        write!(f, ", at {at} on {}, thread {}", event.node, event.thread)?;
        write!(f, "\n  source   {}", event.source)?;
    }
    let text = |event: Option<&EventAt>| match event {
        Some(event) => event.text.clone(),
        None => "nothing: the log has ended".to_owned(),
    };
    writeln!(f, "\n  first    {}\n  second   {}", text(first), text(second))?;
    match (first, second) {
        (Some(first), Some(second)) if first.text == second.text => {
            let (at, then) = (Seconds(first.at), Seconds(second.at));
            let (from, there) = (&first.source, &second.source);
            writeln!(
                f,
                "           the first at {at} from {from}, the second at {then} from {there}"
            )
        }
        _ => Ok(()),
    }
}
