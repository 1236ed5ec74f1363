//! Does the floor write the same bytes as the logger? Otherwise it would be the floor of something else.

use crate::floor::{Floor, Worth};
use crate::happening::{Happening, MESSAGE};
use crate::ours;
use crate::target::Target;
use parking_lot::Mutex;
use retrip_core::door::{Clock, Instant, System, Timestamp, WithClock};
use retrip_core::logger::{EventType, Level, Logger, Sink, ToValue, Value};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// A moment with a digit in each place.
const NANOS: u64 = 1_767_323_045_123_456_789;

/// A clock that stands still.
#[derive(Clone, Copy)]
struct Still;

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant::ORIGIN
    }

    fn wall(&self) -> Timestamp {
        Timestamp::from_unix_nanos(NANOS.into())
    }
}

/// Keeps lines.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Sink for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

impl ToValue for Worth<'_> {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Integer(number) => Value::Integer((*number).into()),
            Self::Fraction(number) => Value::Float(*number),
            Self::Truth(truth) => Value::Bool(*truth),
            Self::Millis(duration) => Value::Millis(*duration),
        }
    }
}

/// Logs the event that is timed, and others with what is hard to write, through both.
///
/// # Panics
/// They do not write the same.
pub(crate) fn compare() {
    let hard: String = (0..=0xFF_u32).chain(0x2020..0x2030).filter_map(char::from_u32).collect();
    let nanos = |nanos| Worth::Millis(Duration::from_nanos(nanos));
    let events: [(&str, &[(&str, Worth<'_>)]); 4] = [
        ("", &[]),
        (&hard, &[("text", Worth::Text(&hard)), ("a \"key\"\n", Worth::Truth(true))]),
        (
            "secrets",
            &[
                ("db_password", Worth::Text("hunter2")),
                ("API_KEY", Worth::Text("sk-1")),
                ("access_token", Worth::Text("t")),
                ("passed", Worth::Text("yes")),
            ],
        ),
        (
            "numbers",
            &[
                ("least", Worth::Integer(0)),
                ("most", Worth::Integer(u64::MAX)),
                ("tenth", Worth::Fraction(0.1)),
                ("large", Worth::Fraction(1e15)),
                ("whole", Worth::Fraction(-7.0)),
                ("short", nanos(1)),
                ("round", nanos(12_000_000)),
                ("long", nanos(1_020_000)),
            ],
        ),
    ];
    let (kept, by_hand) = (Kept::default(), Floor::new("llm", Target::Vec(Vec::new())));
    let logger = Logger::on(WithClock::new(System, Still), "llm", kept.clone());
    let scope = logger.enter(&ours::context());
    by_hand.within(|| {
        for _ in 0..12 {
            ours::happened(&logger, Level::Info, &Happening::again());
            by_hand.happened(Level::Info, &Happening::again(), || NANOS);
        }
        ours::happened(&logger, Level::Debug, &Happening::again());
        by_hand.happened(Level::Debug, &Happening::again(), || NANOS);
        for (message, fields) in events {
            let event = logger.event(EventType::McpToolCompleted).message(message);
            let told = fields.iter().fold(event, |event, (key, worth)| event.field(*key, worth));
            told.log();
            by_hand.log(Level::Info, message, fields, || NANOS);
        }
    });
    drop(scope);
    let (ours, floor) = (kept.0.lock().clone(), by_hand.lines());
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for (ours, floor) in lines(&ours).lines().zip(lines(&floor).lines()) {
        assert_eq!(ours, floor, "the floor writes the bytes that the logger writes");
    }
    assert_eq!(ours, floor, "and as many lines");
    assert!(lines(&ours).contains(MESSAGE) && lines(&ours).lines().count() == 12 + events.len());
}
