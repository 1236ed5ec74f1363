//! What is done at the desk: `call ok`, `call both failed in 2s`, `call ok or fall back`, `ask plainly with 7 at 3s`.

use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One line of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WaysOperation {
    Call(Ending),
    /// The same call through a breaker and through a wrapper of another one, which takes so long.
    Both(Ending, Duration),
    /// A call that has a fallback.
    OrFallBack(Ending),
    /// A function that goes through no breaker, at this moment.
    Plainly(u32, Duration),
    ByHand(Command),
    Read,
}

/// How a call ends that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Ok,
    Failed,
    Ignored,
}

/// What is done to a breaker by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    ForceOpen,
    Disable,
    Lift,
    Reset,
}

/// The forms of all operations.
pub(super) const FORMS: [&str; 9] = [
    "call ok|failed|ignored",
    "call both ok|failed|ignored in DURATION",
    "call ok|failed|ignored or fall back",
    "ask plainly with NUMBER at DURATION",
    "force open",
    "disable",
    "lift",
    "reset",
    "read",
];

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Ignored => "ignored",
        })
    }
}

impl fmt::Display for WaysOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(ending) => write!(f, "call {ending}"),
            Self::Both(ending, takes) => write!(f, "call both {ending} in {}", Span(*takes)),
            Self::OrFallBack(ending) => write!(f, "call {ending} or fall back"),
            Self::Plainly(number, at) => write!(f, "ask plainly with {number} at {}", Span(*at)),
            Self::ByHand(Command::ForceOpen) => f.write_str("force open"),
            Self::ByHand(Command::Disable) => f.write_str("disable"),
            Self::ByHand(Command::Lift) => f.write_str("lift"),
            Self::ByHand(Command::Reset) => f.write_str("reset"),
            Self::Read => f.write_str("read"),
        }
    }
}

/// The text is none of [`FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoWay;

impl FromStr for Ending {
    type Err = NoWay;

    fn from_str(text: &str) -> Result<Self, NoWay> {
        match text {
            "ok" => Ok(Self::Ok),
            "failed" => Ok(Self::Failed),
            "ignored" => Ok(Self::Ignored),
            _ => Err(NoWay),
        }
    }
}

impl FromStr for WaysOperation {
    type Err = NoWay;

    fn from_str(text: &str) -> Result<Self, NoWay> {
        let span = |text: &str| text.parse().map(|Span(time)| time).map_err(|_| NoWay);
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["call", ending] => Ok(Self::Call(ending.parse()?)),
            ["call", "both", ending, "in", takes] => Ok(Self::Both(ending.parse()?, span(takes)?)),
            ["call", ending, "or", "fall", "back"] => Ok(Self::OrFallBack(ending.parse()?)),
            ["ask", "plainly", "with", number, "at", at] => {
                Ok(Self::Plainly(number.parse().map_err(|_| NoWay)?, span(at)?))
            }
            ["force", "open"] => Ok(Self::ByHand(Command::ForceOpen)),
            ["disable"] => Ok(Self::ByHand(Command::Disable)),
            ["lift"] => Ok(Self::ByHand(Command::Lift)),
            ["reset"] => Ok(Self::ByHand(Command::Reset)),
            ["read"] => Ok(Self::Read),
            _ => Err(NoWay),
        }
    }
}
