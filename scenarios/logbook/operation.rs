//! What is done at a station: `llm calls ok in 3ms for r-7`, `llm calls failed within a call in 0s for r-8`, `llm says hello`.

use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One operation, without the name of the breaker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StationOperation {
    /// A call that ends so, takes so long, and is made for this request.
    Calls {
        ending: Ending,
        depth: Depth,
        takes: Duration,
        request: String,
    },
    /// Words for the log.
    Says(String),
    OpensByHand,
    Resets,
}

/// How a call ends that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Ok,
    Failed,
}

/// Whether a call is made within another one of the same breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    Alone,
    WithinACall,
}

/// The forms of all operations.
pub(super) const FORMS: [&str; 5] = [
    "calls ok|failed in DURATION for REQUEST",
    "calls ok|failed within a call in DURATION for REQUEST",
    "says WORD",
    "opens by hand",
    "resets",
];

impl Ending {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for StationOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calls { ending, depth, takes, request } => {
                let within = if *depth == Depth::Alone { "" } else { " within a call" };
                write!(f, "calls {}{within} in {} for {request}", ending.as_str(), Span(*takes))
            }
            Self::Says(word) => write!(f, "says {word}"),
            Self::OpensByHand => f.write_str("opens by hand"),
            Self::Resets => f.write_str("resets"),
        }
    }
}

/// The text is none of [`FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotDone;

impl FromStr for StationOperation {
    type Err = NotDone;

    fn from_str(text: &str) -> Result<Self, NotDone> {
        let calls = |ending: &str, depth, takes: &str, request: &str| {
            let ending = match ending {
                "ok" => Ending::Ok,
                "failed" => Ending::Failed,
                _ => return Err(NotDone),
            };
            let Span(takes) = takes.parse().map_err(|_| NotDone)?;
            Ok(Self::Calls { ending, depth, takes, request: request.to_owned() })
        };
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["calls", ending, "in", takes, "for", request] => {
                calls(ending, Depth::Alone, takes, request)
            }
            ["calls", ending, "within", "a", "call", "in", takes, "for", request] => {
                calls(ending, Depth::WithinACall, takes, request)
            }
            ["says", word] => Ok(Self::Says(word.to_owned())),
            ["opens", "by", "hand"] => Ok(Self::OpensByHand),
            ["resets"] => Ok(Self::Resets),
            _ => Err(NotDone),
        }
    }
}
