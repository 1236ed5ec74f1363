//! What is promised to those who read and write, and what must be seen of it.

use super::archive::told;
use super::shelf::Told;
use retrip_sim::check::{Judgement, Promise, Sometimes, always};
use retrip_sim::log::{Event, Name};
use std::collections::{BTreeMap, BTreeSet};

/// A writer that waits is passed by so many readers at most that came later than it.
pub(crate) fn writers_are_let_in(patience: u32) -> impl Promise {
    let mut queue = Arrivals::default();
    let statement = format!("a writer is passed by at most {patience} readers that came later");
    always("writers_are_let_in", statement, move |event| match (told(event), queue.see(event)) {
        (Some(Told::BeginsToRead), most) if most > patience => Judgement::broken(
            format!("at most {patience} readers before the writer"),
            format!("reader {most} that came later than it"),
        ),
        (Some(Told::BeginsToRead), _) => Judgement::Holds,
        _ => Judgement::NotConcerned,
    })
}

/// Whoever reads finds both copies equal.
pub(crate) fn nobody_reads_half() -> impl Promise {
    let statement = "who reads finds what one writer left, and nothing of another one";
    always("nobody_reads_half", statement, |event| match told(event) {
        Some(Told::Reads { one, other }) => {
            Judgement::equal(format!("reads {one} twice"), format!("reads {other} twice"))
        }
        _ => Judgement::NotConcerned,
    })
}

/// Each sum is the one before with what was added to it.
pub(crate) fn no_sum_is_lost() -> impl Promise {
    let mut sum = 0;
    let statement = "who adds, adds to what the writer before it made";
    always("no_sum_is_lost", statement, move |event| match told(event) {
        Some(Told::Adds { amount, makes }) => {
            sum += amount;
            Judgement::equal(format!("makes {sum}"), format!("makes {makes}"))
        }
        _ => Judgement::NotConcerned,
    })
}

/// A writer was passed by exactly as many readers as it lets pass, and then it is let in.
pub(crate) fn a_writer_is_passed_as_often_as_may_be(patience: u32) -> Sometimes {
    let mut queue = Arrivals::default();
    Sometimes::new("a_writer_is_passed_as_often_as_may_be", move |event| {
        let most = queue.see(event);
        told(event) == Some(Told::BeginsToRead) && most == patience && patience > 0
    })
}

/// A reader waits for a writer that came before it and waits itself, although only others read.
pub(crate) fn a_reader_lets_a_writer_go_first() -> Sometimes {
    let (mut writers, mut readers) = (BTreeSet::new(), BTreeMap::<Name, BTreeSet<Name>>::new());
    let mut written = false;
    Sometimes::new("a_reader_lets_a_writer_go_first", move |event| {
        let who = Name::clone(&event.thread);
        match told(event) {
            Some(Told::ComesToWrite) => drop(writers.insert(who)),
            Some(Told::ComesToRead) if !written => {
                readers.insert(who, writers.clone());
            }
            Some(Told::BeginsToRead) => drop(readers.remove(&who)),
            Some(Told::BeginsToWrite) => {
                written = true;
                writers.remove(&who);
                return readers.values().any(|before| before.contains(&who));
            }
            Some(Told::Adds { .. }) => written = false,
            _ => {}
        }
        false
    })
}

/// The writers that wait, each with the readers that came later: how many of them have come and gone before it.
#[derive(Debug, Default)]
struct Arrivals {
    /// For each writer, who has come to read since.
    waiting: BTreeMap<Name, Passed>,
}

#[derive(Debug, Default)]
struct Passed {
    later: BTreeSet<Name>,
    by: u32,
}

impl Arrivals {
    /// The most readers that have passed by a writer which the reader of `event` passes; 0 where it passes none.
    fn see(&mut self, event: &Event) -> u32 {
        match told(event) {
            Some(Told::ComesToWrite) => {
                self.waiting.insert(Name::clone(&event.thread), Passed::default());
            }
            Some(Told::BeginsToWrite) => {
                self.waiting.remove(&event.thread);
            }
            Some(Told::ComesToRead) => {
                for passed in self.waiting.values_mut() {
                    passed.later.insert(Name::clone(&event.thread));
                }
            }
            Some(Told::BeginsToRead) => {
                let mut most = 0;
                for passed in self.waiting.values_mut() {
                    if passed.later.remove(&event.thread) {
                        passed.by += 1;
                        most = most.max(passed.by);
                    }
                }
                return most;
            }
            Some(Told::Reads { .. } | Told::Adds { .. }) | None => {}
        }
        0
    }
}
