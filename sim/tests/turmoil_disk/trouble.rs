//! A disk without room, and calls that fail.

use crate::calls::{NAMES, call};
use crate::left::{Files, Least, look, seen};
use crate::lives::{followed, runner};
use crate::on_ours::{Failing, Ours};
use crate::on_turmoil::on_turmoil;
use crate::script::{Answer, Step};
use proptest::prelude::*;
use proptest::sample::select;
use retrip_sim::disk::{Errno, SimDisk, Trouble};
use std::cell::Cell;

const NO_SPACE: Answer = Answer::Fails(Errno::ENOSPC as i32);
const FAILED: Answer = Answer::Fails(Errno::EIO as i32);

/// What our disk answers with room for `capacity` bytes.
fn ours_with_room(capacity: u64, lives: &[Vec<Step>]) -> Vec<Vec<Answer>> {
    let mut disk = SimDisk::default();
    disk.limit_bytes(Some(capacity));
    Ours::with(disk, Failing::default()).live_through(lives)
}

#[test]
fn a_disk_is_full_at_the_same_write() {
    let calls = || proptest::collection::vec(call(), 1..40);
    let cases = (select(vec![1, 7, 200]), 0..5_u64, [calls(), calls()]);
    let refused = Cell::new(0);
    let compared = runner(200).run(&cases, |(unit, writes, lives)| {
        // A write that has room in part is another matter; and turmoil counts what was not synced more than once.
        let evenly = |call| match call {
            Step::Write(file, _) => vec![Step::Write(file, unit), Step::Sync(file)],
            call => vec![call],
        };
        let [first, second] =
            lives.map(|calls| followed(calls.into_iter().flat_map(evenly).collect()));
        let lives = [first, second, look()];
        let capacity = unit as u64 * writes;
        let ours = ours_with_room(capacity, &lives);
        refused.set(
            refused.get() + ours.concat().iter().filter(|&answer| *answer == NO_SPACE).count(),
        );
        prop_assert_eq!(ours, on_turmoil(1, |fs| _ = fs.capacity(capacity), &lives));
        Ok(())
    });
    compared.expect("each call is alike, and what is in the files");
    assert!(refused.get() > 200, "only {} writes had no room", refused.get());
}

#[test]
fn a_write_that_has_room_in_part_takes_that_part_and_turmoil_takes_none() {
    let lives = [vec![Step::Append("a"), Step::Write(0, 7), Step::Sync(0), Step::Write(0, 7)]];
    let [done, seven] = [Answer::Done, Answer::Count(7)];
    let ours = ours_with_room(10, &lives);
    assert_eq!(ours, [[done.clone(), seven.clone(), done.clone(), Answer::Count(3)]]);
    let turmoil = on_turmoil(1, |fs| _ = fs.capacity(10), &lives);
    assert_eq!(turmoil, [[done.clone(), seven, done, NO_SPACE]]);
}

#[test]
fn what_was_not_synced_takes_its_room_once_and_turmoil_counts_it_twice() {
    let lives = [[vec![Step::Append("a")], vec![Step::Write(0, 10); 3]].concat()];
    let [done, ten] = [Answer::Done, Answer::Count(10)];
    let ours = ours_with_room(30, &lives);
    assert_eq!(ours, [[done.clone(), ten.clone(), ten.clone(), ten.clone()]]);
    // The second is counted from the durable end of the file: 10 + 20.
    let turmoil = on_turmoil(1, |fs| _ = fs.capacity(30), &lives);
    assert_eq!(turmoil, [[done, ten.clone(), ten, NO_SPACE]]);
}

/// Where reads fail by chance, whoever reads this often has read once.
const OFTEN: usize = 64;

/// What was there, where each file was read [`OFTEN`].
fn seen_at_last(answers: &[Answer]) -> Files {
    let of_one = |answers: &[Answer]| {
        let answer = answers.iter().find(|&answer| *answer != FAILED);
        answer.expect("one of so many has not failed").clone()
    };
    let read: Vec<_> = answers.chunks(OFTEN).map(of_one).collect();
    seen(&[&[Answer::Done], &read[..]].concat())
}

#[test]
fn a_write_or_a_read_that_fails_leaves_all_as_it_was() {
    let cases = (any::<u64>(), proptest::collection::vec(call(), 1..60));
    let (writes, reads) = (Cell::new(0), Cell::new(0));
    let compared = runner(200).run(&cases, |(seed, mut calls)| {
        // Writes of nothing do not fail on our disk.
        calls.retain(|call| !matches!(call, Step::Write(_, 0)));
        let life = followed(calls);
        let often = NAMES.iter().flat_map(|&name| vec![Step::Read(name); OFTEN]).collect();
        let shape = |fs: &mut turmoil::FsConfig| _ = fs.io_error_probability(0.5);
        let turmoil = on_turmoil(seed, shape, &[life.clone(), often]);
        let may_fail = life.iter().zip(&turmoil[0]).filter(|(step, answer)| match step {
            Step::Write(..) => **answer != Answer::Nothing,
            // turmoil's folders never fail, so that ours are told not to.
            Step::Read(_) | Step::ReadAt(..) | Step::List => true,
            _ => false,
        });
        let failing = Failing(may_fail.clone().map(|(_, answer)| *answer == FAILED).collect());
        for (step, _) in may_fail.filter(|(_, answer)| **answer == FAILED) {
            let of = if matches!(step, Step::Write(..)) { &writes } else { &reads };
            of.set(of.get() + 1);
        }
        let mut disk = SimDisk::default();
        disk.begin(0, Trouble::WritesFail(500_000));
        disk.begin(1, Trouble::ReadsFail(500_000));
        let ours = Ours::with(disk, failing);
        prop_assert_eq!(ours.live(&life), &turmoil[0][..]);
        ours.crash(&mut Least);
        prop_assert_eq!(seen(&ours.live(&look())), seen_at_last(&turmoil[1]));
        Ok(())
    });
    compared.expect("each call is alike, and what is in the files");
    // Most reads are of files that are not there.
    assert!(writes.get() > 200, "only {} writes have failed", writes.get());
    assert!(reads.get() > 100, "only {} reads have failed", reads.get());
}

#[test]
fn where_every_write_fails_nothing_is_written() {
    let steps =
        [Step::Append("a"), Step::Write(0, 9), Step::Len(0), Step::Sync(0), Step::Read("a")];
    let mut disk = SimDisk::default();
    disk.begin(0, Trouble::WritesFail(1_000_000));
    let ours = Ours::with(disk, Failing::default()).live(&steps);
    let done = Answer::Done;
    assert_eq!(ours, [done.clone(), FAILED, Answer::Count(0), done, Answer::Bytes(vec![])]);
    let shape = |fs: &mut turmoil::FsConfig| _ = fs.io_error_probability(1.0);
    assert_eq!(vec![ours], on_turmoil(1, shape, &[steps.to_vec()]));
}
