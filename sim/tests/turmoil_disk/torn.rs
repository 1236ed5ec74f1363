//! What a crash leaves of writes that it tore, or that came to the device without a sync.

use crate::left::{Files, MayLeave, look, seen};
use crate::lives::runner;
use crate::on_ours::Ours;
use crate::on_turmoil::on_turmoil;
use crate::script::Step;
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::BTreeSet;
use turmoil::fs::FsConfig;

/// Two files whose names are durable, with a byte in `b` and four in `a`. No later byte is NUL.
fn begun(then: &[Step]) -> Vec<Step> {
    let begun = [
        Step::Append("a"),
        Step::Append("b"),
        Step::SyncFolder,
        Step::Write(1, 1),
        Step::Sync(1),
        Step::Write(0, 4),
        Step::Sync(0),
    ];
    [&begun, then].concat()
}

/// What a crash after `life` leaves on turmoil's disk with one seed or another.
fn turmoil_leaves(seeds: u64, shape: impl Fn(&mut FsConfig), life: &[Step]) -> BTreeSet<Files> {
    let lives = [life.to_vec(), look()];
    (0..seeds).map(|seed| seen(&on_turmoil(seed, &shape, &lives)[1])).collect()
}

fn ours_may_leave(life: &[Step]) -> MayLeave {
    let ours = Ours::default();
    ours.live(life);
    MayLeave::of(&ours.disk())
}

/// So many bytes from the first one of `a` on.
fn first_of_a(length: usize) -> Vec<u8> {
    (1..).take(length).collect()
}

#[test]
fn a_torn_write_leaves_its_first_blocks() {
    for (length, block) in [(12, 1), (12, 5), (12, 12), (12, 20), (1, 1)] {
        let life = begun(&[Step::Write(0, length)]);
        let may = ours_may_leave(&life);
        let turmoil = turmoil_leaves(150, |fs| _ = fs.block_size(block as u64), &life);
        for left in &turmoil {
            assert!(may.has(left), "blocks of {block}: {left:?}");
        }
        let left: BTreeSet<_> = turmoil.into_iter().map(|mut files| files.remove("a")).collect();
        // All that turmoil may leave, and our disk has no blocks: any number of bytes is left.
        let whole_blocks = (0..=length.div_ceil(block)).map(|blocks| (blocks * block).min(length));
        assert_eq!(left, whole_blocks.map(|kept| Some(first_of_a(4 + kept))).collect());
        let any = (0..=length).map(|kept| first_of_a(4 + kept)).collect();
        assert_eq!(may.without_nul("a"), any);
    }
}

#[test]
fn two_files_are_torn_each_by_itself() {
    let life = begun(&[Step::Write(0, 3), Step::Write(1, 2)]);
    let may = ours_may_leave(&life);
    let turmoil = turmoil_leaves(150, |fs| _ = fs.block_size(1), &life);
    assert_eq!(turmoil.len(), 4 * 3);
    assert!(turmoil.iter().all(|left| may.has(left)));
}

#[test]
fn writes_come_to_the_device_without_a_sync_as_well() {
    let lengths = [3, 1, 4, 2];
    let life = begun(&lengths.map(|length| Step::Write(0, length)));
    let may = ours_may_leave(&life);
    let turmoil = turmoil_leaves(100, |fs| _ = fs.sync_probability(0.5), &life);
    assert!(turmoil.iter().all(|left| may.has(left)));
    let left: BTreeSet<_> = turmoil.into_iter().map(|mut files| files.remove("a")).collect();
    let ends = (0..=lengths.len()).map(|writes| lengths[..writes].iter().sum::<usize>());
    assert_eq!(left, ends.map(|kept| Some(first_of_a(4 + kept))).collect());
}

/// Whether a byte of `left` is there behind one that is not: all that were written are above zero.
fn has_hole(left: &[u8]) -> bool {
    let last = left.iter().rposition(|&byte| byte != 0);
    last.is_some_and(|last| left[..last].contains(&0))
}

#[test]
fn torn_or_not_it_is_left_as_ours_may_leave_it_but_for_holes() {
    let write = (any::<usize>(), 1..7_usize).prop_map(|(file, bytes)| Step::Write(file, bytes));
    let step = prop_oneof![4 => write, 1 => any::<usize>().prop_map(Step::Sync)];
    let cases = (proptest::collection::vec(step, 1..6), 1..5_u64, any::<u64>(), any::<bool>());
    let holes = Cell::new(0);
    let compared = runner(200).run(&cases, |(steps, block, seed, by_itself)| {
        let life = begun(&steps);
        let lives = [life.clone(), look()];
        let shape = |fs: &mut FsConfig| {
            fs.block_size(block).sync_probability(if by_itself { 0.3 } else { 0.0 });
        };
        let left = seen(&on_turmoil(seed, shape, &lives)[1]);
        // The first byte of `b` is NUL, and durable.
        let hole = has_hole(&left["a"]) || has_hole(&left["b"][1..]);
        holes.set(holes.get() + u32::from(hole));
        prop_assert_eq!(ours_may_leave(&life).has(&left), !hole, "{:?}", left);
        Ok(())
    });
    compared.expect("it is one of those that our disk may leave");
    assert!((20..180).contains(&holes.get()), "{} of 200 have holes", holes.get());
}
