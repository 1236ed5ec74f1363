//! What anybody expects of a breaker, judged by what its callers see: whether calls begin, and how they end.
//!
//! A breaker that has rejected a call is open until a *trial* has ended: a call that it admits after that. What it says of its state
//! plays no part.

use super::payments::{Told, told};
use retrip_core::door::Instant;
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::log::{Event, Name};
use retrip_sim::span::Seconds;
use std::collections::BTreeMap;
use std::time::Duration;

/// A message and a step take time, so that a caller and its breaker may see the end of an interval this far apart.
const SLACK: Duration = Duration::from_millis(1);

/// While nobody knows how they end, at most `most` trials are on their way.
pub(super) fn bounded_trials(most: u32) -> impl Promise {
    let statement = format!(
        "until one of them has ended, at most {most} of the calls after a rejection are let through"
    );
    let mut calls = Calls::default();
    always("bounded_trials", statement, move |event| match calls.see(event) {
        Some(Told::Admitted(_)) if calls.is_tripped => {
            let trials = calls.trials();
            if trials <= most {
                return Judgement::Holds;
            }
            Judgement::broken(
                format!("at most {most} let through before one has ended"),
                format!("{trials} let through, and none has ended"),
            )
        }
        _ => Judgement::NotConcerned,
    })
}

/// When `decisive` trials have failed it is open for `open_for`, also where a call succeeded meanwhile that was admitted before it
/// opened.
pub(super) fn late_results_do_not_close(decisive: u32, open_for: Duration) -> impl Promise {
    let which = match decisive {
        1 => "a failed trial".to_owned(),
        many => format!("{many} failed trials"),
    };
    let statement =
        format!("calls are rejected for {} after {which}, whatever comes late", Seconds(open_for));
    let mut calls = Calls::default();
    always("late_results_do_not_close", statement, move |event| {
        let decided = calls.failed.get(decisive as usize - 1).copied();
        let told = calls.see(event);
        let Some(decided) = decided else { return Judgement::NotConcerned };
        let until = decided.saturating_add(open_for);
        if event.mono.saturating_add(SLACK) >= until {
            return Judgement::NotConcerned;
        }
        match told {
            Some(Told::Rejected) => Judgement::Holds,
            Some(Told::Admitted(_)) => {
                let late = calls.late.as_deref().map_or(String::new(), |thread| {
                    format!(", after the late success of {thread}")
                });
                let left = until.saturating_duration_since(event.mono);
                Judgement::broken(
                    format!("rejected for {} more", Seconds(left)),
                    format!("admitted{late}"),
                )
            }
            _ => Judgement::NotConcerned,
        }
    })
}

/// Once every call has ended and `open_for` is over after the last of them, a call is let through. The trials that nobody waited for
/// have ended as well.
pub(super) fn permits_come_back(open_for: Duration) -> impl Promise {
    let statement =
        format!("with nothing on its way for {}, the next call is let through", Seconds(open_for));
    let mut calls = Calls::default();
    always("permits_come_back", statement, move |event| {
        let idle = calls.idle_since.map(|since| event.mono.saturating_duration_since(since));
        let told = calls.see(event);
        match (told, idle) {
            (Some(told), Some(idle)) if idle >= open_for + SLACK => match told {
                Told::Admitted(_) => Judgement::Holds,
                Told::Rejected => Judgement::broken(
                    format!("admitted, {} after the last call had ended", Seconds(open_for)),
                    format!("rejected, {} after the last call had ended", Seconds(idle)),
                ),
                _ => Judgement::NotConcerned,
            },
            _ => Judgement::NotConcerned,
        }
    })
}

/// What a call is that is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It was admitted before anything was rejected.
    Early,
    /// It was admitted by a breaker that had rejected a call, after so many trials had failed.
    Trial(usize),
}

/// What the callers have seen.
#[derive(Debug, Default)]
struct Calls {
    /// By the thread of the caller.
    on_their_way: BTreeMap<Name, Kind>,
    /// A call was rejected, and no trial has ended since.
    is_tripped: bool,
    /// When trials failed, since the last one that did anything else.
    failed: Vec<Instant>,
    /// Whose call succeeded last that was admitted before a rejection.
    late: Option<Name>,
    /// When the last call ended, where none is on its way.
    idle_since: Option<Instant>,
}

impl Calls {
    /// What `event` tells, with everything that follows from it.
    fn see(&mut self, event: &Event) -> Option<Told> {
        let told = told(event)?;
        match told {
            Told::Rejected => self.is_tripped = true,
            Told::Admitted(_) => self.begin(event),
            Told::Ok(_) | Told::Failed(_) | Told::GivenUp(_) => self.end(told, event),
        }
        Some(told)
    }

    fn begin(&mut self, event: &Event) {
        if self.is_tripped && self.trials() == 0 {
            // Whatever failed before has been answered by the rejection.
            self.failed.clear();
        }
        let kind = if self.is_tripped { Kind::Trial(self.failed.len()) } else { Kind::Early };
        self.on_their_way.insert(Name::clone(&event.thread), kind);
        self.idle_since = None;
    }

    fn end(&mut self, told: Told, event: &Event) {
        let kind = self.on_their_way.remove(&event.thread);
        if self.on_their_way.is_empty() {
            self.idle_since = Some(event.mono);
        }
        match (kind, told) {
            (Some(Kind::Trial(_)), _) => {
                self.is_tripped = false;
                match told {
                    Told::Failed(_) => self.failed.push(event.mono),
                    _ => self.failed.clear(),
                }
            }
            (_, Told::Ok(_)) if self.is_tripped || !self.failed.is_empty() => {
                self.late = Some(Name::clone(&event.thread));
            }
            _ => {}
        }
    }

    /// How many trials are on their way that belong together: no other has failed since they began.
    fn trials(&self) -> u32 {
        let current = Kind::Trial(self.failed.len());
        let trials = self.on_their_way.values().filter(|kind| **kind == current).count();
        u32::try_from(trials).expect("a run has few callers")
    }
}
