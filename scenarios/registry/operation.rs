//! What is asked of breakers by name: `get llm`, `get llm with threshold 3`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Asks for the breaker of a name, one word, which opens at so many failures in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Get {
    pub(super) name: Arc<str>,
    pub(super) threshold: u32,
}

/// The form of it.
pub(super) const FORM: &str = "get NAME with threshold NUMBER";

impl fmt::Display for Get {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "get {} with threshold {}", self.name, self.threshold)
    }
}

/// The text is not of the [form](FORM).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotOfNames;

impl FromStr for Get {
    type Err = NotOfNames;

    fn from_str(text: &str) -> Result<Self, NotOfNames> {
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["get", name, "with", "threshold", threshold] => {
                let threshold = threshold.parse().map_err(|_| NotOfNames)?;
                Ok(Self { name: name.into(), threshold })
            }
            _ => Err(NotOfNames),
        }
    }
}
