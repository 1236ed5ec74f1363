//! One event: what happened, to whom, when by which clock, and why.

use super::{What, breaker};
use retrip_core::door::{Instant, Timestamp};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::panic::Location;
use std::sync::Arc;

/// A name in a log, shared rather than copied.
pub type Name = Arc<str>;

/// One thing that happened.
///
/// Its hash, and so every digest, leaves out [`source`](Event::source), [`steps`](Event::steps) and
/// [`checkpoint`](Event::checkpoint): moving a line of code changes no digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Engine time: nanoseconds since the start of the run.
    pub engine: u64,
    /// The node's monotonic clock.
    pub mono: Instant,
    /// The node's wall clock.
    pub wall: Timestamp,
    /// The node it happened on.
    pub node: Name,
    /// The thread, actor or driver that did it.
    pub thread: Name,
    /// Whom it is about: a breaker, a backend, a logger, `clock`.
    pub who: Name,
    /// What happened.
    pub what: What,
    /// What in the plan brought it about, where that is known.
    pub cause: Option<Cause>,
    /// The line of code that reported it.
    pub source: &'static Location<'static>,
    /// How many steps the scheduler had made before.
    pub steps: u64,
    /// What the schedule was up to that step, as a rolling number: equal where two runs agree so far.
    pub checkpoint: u64,
}

impl Event {
    /// The values in words, as [`What::detail`] gives them. Where a breaker decided at another time than this event
    /// was heard at, that time is added: `at 1.000s`.
    #[must_use]
    pub fn detail(&self) -> Cow<'_, str> {
        match &self.what {
            What::Breaker(event) => Cow::Owned(breaker::detail_heard_at(event, self.mono)),
            what => what.detail(),
        }
    }
}

impl Hash for Event {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Taken apart in full, so that a new field has to be thought about here.
        let Self {
            engine,
            mono,
            wall,
            node,
            thread,
            who,
            what,
            cause,
            source: _,
            steps: _,
            checkpoint: _,
        } = self;
        (engine, mono, wall, node, thread, who, what, cause).hash(state);
    }
}

/// What in the plan, or in the run, brought an event about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The fault at this place in the plan's list, from 0.
    Fault(u32),
    /// The step at this place in the plan's script, from 0.
    Step(u32),
    /// The call with this label.
    Call(Name),
}
