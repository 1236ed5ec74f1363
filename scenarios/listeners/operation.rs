//! What can be done to a breaker, and what its meddling listener is to do with what it hears next: `reset`, `meddler will panic`.

use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One line of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListenerOperation {
    Act(Act),
    /// The meddler does this within an event that it hears, one such deed for each event.
    Plan(Deed),
    /// The meddler does nothing any more.
    Forget,
    /// Refreshes the breaker, so that what waits is told, and reads what it is and has counted.
    Read,
}

/// What somebody does to the breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Call,
    CallAndFail,
    ForceOpen,
    Reset,
    Lift,
    Refresh,
}

/// What a listener does with what it hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Act(Act),
    Look,
    Panic,
    Sleep(Duration),
}

/// The forms of all operations.
pub(super) const FORMS: [&str; 9] = [
    "call",
    "call and fail",
    "force open",
    "reset",
    "lift",
    "refresh",
    "meddler will call|call and fail|force open|reset|lift|refresh|look|panic|sleep for DURATION",
    "meddler forgets",
    "read",
];

/// All acts, in the order of [`FORMS`].
pub(super) const ACTS: [Act; 6] =
    [Act::Call, Act::CallAndFail, Act::ForceOpen, Act::Reset, Act::Lift, Act::Refresh];

impl Act {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::CallAndFail => "call and fail",
            Self::ForceOpen => "force open",
            Self::Reset => "reset",
            Self::Lift => "lift",
            Self::Refresh => "refresh",
        }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act(act) => f.write_str(act.words()),
            Self::Look => f.write_str("look"),
            Self::Panic => f.write_str("panic"),
            Self::Sleep(time) => write!(f, "sleep for {}", Span(*time)),
        }
    }
}

impl fmt::Display for ListenerOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act(act) => f.write_str(act.words()),
            Self::Plan(deed) => write!(f, "meddler will {deed}"),
            Self::Forget => f.write_str("meddler forgets"),
            Self::Read => f.write_str("read"),
        }
    }
}

/// The text is none of [`FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotOfListeners;

impl FromStr for Act {
    type Err = NotOfListeners;

    fn from_str(text: &str) -> Result<Self, NotOfListeners> {
        ACTS.into_iter().find(|act| act.words() == text).ok_or(NotOfListeners)
    }
}

impl FromStr for Deed {
    type Err = NotOfListeners;

    fn from_str(text: &str) -> Result<Self, NotOfListeners> {
        match text {
            "look" => Ok(Self::Look),
            "panic" => Ok(Self::Panic),
            _ => match text.strip_prefix("sleep for ") {
                Some(time) => {
                    let Span(time) = time.parse().map_err(|_| NotOfListeners)?;
                    Ok(Self::Sleep(time))
                }
                None => text.parse().map(Self::Act),
            },
        }
    }
}

impl FromStr for ListenerOperation {
    type Err = NotOfListeners;

    fn from_str(text: &str) -> Result<Self, NotOfListeners> {
        match text {
            "meddler forgets" => Ok(Self::Forget),
            "read" => Ok(Self::Read),
            _ => match text.strip_prefix("meddler will ") {
                Some(deed) => deed.parse().map(Self::Plan),
                None => text.parse().map(Self::Act),
            },
        }
    }
}
