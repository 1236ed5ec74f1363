//! Reads a fault.

use super::{Fault, FaultKind, FaultWords, PlanError, Way};
use crate::disk::Trouble;
use crate::span::Span;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

impl Fault {
    /// Reads a whole statement, the word `fault` included.
    pub(in crate::plan) fn parse(statement: &str) -> Result<Self, PlanError> {
        let no_fault = || PlanError::Fault { statement: statement.to_owned() };
        let reading = Reading { statement };
        let words: Vec<&str> = statement.split_whitespace().collect();
        let ["fault", when, what @ ..] = &*words else { return Err(no_fault()) };
        let (from, until) = match when.split_once("..") {
            Some((from, until)) => (reading.time(from)?, Some(reading.time(until)?)),
            None => (reading.time(when)?, None),
        };
        let node = |name: &&str| Arc::from(*name);
        match what {
            [name, verb @ ("crashes" | "restarts" | "pauses" | "stalls")] => {
                let kind = match *verb {
                    "crashes" => FaultKind::Crashes,
                    "restarts" => FaultKind::Restarts,
                    "pauses" => FaultKind::Pauses,
                    _ => FaultKind::Stalls,
                };
                Self::new(from, until, Some(node(name)), kind)
            }
            ["wall", "clock", what @ ..] => {
                let (of, what) = of_node(what);
                Self::new(from, until, of.map(node), reading.wall_clock(what)?)
            }
            ["monotonic", "clock", what @ ..] => {
                let (of, what) = of_node(what);
                Self::new(from, until, of.map(node), reading.monotonic_clock(what)?)
            }
            ["partition" | "hold", nodes @ ..] => {
                let [one, way @ ("from" | "to"), other] = nodes else {
                    return Err(reading.refused(FaultWords::Way));
                };
                let way = if *way == "from" { Way::Both } else { Way::There };
                let kind = match what[0] {
                    "partition" => FaultKind::Partitions(way),
                    _ => FaultKind::Holds(way),
                };
                Self::between([node(one), node(other)], from, until, kind)
            }
            ["messages", what @ ..] => Self::new(from, until, None, reading.messages(what)?),
            ["disk", what @ ..] => {
                let (of, what) = of_node(what);
                Self::new(from, until, of.map(node), FaultKind::Disk(reading.disk(what)?))
            }
            ["wall", ..] => Err(reading.refused(FaultWords::WallClock)),
            ["monotonic", ..] => Err(reading.refused(FaultWords::MonotonicClock)),
            [_, _, "from" | "to", _] => Err(reading.refused(FaultWords::Way)),
            [_, "stalls" | "stall", ..] | [_, "is", "stalled", ..] => {
                Err(reading.refused(FaultWords::Actor))
            }
            [_, "crashes" | "restarts" | "pauses", ..] | [_, _] => {
                Err(reading.refused(FaultWords::Host))
            }
            _ => Err(no_fault()),
        }
    }
}

/// The node that is named, and what it does.
fn of_node<'a, 'b>(what: &'b [&'a str]) -> (Option<&'b &'a str>, &'b [&'a str]) {
    match what {
        ["of", node, what @ ..] => (Some(node), what),
        _ => (None, what),
    }
}

/// What is read, to be named where something in it is wrong.
struct Reading<'a> {
    statement: &'a str,
}

