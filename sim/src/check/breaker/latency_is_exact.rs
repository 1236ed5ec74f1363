//! The latencies that a breaker keeps are the times that its backend took, of the last hundred calls.

use crate::check::{Judgement, Promise};
use crate::log::{BackendEvent, Event, Value, What};
use crate::span::Seconds;
use std::time::Duration;

/// How many latencies are kept.
const KEPT: usize = 100;

/// See [`latency_is_exact`].
#[derive(Clone, Debug)]
pub struct LatencyIsExact {
    who: &'static str,
    takes: Duration,
    /// What each call so far took, by the script.
    served: Vec<Duration>,
}

/// Whenever the statistics of the breaker `who` are read, its latencies are the times that the script gave its backend,
/// of the last hundred calls.
///
/// For one caller whose calls all succeed or fail; nothing may be in flight while it reads.
#[must_use]
pub fn latency_is_exact(who: &'static str) -> LatencyIsExact {
    LatencyIsExact { who, takes: Duration::ZERO, served: Vec::new() }
}

impl Promise for LatencyIsExact {
    fn name(&self) -> &'static str {
        "latency_is_exact"
    }

    fn statement(&self) -> String {
        "the latencies kept are the times that the last hundred calls took".to_owned()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if *event.who != *self.who {
            return Judgement::NotConcerned;
        }
        match &event.what {
            What::Backend(BackendEvent::Takes(time)) => self.takes = *time,
            What::Note { verb, .. } if **verb == *"serves" => self.served.push(self.takes),
            What::Note { verb, fields } if **verb == *"is read" => {
                let last = &self.served[self.served.len().saturating_sub(KEPT)..];
                let together: Duration = last.iter().sum();
                let wanted = format!("{} latencies, {} together", last.len(), Seconds(together));
                let text = |wanted: &str| {
                    let field = fields.iter().find(|(name, _)| **name == *wanted);
                    field.map_or_else(String::new, |(_, value): &(_, Value)| value.to_string())
                };
                let found =
                    format!("{} latencies, {} together", text("latencies"), text("together"));
                return Judgement::equal(wanted, found);
            }
            _ => {}
        }
        Judgement::NotConcerned
    }
}
