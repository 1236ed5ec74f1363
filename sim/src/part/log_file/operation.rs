//! What can be done with a logger's file: `app logs ERROR no answer`, `app flushes`, `app shuts down`, `app has room for
//! 37`, `app has room`, `app is read`, `app loses power`.

use retrip_core::logger::Level;
use std::fmt;
use std::str::FromStr;

/// One operation, without the name of the logger. What it prints, it also reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogFileOperation {
    /// Logs a message at a level.
    Logs(Level, String),
    /// Announces what was lost, and hands everything on.
    Flushes,
    /// Hands everything on, and takes nothing any more.
    ShutsDown,
    /// Leaves room for so many bytes on the disk, or all there may be.
    HasRoom(Option<u64>),
    /// Reads the file, and tells what is in it and what the logger has counted.
    IsRead,
    /// Reads what the file would have if the power failed now. The run goes on with the disk that it has.
    LosesPower,
}

impl fmt::Display for LogFileOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logs(level, text) => write!(f, "logs {level} {text}"),
            Self::Flushes => f.write_str("flushes"),
            Self::ShutsDown => f.write_str("shuts down"),
            Self::HasRoom(None) => f.write_str("has room"),
            Self::HasRoom(Some(bytes)) => write!(f, "has room for {bytes}"),
            Self::IsRead => f.write_str("is read"),
            Self::LosesPower => f.write_str("loses power"),
        }
    }
}

/// How they are written.
pub(super) const FORMS: [&str; 7] = [
    "logs LEVEL TEXT",
    "flushes",
    "shuts down",
    "has room for BYTES",
    "has room",
    "is read",
    "loses power",
];

/// The text is none of the forms of [`LogFileOperation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "neither `logs LEVEL TEXT` (DEBUG, INFO, WARNING, ERROR or CRITICAL), `flushes`, `shuts down`, `has room for BYTES`, `has room`, `is read` nor `loses power`"
)]
pub struct LogFileOperationError;

impl FromStr for LogFileOperation {
    type Err = LogFileOperationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "flushes" => return Ok(Self::Flushes),
            "shuts down" => return Ok(Self::ShutsDown),
            "has room" => return Ok(Self::HasRoom(None)),
            "is read" => return Ok(Self::IsRead),
            "loses power" => return Ok(Self::LosesPower),
            _ => {}
        }
        if let Some(bytes) = text.strip_prefix("has room for ") {
            return bytes
                .parse()
                .map(|bytes| Self::HasRoom(Some(bytes)))
                .map_err(|_| LogFileOperationError);
        }
        let line = text.strip_prefix("logs ").and_then(|line| line.split_once(' '));
        let (level, text) = line.ok_or(LogFileOperationError)?;
        let level = level.parse().map_err(|_| LogFileOperationError)?;
        if text.is_empty() {
            Err(LogFileOperationError)
        } else {
            Ok(Self::Logs(level, text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_reads_back_what_it_prints() {
        let simple = ["flushes", "shuts down", "is read", "loses power"];
        let more = ["logs ERROR no answer", "logs DEBUG a", "has room", "has room for 0"];
        for text in more.into_iter().chain(simple) {
            let read = text.parse::<LogFileOperation>().expect("it is an operation");
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn what_says_no_level_or_nothing_is_refused() {
        for text in [
            "logs",
            "logs ERROR",
            "logs ERROR ",
            "logs error a",
            "flush",
            "has room for",
            "is",
            "read",
        ] {
            assert_eq!(text.parse::<LogFileOperation>(), Err(LogFileOperationError), "{text}");
        }
    }
}