impl Reading<'_> {
    /// It has words that it cannot have.
    fn refused(&self, words: FaultWords) -> PlanError {
        PlanError::FaultWords { statement: self.statement.to_owned(), words }
    }

    fn time(&self, text: &str) -> Result<Duration, PlanError> {
        let statement = || self.statement.to_owned();
        let reason = |reason| PlanError::Time { statement: statement(), reason };
        text.parse().map(|Span(time)| time).map_err(reason)
    }

    fn drift(&self, text: &str) -> Result<i32, PlanError> {
        let (statement, amount) = (self.statement.to_owned(), text.to_owned());
        ppm(text).ok_or(PlanError::Drift { statement, amount })
    }

    fn share(&self, text: &str, of: &'static str) -> Result<u32, PlanError> {
        let (statement, amount) = (self.statement.to_owned(), text.to_owned());
        ppm(text).ok_or(PlanError::Share { statement, amount, of })
    }

    fn bytes(&self, text: &str) -> Result<u64, PlanError> {
        let (statement, amount) = (self.statement.to_owned(), text.to_owned());
        let bytes = text.strip_suffix('B').and_then(|number| number.parse().ok());
        bytes.ok_or(PlanError::Bytes { statement, amount })
    }

    /// One time, or two with all between them.
    fn times(&self, text: &str) -> Result<(Duration, Duration), PlanError> {
        let (shortest, longest) = text.split_once("..").unwrap_or((text, text));
        Ok((self.time(shortest)?, self.time(longest)?))
    }

    fn wall_clock(&self, what: &[&str]) -> Result<FaultKind, PlanError> {
        Ok(match what {
            ["jumps", by] => {
                let statement = || self.statement.to_owned();
                let reason = |reason| PlanError::Time { statement: statement(), reason };
                FaultKind::WallJumps(by.parse().map_err(reason)?)
            }
            ["drifts", by] => FaultKind::WallDrifts(self.drift(by)?),
            ["freezes"] => FaultKind::WallFreezes,
            _ => return Err(self.refused(FaultWords::WallClock)),
        })
    }

    fn monotonic_clock(&self, what: &[&str]) -> Result<FaultKind, PlanError> {
        Ok(match what {
            ["drifts", by] => FaultKind::MonotonicDrifts(self.drift(by)?),
            ["freezes"] => FaultKind::MonotonicFreezes,
            ["suspends", by] => FaultKind::MonotonicSuspends(self.time(by)?),
            _ => return Err(self.refused(FaultWords::MonotonicClock)),
        })
    }

    fn messages(&self, what: &[&str]) -> Result<FaultKind, PlanError> {
        Ok(match what {
            ["take", times] => {
                let (shortest, longest) = self.times(times)?;
                FaultKind::MessagesTake(shortest, longest)
            }
            ["lost", share] => FaultKind::MessagesLost(self.share(share, "messages")?),
            ["doubled", share] => FaultKind::MessagesDoubled(self.share(share, "messages")?),
            ["shuffled", by] => FaultKind::MessagesShuffled(self.time(by)?),
            _ => return Err(self.refused(FaultWords::Messages)),
        })
    }

    fn disk(&self, what: &[&str]) -> Result<Trouble, PlanError> {
        Ok(match what {
            ["has", "room", "for", bytes] => Trouble::Full(self.bytes(bytes)?),
            ["has", "quota", "for", bytes] => Trouble::OverQuota(self.bytes(bytes)?),
            ["writes", "fail", share] => Trouble::WritesFail(self.share(share, "calls")?),
            ["writes", "interrupted", share] => {
                Trouble::WritesInterrupted(self.share(share, "calls")?)
            }
            ["writes", "short", share] => Trouble::WritesShort(self.share(share, "calls")?),
            ["reads", "fail", share] => Trouble::ReadsFail(self.share(share, "calls")?),
            ["is", "read-only"] => Trouble::ReadOnly,
            ["opens", "fail"] => Trouble::OpensFail,
            ["renames", "fail"] => Trouble::RenamesFail,
            ["syncs", "fail", share] => Trouble::SyncsFail(self.share(share, "calls")?),
            ["syncs", "lie"] => Trouble::SyncsLie,
            ["takes", times] => {
                let (shortest, longest) = self.times(times)?;
                Trouble::Slow(shortest, longest)
            }
            _ => return Err(self.refused(FaultWords::Disk)),
        })
    }
}

/// So many parts per million.
fn ppm<T: FromStr>(text: &str) -> Option<T> {
    text.strip_suffix("ppm")?.parse().ok()
}
