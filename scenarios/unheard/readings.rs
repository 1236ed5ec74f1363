//! What may be read while calls begin and end: what everybody had done at one moment between the beginning of the reading and its end.

use super::operation::UnheardOperation;
use retrip_core::breaker::Outcome;
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name, Value, What};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Add;

/// What the statistics count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Counts {
    success: i64,
    failure: i64,
    ignored: i64,
    rejected: i64,
    in_flight: i64,
}

const NOTHING: Counts = Counts { success: 0, failure: 0, ignored: 0, rejected: 0, in_flight: 0 };
const ADMITTED: Counts = Counts { in_flight: 1, ..NOTHING };
const REJECTED: Counts = Counts { rejected: 1, ..NOTHING };

impl Counts {
    /// A call that ends.
    const fn ended(outcome: Outcome) -> Self {
        let ended = Self { in_flight: -1, ..NOTHING };
        match outcome {
            Outcome::Success => Self { success: 1, ..ended },
            Outcome::Failure => Self { failure: 1, ..ended },
            Outcome::Ignored => Self { ignored: 1, ..ended },
        }
    }

    /// What was read.
    fn read(fields: &[(Name, Value)]) -> Self {
        let read = |name: &str| match fields.iter().find(|(field, _)| **field == *name) {
            Some((_, Value::Int(count))) => *count,
            other => panic!("{name} is {other:?}, and no count"),
        };
        Self {
            success: read("success"),
            failure: read("failure"),
            ignored: read("ignored"),
            rejected: read("rejected"),
            in_flight: read("in flight"),
        }
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            success: self.success + other.success,
            failure: self.failure + other.failure,
            ignored: self.ignored + other.ignored,
            rejected: self.rejected + other.rejected,
            in_flight: self.in_flight + other.in_flight,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { success, failure, ignored, rejected, in_flight } = self;
        write!(f, "{success} success, {failure} failure, {ignored} ignored, ")?;
        write!(f, "{rejected} rejected, {in_flight} in flight")
    }
}

/// Something that a thread has done: how many events had been told when it began and when it had ended, and what is counted of it.
#[derive(Debug)]
struct Deed {
    began: usize,
    ended: usize,
    counts: Counts,
}

/// What the log has told so far.
#[derive(Default)]
struct Known {
    done: BTreeMap<Name, Vec<Deed>>,
    /// What each thread is about, and how many events had been told when it began.
    about: BTreeMap<Name, (usize, UnheardOperation)>,
    /// How many events had been told when each thread told something last: what it does next has begun after that.
    last: BTreeMap<Name, usize>,
    told: usize,
}

impl Known {
    /// Takes note of an event, and says what was read, if it is a reading.
    fn hear(&mut self, event: &Event) -> Option<Counts> {
        let What::Note { verb, fields } = &event.what else { return None };
        if **verb == *"sees" {
            return Some(Counts::read(fields));
        }
        self.told += 1;
        let (thread, ended) = (Name::clone(&event.thread), self.told);
        self.last.insert(Name::clone(&thread), ended);
        let counts = match &**verb {
            "begins" => {
                let operation = word(fields).parse().expect("it was written down as one");
                self.about.insert(thread, (ended, operation));
                return None;
            }
            "admits" => ADMITTED,
            "rejects" => REJECTED,
            "hears" => Counts::ended(match word(fields) {
                "ok" => Outcome::Success,
                "failed" => Outcome::Failure,
                _ => Outcome::Ignored,
            }),
            _ => NOTHING,
        };
        let began = self.about.remove(&thread).map_or(ended, |(began, _)| began);
        self.done.entry(thread).or_default().push(Deed { began, ended, counts });
        None
    }

    /// The thread has read: what it does next has begun after that.
    fn has_read(&mut self, thread: &Name) {
        self.told += 1;
        self.last.insert(Name::clone(thread), self.told);
    }

    /// All that everybody together may have done at some moment of a reading of `reader` that ends now.
    fn moments(&self, reader: &Name) -> BTreeSet<Counts> {
        let began = self.last.get(reader).copied().unwrap_or_default();
        (began..=self.told).flat_map(|moment| self.at(moment)).collect()
    }

    /// All that everybody together may have done when so many events had been told.
    fn at(&self, moment: usize) -> BTreeSet<Counts> {
        let threads = self.done.keys().chain(self.about.keys()).collect::<BTreeSet<_>>();
        threads.into_iter().fold(BTreeSet::from([NOTHING]), |all, thread| {
            let own = self.of_one_at(thread, moment);
            all.into_iter().flat_map(|rest| own.iter().map(move |own| rest + *own)).collect()
        })
    }

    /// What a thread may have done at that moment: what had ended, and perhaps what it was about.
    fn of_one_at(&self, thread: &Name, moment: usize) -> Vec<Counts> {
        let done = self.done.get(thread).map_or(&[][..], Vec::as_slice);
        let ended = done.iter().filter(|deed| deed.ended <= moment);
        let sum = ended.fold(NOTHING, |sum, deed| sum + deed.counts);
        let mut own = vec![sum];
        let under_way = done.iter().filter(|deed| deed.began <= moment && moment < deed.ended);
        own.extend(under_way.map(|deed| sum + deed.counts));
        own.extend(match self.about.get(thread) {
            Some((began, UnheardOperation::Ask(_))) if *began <= moment => {
                vec![sum + ADMITTED, sum + REJECTED]
            }
            Some((began, UnheardOperation::End(_, how))) if *began <= moment => {
                vec![sum + Counts::ended(how.unwrap_or(Outcome::Ignored))]
            }
            _ => Vec::new(),
        });
        own
    }
}

fn word(fields: &[(Name, Value)]) -> &str {
    match fields.first() {
        Some((_, Value::Text(text))) => text,
        other => panic!("{other:?} is no word"),
    }
}

/// Whenever the statistics are read, there is a moment while they are read at which all threads together had done just that: all that had ended
/// by then, and of what somebody was about, the whole of it or nothing.
pub(crate) fn readings_are_of_one_moment() -> impl Promise {
    let mut known = Known::default();
    let statement = "the statistics are those of one moment while they are read";
    always("readings_are_of_one_moment", statement, move |event| {
        let Some(found) = known.hear(event) else { return Judgement::NotConcerned };
        let moments = known.moments(&event.thread);
        known.has_read(&event.thread);
        if moments.contains(&found) {
            return Judgement::Holds;
        }
        let all = moments.iter().map(ToString::to_string).collect::<Vec<_>>();
        Judgement::broken(all.join("; or "), found.to_string())
    })
}

/// A reading ends while somebody else is about something.
pub(crate) fn somebody_reads_meanwhile() -> Sometimes {
    let mut known = Known::default();
    Sometimes::new("somebody_reads_meanwhile", move |event| {
        known.hear(event).is_some() && !known.about.is_empty()
    })
}
