//! What can be asked of a breaker: `ask as a`, `end a ok`, `reset`, `force open`, `read`.

use retrip_core::breaker::Outcome;
use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UnheardOperation {
    /// Asks for a permit, and keeps it under this label, one word.
    Ask(Arc<str>),
    /// Ends the call with this label, where there is one; without an outcome its permit is dropped.
    End(Arc<str>, Option<Outcome>),
    ByHand(Command),
    /// Reads what was counted.
    Read,
    /// Reads what was counted while others go on.
    Look,
}

/// What somebody does to a breaker by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    ForceOpen,
    Isolate(Duration),
    Disable,
    OnlyMeasure,
    Lift,
    Refresh,
    Reset,
}

/// The forms of all operations.
pub(crate) const FORMS: [&str; 11] = [
    "ask as LABEL",
    "end LABEL ok|failed|ignored|dropped",
    "force open",
    "isolate for DURATION",
    "disable",
    "only measure",
    "lift",
    "refresh",
    "reset",
    "read",
    "look",
];

/// How a call ended, in a word.
pub(crate) const fn end(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Success) => "ok",
        Some(Outcome::Failure) => "failed",
        Some(Outcome::Ignored) => "ignored",
        None => "dropped",
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForceOpen => f.write_str("force open"),
            Self::Isolate(time) => write!(f, "isolate for {}", Span(*time)),
            Self::Disable => f.write_str("disable"),
            Self::OnlyMeasure => f.write_str("only measure"),
            Self::Lift => f.write_str("lift"),
            Self::Refresh => f.write_str("refresh"),
            Self::Reset => f.write_str("reset"),
        }
    }
}

impl fmt::Display for UnheardOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ask(label) => write!(f, "ask as {label}"),
            Self::End(label, outcome) => write!(f, "end {label} {}", end(*outcome)),
            Self::ByHand(command) => command.fmt(f),
            Self::Read => f.write_str("read"),
            Self::Look => f.write_str("look"),
        }
    }
}

/// The text is none of [`FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotOfTheBreaker;

impl FromStr for UnheardOperation {
    type Err = NotOfTheBreaker;

    fn from_str(text: &str) -> Result<Self, NotOfTheBreaker> {
        let by_hand = |command| Ok(Self::ByHand(command));
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["ask", "as", label] => Ok(Self::Ask(label.into())),
            ["end", label, how] => {
                let outcomes = [Outcome::Success, Outcome::Failure, Outcome::Ignored].map(Some);
                let is_it = |outcome: &Option<Outcome>| end(*outcome) == how;
                let outcome = outcomes.into_iter().chain([None]).find(is_it);
                outcome.map(|outcome| Self::End(label.into(), outcome)).ok_or(NotOfTheBreaker)
            }
            ["force", "open"] => by_hand(Command::ForceOpen),
            ["isolate", "for", time] => {
                let Span(time) = time.parse().map_err(|_| NotOfTheBreaker)?;
                by_hand(Command::Isolate(time))
            }
            ["disable"] => by_hand(Command::Disable),
            ["only", "measure"] => by_hand(Command::OnlyMeasure),
            ["lift"] => by_hand(Command::Lift),
            ["refresh"] => by_hand(Command::Refresh),
            ["reset"] => by_hand(Command::Reset),
            ["read"] => Ok(Self::Read),
            ["look"] => Ok(Self::Look),
            _ => Err(NotOfTheBreaker),
        }
    }
}
