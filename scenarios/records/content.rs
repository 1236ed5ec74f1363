//! The record that a number stands for, with everything in it that loggers are known to stumble over.

use retrip_core::logger::{EventType, Json, LogContext, Logger, Value};
use retrip_sim::engine::threads::Sim;
use retrip_sim::seed::Seed;
use retrip_sim::stream::{Generator, Streams};
use std::time::Duration;

/// A message, a context and fields.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) message: String,
    context: Vec<(&'static str, Given)>,
    fields: Vec<(&'static str, Given)>,
}

/// A value.
#[derive(Clone, Debug)]
enum Given {
    Null,
    Bool(u64),
    Int(i128),
    Float(f64),
    Time(Duration),
    Text(String),
    List(Vec<Given>),
    Map(Vec<(&'static str, Given)>),
}

const LETTERS: [char; 22] = [
    'a', 'Z', ' ', '"', '\\', '/', '\n', '\r', '\t', '\0', '\u{1b}', '\u{7f}', '\u{85}',
    '\u{2028}', '\u{2029}', '\u{feff}', 'é', '😀', '{', '}', ':', ',',
];

/// Keys of the line, of the schema, of secrets, and of nobody.
const KEYS: [&str; 14] = [
    "level",
    "seq",
    "message",
    "timestamp",
    "truncated",
    "request_id",
    "tool_name",
    "password",
    "api_key",
    "prompt_tokens",
    "a",
    "b",
    "",
    "é\"\n",
];

const SECRETS: [&str; 2] = ["password", "api_key"];

const INTEGERS: [i128; 8] = [
    0,
    -1,
    u64::MAX as i128,
    i64::MIN as i128,
    u64::MAX as i128 + 1,
    i64::MIN as i128 - 1,
    i128::MAX,
    i128::MIN,
];

const FLOATS: [f64; 8] =
    [0.1, -0.0, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE, 1e21];

impl Content {
    pub(super) fn of(number: u64) -> Self {
        let mut generator = Streams::of(Seed::new(number)).generator("record");
        let members = |generator: &mut Generator, most| {
            let count = generator.within(0..=most);
            (0..count).map(|_| (*generator.pick(&KEYS), Given::drawn(generator, 1))).collect()
        };
        let message = text(&mut generator);
        let context = members(&mut generator, 3);
        let fields = members(&mut generator, 6);
        Self { message, context, fields }
    }

    /// Logs it within its context.
    pub(super) fn log(&self, logger: &Logger<Sim>) {
        let context = self.context.iter().fold(LogContext::new(), |context, (key, given)| {
            given.lend(&mut |value| context.clone().with(*key, value))
        });
        let _scope = logger.enter(&context);
        let mut event = Some(logger.event(EventType::Custom).message(&self.message));
        for (key, given) in &self.fields {
            let told = |value: Value<'_>| {
                let before = event.take().expect("it is put back");
                event = Some(before.field(*key, value));
            };
            given.lend(&mut { told });
        }
        event.expect("it is put back").log();
    }

    /// What stands behind the message, as [`listed`] lists it.
    pub(super) fn expected(&self) -> String {
        let mut members: Vec<(String, Json)> = Vec::new();
        for (key, given) in self.context.iter().chain(&self.fields) {
            let is_taken = ["level", "seq", "message", "timestamp", "truncated"].contains(key);
            let name = if is_taken { format!("attr.{key}") } else { (*key).to_owned() };
            members.retain(|(earlier, _)| *earlier != name);
            members.push((name, given.under(key)));
        }
        listed(&members)
    }
}

/// Keys and values as text.
pub(super) fn listed(members: &[(String, Json)]) -> String {
    format!("{members:?}")
}

fn text(generator: &mut Generator) -> String {
    (0..generator.within(0..=12)).map(|_| *generator.pick(&LETTERS)).collect()
}

impl Given {
    fn drawn(generator: &mut Generator, deeper: u32) -> Self {
        match generator.within(0..=if deeper > 0 { 8 } else { 6 }) {
            0 => Self::Null,
            1 => Self::Bool(generator.within(0..=1)),
            2 => Self::Int(*generator.pick(&INTEGERS)),
            3 => Self::Float(*generator.pick(&FLOATS)),
            4 => Self::Time(Duration::from_nanos(generator.within(0..=3_000_000))),
            5 | 6 => Self::Text(text(generator)),
            7 => {
                let count = generator.within(0..=3);
                Self::List((0..count).map(|_| Self::drawn(generator, deeper - 1)).collect())
            }
            _ => {
                let count = generator.within(0..=3);
                let member = |_| (*generator.pick(&KEYS), Self::drawn(generator, deeper - 1));
                Self::Map((0..count).map(member).collect())
            }
        }
    }

    /// Lends it as a value of the logger.
    fn lend<R>(&self, to: &mut dyn FnMut(Value<'_>) -> R) -> R {
        match self {
            Self::List(values) => {
                let values: Vec<_> = values.iter().map(Self::plain).collect();
                to(Value::List(&values))
            }
            Self::Map(members) => {
                let members: Vec<_> =
                    members.iter().map(|(key, given)| (*key, given.plain())).collect();
                to(Value::Map(&members))
            }
            plain => to(plain.plain()),
        }
    }

    /// What has nothing inside of it.
    fn plain(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value == 1),
            Self::Int(number) => Value::Integer(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Time(duration) => Value::Millis(*duration),
            Self::Text(text) => Value::Text(text),
            Self::List(_) | Self::Map(_) => unreachable!("they are drawn one inside of nothing"),
        }
    }

    /// What is read under `key`.
    fn under(&self, key: &str) -> Json {
        match self {
            Self::Null => Json::Null,
            _ if SECRETS.contains(&key) => Json::String("***REDACTED***".to_owned()),
            // Only a count of tokens is none of the secret ones.
            given if key == "prompt_tokens" && !matches!(given, Self::Int(_)) => {
                Json::String("***REDACTED***".to_owned())
            }
            Self::Bool(value) => Json::Bool(*value == 1),
            Self::Int(number) => {
                let fits = u64::try_from(*number).is_ok() || i64::try_from(*number).is_ok();
                let digits = number.to_string();
                if fits { Json::Number(digits) } else { Json::String(digits) }
            }
            Self::Float(number) if number.is_finite() => Json::Number(format!("{number:?}")),
            Self::Float(number) => Json::String(number.to_string()),
            Self::Time(duration) => Json::Number(super::golden::millis(*duration)),
            Self::Text(text) => Json::String(text.clone()),
            Self::List(values) => Json::Array(values.iter().map(|given| given.under("")).collect()),
            Self::Map(members) => {
                let member = |(key, given): &(&str, Self)| ((*key).to_owned(), given.under(key));
                Json::Object(members.iter().map(member).collect())
            }
        }
    }
}
