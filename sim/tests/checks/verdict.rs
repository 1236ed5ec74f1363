//! What a promise says about a log, line by line and at its end.
//!
//! Each line of a log has a mark for what the promise must say about it: `.` nothing, `+` it holds. A line that breaks it
//! is the last of its log and has none.

use crate::entry::Entry;
use retrip_sim::check::{Broken, End, Judgement, Promise};
use std::collections::BTreeMap;
use std::time::Duration;

/// When, what, and the mark of it.
pub(crate) type Line = (u64, Entry, char);

/// Nobody says anything about the rest of `log` after a line that breaks the promise.
fn judge(promise: &mut impl Promise, log: &[(u64, Entry)]) -> (String, Option<Broken>) {
    let mut generations: BTreeMap<&str, u64> = BTreeMap::new();
    let mut marks = String::new();
    for (at, entry) in log {
        let generation = generations.entry(entry.who).or_default();
        *generation += u64::from(entry.begins_generation());
        match promise.observe(&entry.event(*at, *generation)) {
            Judgement::NotConcerned => marks.push('.'),
            Judgement::Holds => marks.push('+'),
            Judgement::Broken(broken) => return (marks, Some(broken)),
        }
    }
    (marks, None)
}

fn end(log: &[(u64, Entry)]) -> End {
    let elapsed = Duration::from_nanos(log.last().map_or(0, |(at, _)| *at));
    End { elapsed, events: log.len() }
}

fn apart(log: impl IntoIterator<Item = Line>) -> (Vec<(u64, Entry)>, String) {
    log.into_iter().map(|(at, entry, mark)| ((at, entry), mark)).unzip()
}

/// `promise` says of each line what its mark says, and `at_end` of the end.
#[track_caller]
pub(crate) fn keeps(mut promise: impl Promise, log: impl IntoIterator<Item = Line>, at_end: char) {
    let (log, wanted) = apart(log);
    let (found, broken) = judge(&mut promise, &log);
    assert_eq!((found, broken), (wanted, None), "{log:#?}");
    let found = match promise.finish(&end(&log)) {
        Judgement::NotConcerned => '.',
        Judgement::Holds => '+',
        Judgement::Broken(broken) => panic!("the end breaks it: {broken:?}"),
    };
    assert_eq!(found, at_end, "at the end");
}

/// `promise` says of each line what its mark says, and is then broken by `last` in the words `wanted` and `found`.
#[track_caller]
pub(crate) fn breaks(
    mut promise: impl Promise,
    log: impl IntoIterator<Item = Line>,
    last: (u64, Entry),
    wanted: &str,
    found: &str,
) {
    let (mut log, marks) = apart(log);
    log.push(last);
    let said = judge(&mut promise, &log);
    assert_eq!(said, (marks, Some(broken(wanted, found))), "{log:#?}");
}

/// `promise` says of each line what its mark says, and is then broken by the end in the words `wanted` and `found`.
#[track_caller]
pub(crate) fn breaks_at_end(
    mut promise: impl Promise,
    log: impl IntoIterator<Item = Line>,
    wanted: &str,
    found: &str,
) {
    let (log, marks) = apart(log);
    assert_eq!(judge(&mut promise, &log), (marks, None), "{log:#?}");
    let said = promise.finish(&end(&log));
    assert_eq!(said, Judgement::Broken(broken(wanted, found)));
}

fn broken(wanted: &str, found: &str) -> Broken {
    Broken { wanted: wanted.to_owned(), found: found.to_owned() }
}
