//! Reads a fault.

use super::{Fault, FaultKind, PlanError, Way};
use crate::span::Span;
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
        match what {
            [clock @ ("wall" | "monotonic"), "clock", what @ ..] => {
                let (node, what) = match what {
                    ["of", node, what @ ..] => (Some(Arc::from(*node)), what),
                    _ => (None, what),
                };
                Self::new(from, until, node, reading.clock(clock, what)?)
            }
            [verb @ ("partition" | "hold"), node, way @ ("from" | "to"), other] => {
                let way = if *way == "from" { Way::Both } else { Way::There };
                let kind = match *verb {
                    "partition" => FaultKind::Partitions(way),
                    _ => FaultKind::Holds(way),
                };
                Self::between([Arc::from(*node), Arc::from(*other)], from, until, kind)
            }
            ["messages", verb, amount] => {
                Self::new(from, until, None, reading.messages(verb, amount)?)
            }
            [node, verb] => {
                let kind = match *verb {
                    "crashes" => FaultKind::Crashes,
                    "restarts" => FaultKind::Restarts,
                    "pauses" => FaultKind::Pauses,
                    _ => return Err(no_fault()),
                };
                Self::new(from, until, Some(Arc::from(*node)), kind)
            }
            _ => Err(no_fault()),
        }
    }
}

/// What is read, to be named where something in it is wrong.
struct Reading<'a> {
    statement: &'a str,
}

impl Reading<'_> {
    fn no_fault(&self) -> PlanError {
        PlanError::Fault { statement: self.statement.to_owned() }
    }

    fn time(&self, text: &str) -> Result<Duration, PlanError> {
        let statement = || self.statement.to_owned();
        let reason = |reason| PlanError::Time { statement: statement(), reason };
        text.parse().map(|Span(time)| time).map_err(reason)
    }

    fn ppm<T: std::str::FromStr>(&self, text: &str) -> Result<T, PlanError> {
        let number = text.strip_suffix("ppm").and_then(|number| number.parse().ok());
        number.ok_or_else(|| self.no_fault())
    }

    fn clock(&self, clock: &str, what: &[&str]) -> Result<FaultKind, PlanError> {
        Ok(match (clock, what) {
            ("wall", ["jumps", by]) => {
                let statement = || self.statement.to_owned();
                let reason = |reason| PlanError::Time { statement: statement(), reason };
                FaultKind::WallJumps(by.parse().map_err(reason)?)
            }
            ("wall", ["drifts", by]) => FaultKind::WallDrifts(self.ppm(by)?),
            ("wall", ["freezes"]) => FaultKind::WallFreezes,
            ("monotonic", ["drifts", by]) => FaultKind::MonotonicDrifts(self.ppm(by)?),
            ("monotonic", ["freezes"]) => FaultKind::MonotonicFreezes,
            ("monotonic", ["suspends", by]) => FaultKind::MonotonicSuspends(self.time(by)?),
            _ => return Err(self.no_fault()),
        })
    }

    fn messages(&self, verb: &str, amount: &str) -> Result<FaultKind, PlanError> {
        Ok(match verb {
            "take" => {
                let (shortest, longest) = amount.split_once("..").unwrap_or((amount, amount));
                FaultKind::MessagesTake(self.time(shortest)?, self.time(longest)?)
            }
            "lost" => FaultKind::MessagesLost(self.ppm(amount)?),
            "doubled" => FaultKind::MessagesDoubled(self.ppm(amount)?),
            "shuffled" => FaultKind::MessagesShuffled(self.time(amount)?),
            _ => return Err(self.no_fault()),
        })
    }
}
