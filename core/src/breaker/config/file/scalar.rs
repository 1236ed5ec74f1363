//! Values that are one number or one word.

use super::field::Value;
use crate::breaker::{CancelPolicy, Counting, Nested, PanicPolicy, Share, Timing};
use serde_core::de::MapAccess;
use serde_core::ser::Serializer;
use std::fmt;
use std::time::Duration;

/// What is off.
const NONE: &str = "none";

impl<T: Value> Value for Option<T> {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::expected(f)?;
        write!(f, ", or \"{NONE}\"")
    }

    fn from_number(number: u64) -> Option<Self> {
        T::from_number(number).map(Some)
    }

    fn from_word(word: &str) -> Option<Self> {
        if word == NONE { Some(None) } else { T::from_word(word).map(Some) }
    }

    fn from_nothing() -> Option<Self> {
        Some(None)
    }

    fn from_table<'de, A: MapAccess<'de>>(table: A) -> Option<Result<Self, A::Error>> {
        Some(T::from_table(table)?.map(Some))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // Not null, which TOML does not have.
            None => serializer.serialize_str(NONE),
            Some(value) => value.write(serializer),
        }
    }
}

impl Value for u32 {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from 0 to {}", Self::MAX)
    }

    fn from_number(number: u64) -> Option<Self> {
        Self::try_from(number).ok()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(*self)
    }
}

impl Value for Duration {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"a duration such as "1m 30s" or "250ms""#)
    }

    fn from_word(word: &str) -> Option<Self> {
        humantime::parse_duration(word).ok()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&humantime::format_duration(*self))
    }
}

impl Value for Share {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"a share such as "50%" or "0.5%", with up to four decimals"#)
    }

    fn from_word(word: &str) -> Option<Self> {
        word.parse().ok()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A choice of which each has its word.
trait Choice: Copy + PartialEq + 'static {
    const CHOICES: [(Self, &'static str); 2];
}

impl Choice for CancelPolicy {
    const CHOICES: [(Self, &'static str); 2] =
        [(Self::Ignored, "ignored"), (Self::Failure, "failure")];
}

impl Choice for PanicPolicy {
    const CHOICES: [(Self, &'static str); 2] =
        [(Self::Failure, "failure"), (Self::Ignored, "ignored")];
}

impl Choice for Timing {
    const CHOICES: [(Self, &'static str); 2] =
        [(Self::Decisions, "decisions"), (Self::Calls, "calls")];
}

impl Choice for Counting {
    const CHOICES: [(Self, &'static str); 2] =
        [(Self::Calls, "calls"), (Self::Rejections, "rejections")];
}

impl Choice for Nested {
    const CHOICES: [(Self, &'static str); 2] = [(Self::Twice, "twice"), (Self::Once, "once")];
}

impl<T: Choice> Value for T {
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(_, one), (_, other)] = T::CHOICES;
        write!(f, "\"{one}\" or \"{other}\"")
    }

    fn from_word(word: &str) -> Option<Self> {
        T::CHOICES.into_iter().find(|(_, of)| *of == word).map(|(choice, _)| choice)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let choice = T::CHOICES.into_iter().find(|(choice, _)| choice == self);
        let (_, word) = choice.expect("every choice has its word");
        serializer.serialize_str(word)
    }
}
