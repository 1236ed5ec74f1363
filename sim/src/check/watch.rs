//! All checks of one run together: they see each event once, and the first broken promise stops the run.

use super::{Broken, End, Judgement, Promise, Sighting, Sometimes};
use crate::engine::threads::Failure;
use crate::engine::{Flow, Observer};
use crate::log::Event;
use std::any::Any;

/// A broken promise and where it broke.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Breach {
    /// The promise's name.
    pub promise: &'static str,
    /// The promise as a sentence.
    pub statement: String,
    /// Wanted and found.
    pub broken: Broken,
    /// The index of the event that broke it; none where the end did.
    pub event: Option<usize>,
}

impl Breach {
    /// What the engine found wrong, as a broken promise.
    pub(crate) fn of_failure(failure: &Failure) -> Self {
        let broken = Broken { wanted: failure.wanted().to_owned(), found: failure.to_string() };
        let statement = failure.statement().to_owned();
        Self { promise: failure.promise(), statement, broken, event: None }
    }
}

/// What one run says about one promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The promise's name.
    pub promise: &'static str,
    /// How many times it was judged. A promise that judged nothing proves nothing.
    pub judged: u64,
    /// Whether it was broken.
    pub broken: bool,
}

/// The checks of one run.
#[derive(Default)]
pub struct Watch {
    promises: Vec<(Box<dyn Promise>, u64)>,
    sometimes: Vec<Sometimes>,
    events: usize,
    breach: Option<Breach>,
}

impl Watch {
    /// Watches for `promises` and `sometimes`.
    #[must_use]
    pub fn new(promises: Vec<Box<dyn Promise>>, sometimes: Vec<Sometimes>) -> Self {
        let promises = promises.into_iter().map(|promise| (promise, 0)).collect();
        Self { promises, sometimes, events: 0, breach: None }
    }

    /// Judges the end of a run that nothing stopped.
    pub(crate) fn finish(&mut self, end: &End) {
        if self.breach.is_some() {
            return;
        }
        for (promise, judged) in &mut self.promises {
            match promise.finish(end) {
                Judgement::NotConcerned => {}
                Judgement::Holds => *judged += 1,
                Judgement::Broken(broken) => {
                    *judged += 1;
                    self.breach = Some(breach(&**promise, broken, None));
                    return;
                }
            }
        }
    }

    pub(crate) fn verdicts(&self) -> Vec<Verdict> {
        let verdict = |(promise, judged): &(Box<dyn Promise>, u64)| Verdict {
            promise: promise.name(),
            judged: *judged,
            broken: self.breach.as_ref().is_some_and(|breach| breach.promise == promise.name()),
        };
        self.promises.iter().map(verdict).collect()
    }

    pub(crate) fn sightings(&self) -> Vec<Sighting> {
        self.sometimes.iter().map(Sometimes::sighting).collect()
    }

    pub(crate) fn into_breach(self) -> Option<Breach> {
        self.breach
    }
}

fn breach(promise: &dyn Promise, broken: Broken, event: Option<usize>) -> Breach {
    Breach { promise: promise.name(), statement: promise.statement(), broken, event }
}

impl Observer for Watch {
    fn observe(&mut self, event: &Event) -> Flow {
        let index = self.events;
        self.events += 1;
        if self.breach.is_some() {
            return Flow::Stop;
        }
        for sometimes in &mut self.sometimes {
            sometimes.observe(event);
        }
        for (promise, judged) in &mut self.promises {
            match promise.observe(event) {
                Judgement::NotConcerned => {}
                Judgement::Holds => *judged += 1,
                Judgement::Broken(broken) => {
                    *judged += 1;
                    self.breach = Some(breach(&**promise, broken, Some(index)));
                    return Flow::Stop;
                }
            }
        }
        Flow::Continue
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
