//! A value that never reaches a log line.

use super::value::{ToValue, Value};
use std::fmt;

/// What stands in a line in place of a secret.
pub const REDACTED: &str = "***REDACTED***";

/// Keeps a value out of every log line and every `{}` and `{:?}`.
///
/// Values under keys that look secret (`password`, `api_key`, `authorization`, `access_token`, ...) are redacted without
/// it; an integer under a key with `token` is a count of tokens and stands.
///
/// ```
/// use retrip_core::logger::Secret;
///
/// let key = Secret::new("sk-123");
/// assert_eq!(format!("{key} {key:?}"), "***REDACTED*** ***REDACTED***");
/// assert_eq!(*key.expose(), "sk-123");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for whoever must use it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T> ToValue for Secret<T> {
    fn to_value(&self) -> Value<'_> {
        Value::Redacted
    }
}
