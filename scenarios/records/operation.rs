//! What an author writes: `app says ERROR custom`, `app uses failed`, `app measures ok in 3ms for r-7`, `app writes 41`.

use retrip_core::logger::{EventType, Level, ToolStatus};
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One operation, without the name of the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AuthorOperation {
    /// An event of this kind at this level.
    Says(Level, EventType),
    /// What a logger has a method for at this level.
    Helps(Level),
    /// A step of a call of a tool.
    Uses(ToolStatus),
    /// That something took so long.
    Took(Duration),
    /// Something that takes so long, ends so, and is done for this request.
    Measures(Ending, Duration, String),
    /// The record that this number stands for.
    Writes(u64),
}

/// How something ends that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Ok,
    Failed,
    Panicked,
}

/// The forms of all operations.
pub(super) const FORMS: [&str; 6] = [
    "says LEVEL TYPE",
    "helps LEVEL",
    "uses invoked|completed|failed",
    "took DURATION",
    "measures ok|failed|panicked in DURATION for REQUEST",
    "writes NUMBER",
];

const ENDINGS: [(Ending, &str); 3] =
    [(Ending::Ok, "ok"), (Ending::Failed, "failed"), (Ending::Panicked, "panicked")];

const STATUSES: [(ToolStatus, &str); 3] = [
    (ToolStatus::Invoked, "invoked"),
    (ToolStatus::Completed, "completed"),
    (ToolStatus::Failed, "failed"),
];

impl Ending {
    /// The word of the schema.
    pub(super) fn as_str(self) -> &'static str {
        word(&ENDINGS, self)
    }
}

fn word<T: PartialEq>(words: &[(T, &'static str)], value: T) -> &'static str {
    let found = words.iter().find(|(own, _)| *own == value);
    found.expect("every value has its word").1
}

fn value<T: Copy>(words: &[(T, &'static str)], word: &str) -> Result<T, NotWritten> {
    let found = words.iter().find(|(_, own)| *own == word);
    found.map(|(value, _)| *value).ok_or(NotWritten)
}

impl fmt::Display for AuthorOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Says(level, event_type) => write!(f, "says {level} {event_type}"),
            Self::Helps(level) => write!(f, "helps {level}"),
            Self::Uses(status) => write!(f, "uses {}", word(&STATUSES, *status)),
            Self::Took(duration) => write!(f, "took {}", Span(*duration)),
            Self::Measures(ending, takes, request) => {
                write!(f, "measures {} in {} for {request}", ending.as_str(), Span(*takes))
            }
            Self::Writes(number) => write!(f, "writes {number}"),
        }
    }
}

/// The text is none of [`FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotWritten;

impl FromStr for AuthorOperation {
    type Err = NotWritten;

    fn from_str(text: &str) -> Result<Self, NotWritten> {
        let span = |text: &str| text.parse().map(|Span(time)| time).map_err(|_| NotWritten);
        let level = |text: &str| text.parse::<Level>().map_err(|_| NotWritten);
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["says", at, event_type] => {
                Ok(Self::Says(level(at)?, event_type.parse().map_err(|_| NotWritten)?))
            }
            ["helps", at] => Ok(Self::Helps(level(at)?)),
            ["uses", status] => Ok(Self::Uses(value(&STATUSES, status)?)),
            ["took", duration] => Ok(Self::Took(span(duration)?)),
            ["measures", ending, "in", takes, "for", request] => {
                let ending = value(&ENDINGS, ending)?;
                Ok(Self::Measures(ending, span(takes)?, request.to_owned()))
            }
            ["writes", number] => Ok(Self::Writes(number.parse().map_err(|_| NotWritten)?)),
            _ => Err(NotWritten),
        }
    }
}
