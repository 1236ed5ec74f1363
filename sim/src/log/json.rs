//! The log for programs: JSON lines, integers only, keys always in the same order.

use super::breaker;
use super::{
    BackendEvent, CallEvent, Cause, ClockEvent, ClockKind, Event, EventLog, ThreadEvent, Value,
    What,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// A log as one JSON object per line and event, and a last line with their number and digest, so that a file that was
/// cut short shows.
///
/// Times are integer nanoseconds: `engine` and `mono` since the start of the run, `wall` since the Unix epoch. The
/// keys of `values` are those of the event, in order; a note's are its scenario's.
#[derive(Clone, Copy, Debug)]
pub struct JsonLines<'a>(&'a EventLog);

impl<'a> JsonLines<'a> {
    pub(super) const fn of(log: &'a EventLog) -> Self {
        Self(log)
    }
}

impl fmt::Display for JsonLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = self.0.events();
        for event in events {
            line(f, &EventObject::of(event))?;
        }
        line(f, &End { events: events.len(), digest: self.0.digest().to_string() })
    }
}

/// Writes one object and ends the line.
fn line(f: &mut fmt::Formatter<'_>, object: &impl Serialize) -> fmt::Result {
    let text = serde_json::to_string(object)
        .expect("every key is a string and every value a number, a string or a flag");
    writeln!(f, "{text}")
}

/// The order of the fields is the order of the keys.
#[derive(serde::Serialize)]
struct EventObject<'a> {
    engine: u64,
    mono: u64,
    wall: i128,
    node: &'a str,
    thread: &'a str,
    who: &'a str,
    kind: &'static str,
    what: Cow<'a, str>,
    values: Values<'a>,
    cause: Option<CauseObject<'a>>,
    source: String,
    steps: u64,
    checkpoint: u64,
}

impl<'a> EventObject<'a> {
    fn of(event: &'a Event) -> Self {
        let (kind, values) = parts(&event.what);
        Self {
            engine: event.engine,
            mono: event.mono.as_nanos(),
            wall: event.wall.as_unix_nanos(),
            node: &event.node,
            thread: &event.thread,
            who: &event.who,
            kind,
            what: event.what.verb(),
            values: Values(values),
            cause: event.cause.as_ref().map(CauseObject::of),
            source: event.source.to_string(),
            steps: event.steps,
            checkpoint: event.checkpoint,
        }
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum CauseObject<'a> {
    Fault(u32),
    Step(u32),
    Call(&'a str),
}

impl<'a> CauseObject<'a> {
    fn of(cause: &'a Cause) -> Self {
        match cause {
            Cause::Fault(index) => Self::Fault(*index),
            Cause::Step(index) => Self::Step(*index),
            Cause::Call(label) => Self::Call(label),
        }
    }
}

#[derive(serde::Serialize)]
struct End {
    events: usize,
    digest: String,
}

/// Values by name, in order.
struct Values<'a>(Vec<(&'a str, Json<'a>)>);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// One value.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Json<'a> {
    Int(i128),
    Text(&'a str),
    Flag(bool),
    Nothing,
}

impl Json<'_> {
    /// Nanoseconds.
    fn time(time: Duration) -> Self {
        // 2^64 seconds in nanoseconds are below 2^94.
        Self::Int(i128::try_from(time.as_nanos()).expect("every duration fits into 127 bits"))
    }
}

/// The kind of an event, and its values.
fn parts(what: &What) -> (&'static str, Vec<(&str, Json<'_>)>) {
    match what {
        What::Backend(BackendEvent::Takes(time)) => ("backend", vec![("time", Json::time(*time))]),
        What::Backend(BackendEvent::Fails | BackendEvent::Recovers) => ("backend", vec![]),
        What::Call(CallEvent::Begins { label }) => ("call", vec![("label", Json::Text(label))]),
        What::Call(CallEvent::TimedOut { after }) => ("call", vec![("after", Json::time(*after))]),
        What::Call(
            CallEvent::Ok
            | CallEvent::Failed
            | CallEvent::Ignored
            | CallEvent::Panicked
            | CallEvent::Cancelled,
        ) => ("call", vec![]),
        What::Breaker(event) => {
            let value = |field| match field {
                breaker::Field::Number(number) => Json::Int(number.into()),
                breaker::Field::Time(time) => Json::time(time),
                breaker::Field::Text(text) => Json::Text(text),
            };
            let fields = breaker::fields(event).into_iter();
            ("breaker", fields.map(|(name, field)| (name, value(field))).collect())
        }
        What::Clock(event) => ("clock", clock(event)),
        What::Thread(ThreadEvent::Stalls { for_ }) => ("thread", vec![("for", Json::time(*for_))]),
        What::Thread(ThreadEvent::Panics { message }) => {
            ("thread", vec![("message", Json::Text(message))])
        }
        What::Thread(ThreadEvent::Starts | ThreadEvent::Ends) => ("thread", vec![]),
        What::Line { text, .. } => ("line", vec![("text", Json::Text(text))]),
        What::Note { fields, .. } => {
            ("note", fields.iter().map(|(name, value)| (&**name, note(value))).collect())
        }
    }
}

fn clock(event: &ClockEvent) -> Vec<(&str, Json<'_>)> {
    let kind = |clock: ClockKind| {
        let name = match clock {
            ClockKind::Monotonic => "monotonic",
            ClockKind::Wall => "wall",
        };
        ("clock", Json::Text(name))
    };
    match event {
        ClockEvent::Jumps { by, was } => {
            vec![("by", Json::Int(by.as_nanos().into())), ("was", Json::Int(was.as_unix_nanos()))]
        }
        ClockEvent::Drifts { clock, ppm } => {
            vec![kind(*clock), ("ppm", Json::Int((*ppm).into()))]
        }
        ClockEvent::Freezes { clock, for_ } => {
            vec![kind(*clock), ("for", for_.map_or(Json::Nothing, Json::time))]
        }
        ClockEvent::Resumes { clock } => vec![kind(*clock)],
        ClockEvent::Suspends { by } => vec![("by", Json::time(*by))],
    }
}

fn note(value: &Value) -> Json<'_> {
    match value {
        Value::Int(number) => Json::Int((*number).into()),
        Value::Duration(time) => Json::time(*time),
        Value::Instant(reading) => Json::Int(reading.as_nanos().into()),
        Value::Text(text) => Json::Text(text),
        Value::Flag(flag) => Json::Flag(*flag),
    }
}
