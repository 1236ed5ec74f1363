//! Whatever is logged comes back from the line as it was given.

use crate::lab::Lab;
use proptest::prelude::*;
use retrip_core::logger::{
    EventType, Json, Level, LogContext, LoggerBuilder, MemorySink, ToValue, Value, read_json_log,
};

#[derive(Clone, Debug)]
enum Given {
    Text(String),
    Printed(String),
    Unsigned(u64),
    Signed(i64),
    Wide(i128),
    Float(f64),
    Bool(bool),
    Nothing,
}

impl ToValue for Given {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => text.to_value(),
            Self::Printed(text) => Value::Display(text),
            Self::Unsigned(number) => number.to_value(),
            Self::Signed(number) => number.to_value(),
            Self::Wide(number) => number.to_value(),
            Self::Float(number) => number.to_value(),
            Self::Bool(value) => value.to_value(),
            Self::Nothing => None::<u8>.to_value(),
        }
    }
}

impl Given {
    fn is(&self, json: &Json) -> bool {
        match (self, json) {
            (Self::Text(given) | Self::Printed(given), Json::String(text)) => given == text,
            (Self::Unsigned(given), Json::Number(number)) => number.parse() == Ok(*given),
            (Self::Signed(given), Json::Number(number)) => number.parse() == Ok(*given),
            (Self::Wide(given), Json::Number(number)) => {
                let fits = i64::try_from(*given).is_ok() || u64::try_from(*given).is_ok();
                fits && number.parse() == Ok(*given)
            }
            (Self::Wide(given), Json::String(text)) => {
                let fits = i64::try_from(*given).is_ok() || u64::try_from(*given).is_ok();
                !fits && text.parse() == Ok(*given)
            }
            (Self::Float(given), Json::Number(number)) => number.parse() == Ok(*given),
            (Self::Float(given), Json::String(text)) => {
                !given.is_finite() && *text == given.to_string()
            }
            (Self::Bool(given), Json::Bool(value)) => given == value,
            (Self::Nothing, Json::Null) => true,
            _ => false,
        }
    }
}

fn given() -> impl Strategy<Value = Given> {
    prop_oneof![
        any::<String>().prop_map(Given::Text),
        "[\"\\\\\u{0}-\u{A0}\u{2027}-\u{202A}é😀]{0,12}".prop_map(Given::Text),
        any::<String>().prop_map(Given::Printed),
        any::<u64>().prop_map(Given::Unsigned),
        any::<i64>().prop_map(Given::Signed),
        any::<i128>().prop_map(Given::Wide),
        any::<f64>().prop_map(Given::Float),
        Just(Given::Float(f64::NAN)),
        any::<bool>().prop_map(Given::Bool),
        Just(Given::Nothing),
    ]
}

const TAKEN: [&str; 8] =
    ["timestamp", "schema_version", "level", "logger", "seq", "event_type", "message", "truncated"];

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-c]",
        3 => "[\"\\\\\u{0}-\u{1F}\u{7F}-\u{A0},:é]{0,4}",
        1 => prop::sample::select(&TAKEN[..]).prop_map(str::to_owned),
    ]
}

fn fields() -> impl Strategy<Value = Vec<(String, Given)>> {
    prop::collection::vec((key(), given()), 0..8)
}

/// What a line must hold after its message: the fields of the event stand, and of a key given twice the last.
fn expected<'g>(
    context: &'g [(String, Given)],
    event: &'g [(String, Given)],
) -> Vec<(String, &'g Given)> {
    let mut all: Vec<(String, &Given)> = Vec::new();
    for (key, value) in context.iter().chain(event) {
        let key = if TAKEN.contains(&&key[..]) { format!("attr.{key}") } else { key.clone() };
        all.retain(|(other, _)| *other != key);
        all.push((key, value));
    }
    all
}

proptest! {
    #[test]
    fn a_record_is_one_line_that_parses_back_to_what_was_given(
        event_type in prop::sample::select(EventType::ALL),
        level in prop::sample::select(Level::ALL),
        name in any::<String>(),
        message in any::<String>(),
        context in fields(),
        event_fields in fields(),
    ) {
        let lab = Lab::new();
        let sink = MemorySink::on(&lab);
        let logger = LoggerBuilder::new(lab, &name).threshold(Level::Debug).to(sink.clone());
        let pushed = context.iter().fold(LogContext::new(), |all, (key, value)| all.with(key, value));
        let _scope = logger.enter(&pushed);
        let mut event = logger.event(event_type).level(level);
        for (key, value) in &event_fields {
            event = event.field(key, value);
        }
        prop_assert_eq!(event.message(&message).try_log(), Ok(1));

        let bytes = sink.bytes();
        prop_assert_eq!(bytes.iter().filter(|&&byte| byte == b'\n').count(), 1);
        let text = String::from_utf8(bytes.clone()).expect("a line is UTF-8");
        let strict: serde_json::Value = serde_json::from_str(&text).expect("a line is strict JSON");
        prop_assert_eq!(strict["message"].as_str(), Some(&message[..]));

        let read = read_json_log(&bytes);
        let record = &read.records[0];
        prop_assert_eq!(record.level(), Some(level));
        prop_assert_eq!(record.event_type(), Some(event_type));
        prop_assert_eq!(record.message(), Some(&message[..]));
        let (head, rest) = record.members().split_at(7);
        prop_assert!(head.iter().map(|(key, _)| &key[..]).eq(TAKEN[..7].iter().copied()));
        let expected = expected(&context, &event_fields);
        prop_assert_eq!(rest.len(), expected.len());
        for ((key, value), (wanted, given)) in rest.iter().zip(&expected) {
            prop_assert_eq!(key, wanted);
            prop_assert!(given.is(value), "{given:?} became {value:?}");
        }
    }
}
