//! One field of a file: where it is, and what can be written there.

use serde_core::de::{
    DeserializeSeed, Deserializer, Error, Expected, MapAccess, Unexpected, Visitor,
};
use serde_core::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A value as it is in a file: a number, a word, a table, or several of these.
pub(super) trait Value: Sized {
    /// Says what can be written, to somebody who has written something else.
    fn expected(f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// The value of a whole number, if it is one.
    fn from_number(_number: u64) -> Option<Self> {
        None
    }

    /// The value of a word, if it is one.
    fn from_word(_word: &str) -> Option<Self> {
        None
    }

    /// The value of nothing, if that is one.
    fn from_nothing() -> Option<Self> {
        None
    }

    /// Reads a table, if the value can be one.
    fn from_table<'de, A: MapAccess<'de>>(_table: A) -> Option<Result<Self, A::Error>> {
        None
    }

    /// Writes what can be read again.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// The value at a path.
#[derive(Clone, Copy)]
pub(super) struct At<T> {
    path: &'static str,
    value: PhantomData<T>,
}

impl<T: Value> At<T> {
    pub(super) const fn path(path: &'static str) -> Self {
        Self { path, value: PhantomData }
    }

    /// There is no value, and no default either.
    pub(super) fn missing<E: Error>(self) -> E {
        E::custom(format_args!("missing field, expected {}", &self as &dyn Expected))
    }

    fn found<E: Error>(self, value: Option<T>, unexpected: Unexpected<'_>) -> Result<T, E> {
        value.ok_or_else(|| E::invalid_value(unexpected, &self))
    }
}

impl<'de, T: Value> DeserializeSeed<'de> for At<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Value> Visitor<'de> for At<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` to be ", self.path)?;
        T::expected(f)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.found(T::from_number(number), Unexpected::Unsigned(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        let value = u64::try_from(number).ok().and_then(T::from_number);
        self.found(value, Unexpected::Signed(number))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
        self.found(T::from_word(word), Unexpected::Str(word))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        self.found(T::from_nothing(), Unexpected::Unit)
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        self.found(T::from_nothing(), Unexpected::Option)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<T, A::Error> {
        T::from_table(table).unwrap_or_else(|| Err(Error::invalid_type(Unexpected::Map, &self)))
    }
}

/// The name of a field of a table.
#[derive(Clone, Copy)]
pub(super) struct Name {
    /// The path of the table, with a dot at its end where it has one.
    pub(super) table: &'static str,
    /// The names that there are.
    pub(super) names: &'static [&'static str],
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'static str, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<&'static str, E> {
        let known = self.names.iter().find(|known| **known == name);
        known.copied().ok_or_else(|| E::unknown_field(&format!("{}{name}", self.table), self.names))
    }
}

/// A value on its way into a file.
pub(super) struct Written<'a, T>(pub(super) &'a T);

impl<T: Value> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}
