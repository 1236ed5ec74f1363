//! What is done to a breaker and to its clock: `call`, `clock jumps back 5s`, `clock stands at its end`.

use retrip_sim::span::Span;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// One line of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostileOperation {
    Call,
    CallAndFail,
    Refresh,
    /// Reads what the breaker is.
    Read,
    Clock(Deed),
}

/// What the clock does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    JumpsBack(Duration),
    JumpsForward(Duration),
    Stands,
    StandsAtItsEnd,
    /// It goes on from so long after its origin, as a clock should.
    GoesOnFrom(Duration),
}

/// The forms of all operations.
pub(super) const FORMS: [&str; 9] = [
    "call",
    "call and fail",
    "refresh",
    "read",
    "clock jumps back DURATION",
    "clock jumps forward DURATION",
    "clock stands",
    "clock stands at its end",
    "clock goes on from DURATION",
];

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JumpsBack(time) => write!(f, "jumps back {}", Span(*time)),
            Self::JumpsForward(time) => write!(f, "jumps forward {}", Span(*time)),
            Self::Stands => f.write_str("stands"),
            Self::StandsAtItsEnd => f.write_str("stands at its end"),
            Self::GoesOnFrom(time) => write!(f, "goes on from {}", Span(*time)),
        }
    }
}

impl fmt::Display for HostileOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call => f.write_str("call"),
            Self::CallAndFail => f.write_str("call and fail"),
            Self::Refresh => f.write_str("refresh"),
            Self::Read => f.write_str("read"),
            Self::Clock(deed) => write!(f, "clock {deed}"),
        }
    }
}

/// The text is none of [`FORMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotOfTheClock;

impl FromStr for Deed {
    type Err = NotOfTheClock;

    fn from_str(text: &str) -> Result<Self, NotOfTheClock> {
        let time = |text: &str| match text.parse() {
            Ok(Span(time)) => Ok(time),
            Err(_) => Err(NotOfTheClock),
        };
        match text.split(' ').collect::<Vec<_>>()[..] {
            ["jumps", "back", by] => time(by).map(Self::JumpsBack),
            ["jumps", "forward", by] => time(by).map(Self::JumpsForward),
            ["stands"] => Ok(Self::Stands),
            ["stands", "at", "its", "end"] => Ok(Self::StandsAtItsEnd),
            ["goes", "on", "from", moment] => time(moment).map(Self::GoesOnFrom),
            _ => Err(NotOfTheClock),
        }
    }
}

impl FromStr for HostileOperation {
    type Err = NotOfTheClock;

    fn from_str(text: &str) -> Result<Self, NotOfTheClock> {
        match text {
            "call" => Ok(Self::Call),
            "call and fail" => Ok(Self::CallAndFail),
            "refresh" => Ok(Self::Refresh),
            "read" => Ok(Self::Read),
            _ => text
                .strip_prefix("clock ")
                .ok_or(NotOfTheClock)?
                .parse()
                .map(HostileOperation::Clock),
        }
    }
}
