//! Promises: named, pure functions from an event log to a verdict. They observe; they never ask the engine.
//!
//! Four kinds: *always* and *never* judge each event as it happens and can stop a run early; *eventually* judges at the
//! end, from the moment faults stop; *sometimes* is judged over a whole sweep. Each promise lives in a file of its own.

pub mod breaker;
pub mod context;
mod linearizable;
pub mod logger;
mod seq;
mod sighting;
mod watch;

pub use linearizable::{Linearizable, Model, Told, linearizable};
pub use seq::{SeqIsFileOrder, seq_is_file_order};
pub use sighting::{Sighting, Sometimes};
pub use watch::{Breach, Verdict, Watch};

use crate::log::{Cause, Event, Name};
use std::time::Duration;

/// What a promise says about one event, or about the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The promise says nothing about it.
    NotConcerned,
    /// It was judged and holds.
    Holds,
    /// It was judged and is broken.
    Broken(Broken),
}

/// A broken promise in the words of its check.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Broken {
    /// What was wanted: `half-opens after 30.000s`.
    pub wanted: String,
    /// What was found: `rejected for 30.000s more`.
    pub found: String,
}

impl Judgement {
    /// Broken, in these words.
    pub fn broken(wanted: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Broken(Broken { wanted: wanted.into(), found: found.into() })
    }

    /// Holds where `found == wanted`, otherwise broken in the words of their `Display`.
    pub fn equal<T: PartialEq + std::fmt::Display>(wanted: T, found: T) -> Self {
        if wanted == found {
            Self::Holds
        } else {
            Self::broken(wanted.to_string(), found.to_string())
        }
    }
}

/// How a run ended, for promises that are judged then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Engine time that passed.
    pub elapsed: Duration,
    /// Events in the log.
    pub events: usize,
}

/// A promise about every run of a scenario.
pub trait Promise: Send {
    /// Its name, after what is promised: `open_ends`.
    fn name(&self) -> &'static str;

    /// It as a sentence: `a call 30.000s or more after opening passes`.
    fn statement(&self) -> String;

    /// Judges an event as it happens.
    fn observe(&mut self, event: &Event) -> Judgement;

    /// Judges the end of a run that nothing stopped before.
    fn finish(&mut self, _end: &End) -> Judgement {
        Judgement::NotConcerned
    }
}

/// A promise that some event never happens, or that every event of a kind is right, as a closure.
///
/// For checks of a few lines; one that keeps a model is a type of its own.
pub struct Always<F> {
    name: &'static str,
    statement: String,
    judge: F,
}

/// The promise `name`: every event that `judge` does not pass over must hold.
pub fn always<F>(name: &'static str, statement: impl Into<String>, judge: F) -> Always<F>
where
    F: FnMut(&Event) -> Judgement + Send,
{
    Always { name, statement: statement.into(), judge }
}

/// The promise `name`: no event is one that `happens` finds; it says what was found.
pub fn never<F>(
    name: &'static str,
    statement: impl Into<String>,
    mut happens: F,
) -> Always<impl FnMut(&Event) -> Judgement + Send>
where
    F: FnMut(&Event) -> Option<String> + Send,
{
    always(name, statement, move |event| match happens(event) {
        Some(found) => Judgement::broken("never", found),
        None => Judgement::Holds,
    })
}

impl<F: FnMut(&Event) -> Judgement + Send> Promise for Always<F> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn statement(&self) -> String {
        self.statement.clone()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        (self.judge)(event)
    }
}

/// A promise that something happens before the run ends, counted from the moment faults stop: what happened before the last
/// fault began or ended is forgotten.
pub struct Eventually<F> {
    name: &'static str,
    statement: String,
    wanted: &'static str,
    happens: F,
    seen: bool,
}

/// The promise `name`: before the end there is an event for which `happens` holds.
pub fn eventually<F>(
    name: &'static str,
    statement: impl Into<String>,
    wanted: &'static str,
    happens: F,
) -> Eventually<F>
where
    F: FnMut(&Event) -> bool + Send,
{
    Eventually { name, statement: statement.into(), wanted, happens, seen: false }
}

impl<F: FnMut(&Event) -> bool + Send> Promise for Eventually<F> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn statement(&self) -> String {
        self.statement.clone()
    }

    fn observe(&mut self, event: &Event) -> Judgement {
        if matches!(event.cause, Some(Cause::Fault(_))) {
            self.seen = false;
        }
        if (self.happens)(event) {
            self.seen = true;
            return Judgement::Holds;
        }
        Judgement::NotConcerned
    }

    fn finish(&mut self, _end: &End) -> Judgement {
        if self.seen { Judgement::Holds } else { Judgement::broken(self.wanted, "never happened") }
    }
}

/// Who an event is about, for promises about one subject.
#[must_use]
pub fn is_about(event: &Event, who: &Name) -> bool {
    event.who == *who
}
