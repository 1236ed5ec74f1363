//! What a task can do: `enter request_id=r-7`, `leave`, `look`, `log hello`, `fall within user_id=u-1`.

use retrip_core::logger::LogField;
use std::fmt;
use std::str::FromStr;

/// The keys of a context, which is about who is served by what.
const KEYS: [LogField; 5] = [
    LogField::RequestId,
    LogField::SessionId,
    LogField::UserId,
    LogField::Component,
    LogField::Function,
];

/// One operation of a task. What it prints, it also reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskOperation {
    /// Enters a scope with these fields.
    Enters(Vec<(LogField, String)>),
    /// Enters a scope with these fields, logs within it, and falls out of it by a panic, which it catches.
    Falls(Vec<(LogField, String)>),
    /// Leaves the innermost scope that the task is in; nothing where it is in none.
    Leaves,
    /// Reads the context that it has.
    Looks,
    /// Logs a line.
    Logs(String),
}

impl fmt::Display for TaskOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, fields) = match self {
            Self::Enters(fields) => ("enter", fields),
            Self::Falls(fields) => ("fall within", fields),
            Self::Leaves => return f.write_str("leave"),
            Self::Looks => return f.write_str("look"),
            Self::Logs(text) => return write!(f, "log {text}"),
        };
        f.write_str(verb)?;
        fields.iter().try_for_each(|(key, value)| write!(f, " {}={value}", key.as_str()))
    }
}

/// The text is none of the forms of [`TaskOperation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "neither `enter KEY=VALUE ..` (request_id, session_id, user_id, component or function), `leave`, `look`, `log TEXT` nor `fall within KEY=VALUE ..`"
)]
pub struct TaskOperationError;

impl FromStr for TaskOperation {
    type Err = TaskOperationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(' ') {
            Some(("enter", fields)) => own_fields(fields).map(Self::Enters),
            Some(("fall", rest)) => {
                let fields = rest.strip_prefix("within ").ok_or(TaskOperationError)?;
                own_fields(fields).map(Self::Falls)
            }
            Some(("log", text)) if !text.is_empty() => Ok(Self::Logs(text.to_owned())),
            None if text == "leave" => Ok(Self::Leaves),
            None if text == "look" => Ok(Self::Looks),
            _ => Err(TaskOperationError),
        }
    }
}

fn own_fields(text: &str) -> Result<Vec<(LogField, String)>, TaskOperationError> {
    text.split(' ').map(field).collect()
}

fn field(text: &str) -> Result<(LogField, String), TaskOperationError> {
    let (key, value) = text.split_once('=').ok_or(TaskOperationError)?;
    let key: LogField = key.parse().map_err(|_| TaskOperationError)?;
    let fits = KEYS.contains(&key) && !value.is_empty() && !value.contains('=');
    fits.then(|| (key, value.to_owned())).ok_or(TaskOperationError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_reads_back_what_it_prints() {
        for text in [
            "enter request_id=r-7",
            "enter user_id=u-1 component=api",
            "leave",
            "look",
            "log a b",
            "fall within user_id=u-1 component=api",
        ] {
            let read = text.parse::<TaskOperation>().expect("it is an operation");
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn what_would_not_be_a_field_of_a_context_is_refused() {
        for text in [
            "fall",
            "fall within",
            "fall in",
            "enter",
            "enter seq=1",
            "enter user_id",
            "enter user_id=",
            "leave now",
            "log",
        ] {
            assert_eq!(text.parse::<TaskOperation>(), Err(TaskOperationError), "{text}");
        }
    }
}
