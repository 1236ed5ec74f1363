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

    /// What was wanted and found, without numbers: what two failures have in common that differ in what was drawn.
    pub(crate) fn without_numbers(&self) -> String {
        let both = format!("{}; {}", self.broken.wanted, self.broken.found);
        let is_digit = |letter: char| letter.is_ascii_digit();
        both.split(is_digit).filter(|rest| !rest.is_empty()).collect()
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
    /// The place of the broken promise: names may repeat, one promise being about one breaker each.
    broken: Option<usize>,
}

impl Watch {
    /// Watches for `promises` and `sometimes`.
    #[must_use]
    pub fn new(promises: Vec<Box<dyn Promise>>, sometimes: Vec<Sometimes>) -> Self {
        let promises = promises.into_iter().map(|promise| (promise, 0)).collect();
        Self { promises, sometimes, events: 0, breach: None, broken: None }
    }

    /// Judges the end of a run that nothing stopped.
    pub(crate) fn finish(&mut self, end: &End) {
        if self.breach.is_some() {
            return;
        }
        for (place, (promise, judged)) in self.promises.iter_mut().enumerate() {
            match promise.finish(end) {
                Judgement::NotConcerned => {}
                Judgement::Holds => *judged += 1,
                Judgement::Broken(broken) => {
                    *judged += 1;
                    self.breach = Some(breach(&**promise, broken, None));
                    self.broken = Some(place);
                    return;
                }
            }
        }
    }

    pub(crate) fn verdicts(&self) -> Vec<Verdict> {
        let verdict = |(place, (promise, judged)): (usize, &(Box<dyn Promise>, u64))| Verdict {
            promise: promise.name(),
            judged: *judged,
            broken: self.broken == Some(place),
        };
        self.promises.iter().enumerate().map(verdict).collect()
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
        for (place, (promise, judged)) in self.promises.iter_mut().enumerate() {
            match promise.observe(event) {
                Judgement::NotConcerned => {}
                Judgement::Holds => *judged += 1,
                Judgement::Broken(broken) => {
                    *judged += 1;
                    self.breach = Some(breach(&**promise, broken, Some(index)));
                    self.broken = Some(place);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Judgement, always, eventually};
    use crate::log::{ThreadEvent, What};
    use retrip_core::door::{Instant, Timestamp};
    use std::panic::Location;
    use std::time::Duration;

    fn event(who: &str) -> Event {
        Event {
            engine: 0,
            mono: Instant::ORIGIN,
            wall: Timestamp::EPOCH,
            node: "local".into(),
            thread: "driver".into(),
            who: who.into(),
            what: What::Thread(ThreadEvent::Starts),
            cause: None,
            source: Location::caller(),
            steps: 0,
            checkpoint: 0,
        }
    }

    const END: End = End { elapsed: Duration::ZERO, events: 0 };

    /// Holds at `good`, is broken by `bad`, and says nothing about anybody else.
    fn is(good: &'static str, bad: &'static str) -> Box<dyn Promise> {
        Box::new(always("is_good", format!("{good}, not {bad}"), move |event| match &*event.who {
            who if who == good => Judgement::Holds,
            who if who == bad => Judgement::broken(good, bad),
            _ => Judgement::NotConcerned,
        }))
    }

    fn seen(who: &'static str) -> Box<dyn Promise> {
        let statement = format!("{who} is seen");
        Box::new(eventually("is_seen", statement, who, move |event| *event.who == *who))
    }

    fn verdicts(watch: &Watch) -> Vec<(u64, bool)> {
        watch.verdicts().iter().map(|verdict| (verdict.judged, verdict.broken)).collect()
    }

    #[test]
    fn the_breach_is_the_first_and_nothing_is_judged_after_it() {
        let promises = vec![is("a", "b"), is("b", "c"), is("c", "b")];
        let looks = ["a", "c"].map(|who| Sometimes::new(who, move |event| *event.who == *who));
        let mut watch = Watch::new(promises, looks.into());
        assert_eq!(watch.observe(&event("z")), Flow::Continue);
        assert_eq!(watch.observe(&event("a")), Flow::Continue);
        assert_eq!(verdicts(&watch), [(1, false), (0, false), (0, false)]);
        assert_eq!(watch.observe(&event("b")), Flow::Stop);
        let broken = [(2, true), (0, false), (0, false)];
        assert_eq!(verdicts(&watch), broken, "the second is not asked, the third does not break");
        assert_eq!(watch.observe(&event("c")), Flow::Stop);
        watch.finish(&END);
        assert_eq!(verdicts(&watch), broken);
        let sightings = watch.sightings();
        let sightings: Vec<_> = sightings.iter().map(|it| (it.name, it.seen)).collect();
        assert_eq!(sightings, [("a", true), ("c", false)], "c came after the end");
        let wanted = Breach {
            promise: "is_good",
            statement: "a, not b".to_owned(),
            broken: Broken { wanted: "a".to_owned(), found: "b".to_owned() },
            event: Some(2),
        };
        assert_eq!(watch.into_breach(), Some(wanted));
    }

    #[test]
    fn of_promises_with_one_name_the_one_that_broke_is_told() {
        let mut watch = Watch::new(vec![is("a", "z"), is("b", "c"), is("d", "z")], Vec::new());
        assert_eq!(watch.observe(&event("c")), Flow::Stop);
        assert_eq!(verdicts(&watch), [(0, false), (1, true), (0, false)]);

        let mut watch = Watch::new(vec![seen("a"), is("a", "z"), seen("b"), seen("c")], Vec::new());
        assert_eq!(watch.observe(&event("a")), Flow::Continue);
        assert_eq!(verdicts(&watch), [(1, false), (1, false), (0, false), (0, false)]);
        watch.finish(&END);
        assert_eq!(verdicts(&watch), [(2, false), (1, false), (1, true), (0, false)]);
        let breach = watch.into_breach().expect("b was never seen");
        assert_eq!((breach.event, &*breach.statement), (None, "b is seen"));
    }

    #[test]
    fn a_run_that_keeps_everything_has_no_breach() {
        let mut watch = Watch::new(vec![seen("a")], Vec::new());
        assert_eq!(watch.observe(&event("a")), Flow::Continue);
        assert_eq!(watch.observe(&event("b")), Flow::Continue);
        watch.finish(&END);
        assert_eq!(verdicts(&watch), [(2, false)]);
        assert_eq!(watch.into_breach(), None);
    }

    #[test]
    fn what_was_seen_once_stays_seen() {
        let looks = vec![Sometimes::new("a", |event| *event.who == *"a")];
        let mut watch = Watch::new(Vec::new(), looks);
        let now = |watch: &Watch| watch.sightings()[0];
        assert_eq!(now(&watch), Sighting { name: "a", seen: false });
        for who in ["b", "a", "b"] {
            assert_eq!(watch.observe(&event(who)), Flow::Continue);
        }
        assert_eq!(now(&watch), Sighting { name: "a", seen: true });
    }
}
