//! Lives of a host as chance has them, of which turmoil can tell what they leave.

use crate::calls::{NAMES, call};
use crate::left::look;
use crate::script::{Step, Surroundings};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The same cases each time.
pub(crate) fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// turmoil takes a file for its name, and what was written to a name is for whatever has that name later. So before a name changes all
/// files are synced and closed, and after it their folder is synced.
pub(crate) fn followed(steps: Vec<Step>) -> Vec<Step> {
    let mut followed = Vec::new();
    let mut opened = 0;
    for step in steps {
        match step {
            Step::Append(_) | Step::CreateNew(_) => opened += 1,
            Step::Close(file) => followed.push(Step::Sync(file)),
            Step::Rename(..)
            | Step::Remove(_)
            | Step::Surroundings(Surroundings::FolderIsRemoved) => {
                followed.extend((0..opened).map(Step::Sync));
                followed.extend((0..opened).map(|_| Step::Close(0)));
                opened = 0;
            }
            _ => {}
        }
        let names_change = matches!(
            step,
            Step::Rename(..)
                | Step::Remove(_)
                | Step::Surroundings(Surroundings::FolderIsRemoved | Surroundings::FolderIsMade)
        );
        followed.push(step);
        if names_change {
            followed.push(Step::SyncFolder);
        }
    }
    followed
}

/// A call, or the folder of all files comes or goes.
fn step() -> impl Strategy<Value = Step> {
    let folder = prop_oneof![Just(Surroundings::FolderIsRemoved), Just(Surroundings::FolderIsMade)];
    prop_oneof![12 => call(), 1 => folder.prop_map(Step::Surroundings)]
}

/// Names that change last, without a sync: no name twice, since turmoil would take the files for one.
fn unsynced_names() -> impl Strategy<Value = Vec<Step>> {
    Just(NAMES).prop_shuffle().prop_flat_map(|[a, b, c]| {
        prop_oneof![
            Just(vec![]),
            Just(vec![Step::Rename(a, b), Step::Remove(c)]),
            (any::<usize>(), 1..200_usize).prop_map(move |(file, bytes)| {
                vec![Step::Append(c), Step::Write(file, bytes), Step::Rename(a, b)]
            }),
        ]
    })
}

/// A life that ends with a crash.
fn life() -> impl Strategy<Value = Vec<Step>> {
    (proptest::collection::vec(step(), 1..40), unsynced_names())
        .prop_map(|(calls, last)| [look(), followed(calls), last].concat())
}

/// A few of them, and the look at what they have left.
pub(crate) fn lives() -> impl Strategy<Value = Vec<Vec<Step>>> {
    proptest::collection::vec(life(), 1..4).prop_map(|lives| [lives, vec![look()]].concat())
}

/// One without a crash.
pub(crate) fn plain() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), 1..60).prop_map(followed)
}
