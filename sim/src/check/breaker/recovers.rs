//! A breaker before a healthy service closes again: within its interval and as many calls as its success threshold.

use super::of;
use super::opening::{Asked, Opening};
use crate::check::{End, Judgement, Promise};
use crate::log::{BackendEvent, Event, What};
use crate::span::Seconds;
use retrip_core::breaker::{Cause, EventKind, Outcome, State};
use retrip_core::door::Instant;
use std::time::Duration;

/// See [`recovers`].
#[derive(Clone, Debug)]
pub struct Recovers {
    who: &'static str,
    open_for: Duration,
    threshold: u32,
    opening: Option<Opening>,
    asked: Asked,
    /// The end of the last open interval, until the breaker closes.
    over: Option<Instant>,
    health: Health,
    /// Calls since the interval was over and the backend healthy.
    calls: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Healthy,
    Failing,
}

/// Of the calls to the breaker `who` that come one after another, `open_for` or more after it opened and while its
/// backend is healthy, the `threshold`-th closes it. A call that fails by itself opens it again, and the count begins anew.
///
/// For callers that take turns: a call that is rejected because another one is under way counts here as one that was
/// not let through.
#[must_use]
pub fn recovers(who: &'static str, open_for: Duration, threshold: u32) -> Recovers {
    let health = Health::Healthy;
    Recovers {
        who,
        open_for,
        threshold,
        opening: None,
        asked: Asked::default(),
        over: None,
        health,
        calls: 0,
    }
}

impl Recovers {
    /// One more call came when it could be expected to help.
    fn call(&mut self, found: &str) -> Judgement {
        self.calls += 1;
        if self.calls < self.threshold || found == "call ok" && self.calls == self.threshold {
            return Judgement::Holds;
        }
        let wanted = format!("closes at call {} after the interval", self.threshold);
        Judgement::broken(wanted, format!("{found} at call {}, and it is not closed", self.calls))
    }
}

impl Promise for Recovers {
    fn name(&self) -> &'static str {
        "recovers"
    }

    fn statement(&self) -> String {
        let (open_for, threshold) = (Seconds(self.open_for), self.threshold);
        format!(
            "before a healthy backend the breaker closes within {open_for} and {threshold} calls"
        )
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        match &event.what {
            What::Backend(BackendEvent::Fails) if *event.who == *self.who => {
                self.health = Health::Failing;
            }
            What::Backend(BackendEvent::Recovers) if *event.who == *self.who => {
                (self.health, self.calls) = (Health::Healthy, 0);
            }
            _ => {}
        }
        let Some(own) = of(event, self.who) else { return Judgement::NotConcerned };
        self.opening = Opening::after(self.opening, own, self.open_for.into(), &mut self.asked);
        match &own.kind {
            EventKind::Transition { to: State::Closed, cause, .. } => {
                let was_open = self.over.take().is_some();
                // Somebody who closes it by hand shows nothing about the breaker.
                return if was_open && *cause != Cause::Reset {
                    Judgement::Holds
                } else {
                    Judgement::NotConcerned
                };
            }
            EventKind::Transition { to: State::Open, .. } | EventKind::Renewed { .. } => {
                self.over = self.opening.and_then(|opening| opening.ends());
                self.calls = 0;
            }
            EventKind::Completed { admitted_at, outcome: Outcome::Success, .. } => {
                let helps = self.over.is_some_and(|over| *admitted_at >= Some(over));
                if helps && self.health == Health::Healthy {
                    return self.call("call ok");
                }
            }
            EventKind::Rejected { .. } => {
                let late = self.over.is_some_and(|over| own.at >= over);
                if late && self.health == Health::Healthy {
                    return self.call("rejected");
                }
            }
            _ => {}
        }
        Judgement::NotConcerned
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        if self.over.is_some() && self.calls >= self.threshold {
            let wanted = format!("closes at call {} after the interval", self.threshold);
            return Judgement::broken(wanted, "it is not closed at the end");
        }
        Judgement::NotConcerned
    }
}
