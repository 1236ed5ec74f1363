//! Values that are tables.

use super::field::{At, Value};
use crate::breaker::{Backoff, Share, SlowCalls, Span, Window};
use serde_core::de::{Error, MapAccess, Unexpected};
use serde_core::ser::Serializer;
use std::fmt;
use std::time::Duration;

/// Reads the fields of a table, each once: `None` for those that are not there.
macro_rules! read_table {
    ($table:expr, $path:literal, { $($field:ident),* }) => {{
        use $crate::breaker::config::file::field::{At, Name};
        let name = Name { table: $path, names: &[$(stringify!($field)),*] };
        let mut table = $table;
        $(let mut $field = None;)*
        while let Some(name) = table.next_key_seed(name)? {
            match name {
                $(stringify!($field) => {
                    let path = concat!($path, stringify!($field));
                    if $field.is_some() {
                        return Err(serde_core::de::Error::duplicate_field(path));
                    }
                    $field = Some(table.next_value_seed(At::path(path))?);
                })*
                _ => unreachable!("a name is one of those that there are"),
            }
        }
        ($($field),*)
    }};
}
pub(super) use read_table;

/// Writes fields of a value as a table.
macro_rules! write_table {
    ($serializer:expr, $name:literal, { $($field:ident: $value:expr),* }) => {{
        use serde_core::ser::SerializeStruct;
        use $crate::breaker::config::file::field::Written;
        let fields = [$(stringify!($field)),*].len();
        let mut table = $serializer.serialize_struct($name, fields)?;
        $(table.serialize_field(stringify!($field), &Written($value))?;)*
        table.end()
    }};
}
pub(super) use write_table;

impl Value for Window {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of `span`, `minimum_calls`, `failure_rate` and `slow_calls`")
    }

    fn from_table<'de, A: MapAccess<'de>>(table: A) -> Option<Result<Self, A::Error>> {
        Some(read_window(table))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { span, minimum_calls, failure_rate, slow_calls } = self;
        write_table!(serializer, "Window", {
            span: span,
            minimum_calls: minimum_calls,
            failure_rate: failure_rate,
            slow_calls: slow_calls
        })
    }
}

fn read_window<'de, A: MapAccess<'de>>(table: A) -> Result<Window, A::Error> {
    let (span, minimum_calls, failure_rate, slow_calls) =
        read_table!(table, "window.", { span, minimum_calls, failure_rate, slow_calls });
    let usual = Window::over(span.ok_or_else(|| At::<Span>::path("window.span").missing())?);
    let window = Window {
        span: usual.span,
        minimum_calls: minimum_calls.unwrap_or(usual.minimum_calls),
        failure_rate: failure_rate.unwrap_or(usual.failure_rate),
        slow_calls: slow_calls.unwrap_or(usual.slow_calls),
    };
    // Here, and not with the rest, so that a format that tells places tells the window's.
    window.validate().map_err(Error::custom)?;
    Ok(window)
}

impl Value for Span {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of `calls`, or of `bucket` and `buckets`")
    }

    fn from_table<'de, A: MapAccess<'de>>(table: A) -> Option<Result<Self, A::Error>> {
        Some(read_span(table))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Calls(calls) => write_table!(serializer, "Span", { calls: calls }),
            Self::Time { bucket, buckets } => {
                write_table!(serializer, "Span", { bucket: bucket, buckets: buckets })
            }
        }
    }
}

fn read_span<'de, A: MapAccess<'de>>(table: A) -> Result<Span, A::Error> {
    match read_table!(table, "window.span.", { calls, bucket, buckets }) {
        (Some(calls), None, None) => Ok(Span::Calls(calls)),
        (None, Some(bucket), Some(buckets)) => Ok(Span::Time { bucket, buckets }),
        (None, Some(_), None) => Err(At::<u32>::path("window.span.buckets").missing()),
        (None, None, Some(_)) => Err(At::<Duration>::path("window.span.bucket").missing()),
        (None, None, None) | (Some(_), ..) => {
            Err(Error::invalid_value(Unexpected::Map, &At::<Span>::path("window.span")))
        }
    }
}

impl Value for SlowCalls {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of `slower_than` and `rate`")
    }

    fn from_table<'de, A: MapAccess<'de>>(table: A) -> Option<Result<Self, A::Error>> {
        Some(read_slow_calls(table))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { slower_than, rate } = self;
        write_table!(serializer, "SlowCalls", { slower_than: slower_than, rate: rate })
    }
}

fn read_slow_calls<'de, A: MapAccess<'de>>(table: A) -> Result<SlowCalls, A::Error> {
    let (slower_than, rate) = read_table!(table, "window.slow_calls.", { slower_than, rate });
    Ok(SlowCalls {
        slower_than: slower_than
            .ok_or_else(|| At::<Duration>::path("window.slow_calls.slower_than").missing())?,
        rate: rate.ok_or_else(|| At::<Share>::path("window.slow_calls.rate").missing())?,
    })
}

/// A backoff that needs no table.
const CONSTANT: &str = "constant";

impl Value for Backoff {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{CONSTANT}\", or a table of `multiplier` and `max`")
    }

    fn from_word(word: &str) -> Option<Self> {
        (word == CONSTANT).then_some(Self::Constant)
    }

    fn from_table<'de, A: MapAccess<'de>>(table: A) -> Option<Result<Self, A::Error>> {
        Some(read_backoff(table))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Constant => serializer.serialize_str(CONSTANT),
            Self::Exponential { multiplier, max } => {
                write_table!(serializer, "Backoff", { multiplier: multiplier, max: max })
            }
        }
    }
}

fn read_backoff<'de, A: MapAccess<'de>>(table: A) -> Result<Backoff, A::Error> {
    let (multiplier, max) = read_table!(table, "backoff.", { multiplier, max });
    Ok(Backoff::Exponential {
        multiplier: multiplier.ok_or_else(|| At::<u32>::path("backoff.multiplier").missing())?,
        max: max.ok_or_else(|| At::<Duration>::path("backoff.max").missing())?,
    })
}
