//! What a field may hold.

use super::field::Key;
use std::fmt;
use std::time::Duration;

/// A value of a field, borrowed from the caller until it is encoded.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Value<'v> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer; outside the ranges of `i64` and `u64` it is written as a string.
    Integer(i128),
    /// An integer above the range of `i128`, written as a string.
    Huge(u128),
    /// A floating point number; `NaN`, `inf` and `-inf` are written as strings.
    Float(f64),
    /// A duration, written in milliseconds with up to six decimals and no rounding: `1.5`.
    Millis(Duration),
    /// A text.
    Text(&'v str),
    /// Bytes that are mostly text. A backslash is doubled and a byte that is not UTF-8 becomes `\xNN`, so nothing is lost.
    Bytes(&'v [u8]),
    /// Whatever prints. If it panics, the line holds `"<panicked>"`.
    Display(&'v dyn fmt::Display),
    /// Whatever prints for a programmer. If it panics, the line holds `"<panicked>"`.
    Debug(&'v dyn fmt::Debug),
    /// An array.
    List(&'v [Value<'v>]),
    /// An object, in the order given. Values under keys that look secret are redacted here too.
    Map(&'v [(&'v str, Value<'v>)]),
    /// A secret, written as [`REDACTED`](super::REDACTED).
    Redacted,
}

impl<'v> Value<'v> {
    /// Whatever prints with `{}`.
    pub fn display(value: &'v impl fmt::Display) -> Self {
        Self::Display(value)
    }

    /// Whatever prints with `{:?}`.
    pub fn debug(value: &'v impl fmt::Debug) -> Self {
        Self::Debug(value)
    }

    /// Whether encoding this runs code of the caller.
    #[inline]
    pub(super) fn runs_foreign_code(&self) -> bool {
        match self {
            Self::Display(_) | Self::Debug(_) => true,
            Self::List(_) | Self::Map(_) => self.holds_foreign_code(),
            _ => false,
        }
    }

    fn holds_foreign_code(&self) -> bool {
        match self {
            Self::List(values) => values.iter().any(Self::runs_foreign_code),
            Self::Map(members) => members.iter().any(|(_, value)| value.runs_foreign_code()),
            _ => false,
        }
    }

    /// The value as it may stand under `key`.
    #[inline]
    pub(super) fn under(&self, key: Key<'_>) -> &Self {
        use super::field::Secrecy;
        match (key.secrecy(), self) {
            (Secrecy::Open, value) | (_, value @ Value::Null) => value,
            (Secrecy::Token, value @ (Value::Integer(_) | Value::Huge(_))) => value,
            _ => &Value::Redacted,
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut json = Vec::new();
        super::encode::value(&mut json, self, super::VALUE_CAP);
        f.write_str(&String::from_utf8_lossy(&json))
    }
}

/// What can be the value of a field.
pub trait ToValue {
    /// The value, borrowed from `self`.
    fn to_value(&self) -> Value<'_>;
}

impl ToValue for Value<'_> {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        *self
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

impl ToValue for str {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for bool {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl ToValue for f64 {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Float(*self)
    }
}

impl ToValue for Duration {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Millis(*self)
    }
}

impl ToValue for u128 {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        i128::try_from(*self).map_or(Value::Huge(*self), Value::Integer)
    }
}

impl ToValue for usize {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Integer(*self as i128)
    }
}

impl ToValue for isize {
    #[inline]
    fn to_value(&self) -> Value<'_> {
        Value::Integer(*self as i128)
    }
}

/// Integers that always fit an `i128`.
macro_rules! integers {
    ($($integer:ty)+) => {
        $(impl ToValue for $integer {
            #[inline]
            fn to_value(&self) -> Value<'_> {
                Value::Integer(i128::from(*self))
            }
        })+
    };
}

integers!(u8 u16 u32 u64 i8 i16 i32 i64 i128);
