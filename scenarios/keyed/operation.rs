//! What can be asked of breakers by key: `call a`, `begin a as x`, `end x ok`, `force open a`, `evict idle`, `count`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// One line of a tenant's script. Keys and labels are one word each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyedOperation {
    /// A call that succeeds, or fails.
    Call {
        key: Arc<str>,
        fails: Fails,
    },
    /// A call that is in flight, under this label, until it is ended. Where the breaker refuses, nothing is.
    Begin {
        key: Arc<str>,
        label: Arc<str>,
    },
    /// Ends the call with this label, where there is one.
    End {
        label: Arc<str>,
        ending: Ending,
    },
    ByHand {
        key: Arc<str>,
        command: Command,
    },
    EvictIdle,
    /// Counts what is there.
    Count,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fails {
    No,
    Yes,
}

/// How a call ends that was in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Ok,
    Failed,
    Dropped,
}

/// What somebody does to the breaker of a key by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    ForceOpen,
    Disable,
    Reset,
}

/// The forms of all operations.
pub(super) const FORMS: [&str; 9] = [
    "call KEY",
    "call KEY and fail",
    "begin KEY as LABEL",
    "end LABEL ok|failed|dropped",
    "force open KEY",
    "disable KEY",
    "reset KEY",
    "evict idle",
    "count",
];

impl Ending {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

impl Command {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::ForceOpen => "force open",
            Self::Disable => "disable",
            Self::Reset => "reset",
        }
    }
}

impl fmt::Display for KeyedOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { key, fails: Fails::No } => write!(f, "call {key}"),
            Self::Call { key, fails: Fails::Yes } => write!(f, "call {key} and fail"),
            Self::Begin { key, label } => write!(f, "begin {key} as {label}"),
            Self::End { label, ending } => write!(f, "end {label} {}", ending.word()),
            Self::ByHand { key, command } => write!(f, "{} {key}", command.words()),
            Self::EvictIdle => f.write_str("evict idle"),
            Self::Count => f.write_str("count"),
        }
    }
}

/// The text is none of [`FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotOfKeys;

impl FromStr for KeyedOperation {
    type Err = NotOfKeys;

    fn from_str(text: &str) -> Result<Self, NotOfKeys> {
        let by_hand = |key: &str, command| Ok(Self::ByHand { key: key.into(), command });
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["call", key] => Ok(Self::Call { key: key.into(), fails: Fails::No }),
            ["call", key, "and", "fail"] => Ok(Self::Call { key: key.into(), fails: Fails::Yes }),
            ["begin", key, "as", label] => Ok(Self::Begin { key: key.into(), label: label.into() }),
            ["end", label, how] => {
                let endings = [Ending::Ok, Ending::Failed, Ending::Dropped];
                let ending = endings.into_iter().find(|ending| ending.word() == how);
                let end = |ending| Self::End { label: label.into(), ending };
                ending.map(end).ok_or(NotOfKeys)
            }
            ["evict", "idle"] => Ok(Self::EvictIdle),
            ["force", "open", key] => by_hand(key, Command::ForceOpen),
            ["disable", key] => by_hand(key, Command::Disable),
            ["reset", key] => by_hand(key, Command::Reset),
            ["count"] => Ok(Self::Count),
            _ => Err(NotOfKeys),
        }
    }
}
