//! What a crash takes and what it leaves, where writes are whole.

use crate::left::{Files, files, look, seen};
use crate::lives::{lives, runner};
use crate::on_ours::Ours;
use crate::on_turmoil::on_turmoil;
use crate::script::{Answer, Step, Surroundings};
use proptest::prelude::*;
use retrip_sim::disk::Luck;

#[test]
fn what_was_synced_is_left_and_nothing_else_has_to_be() {
    let compared = runner(200).run(&lives(), |lives| {
        prop_assert_eq!(Ours::default().live_through(&lives), on_turmoil(1, |_| (), &lives));
        Ok(())
    });
    compared.expect("each call is alike, before and after each crash");
}

/// Draws as proptest has them, but for names.
struct Drawn<'d>(&'d [u64], usize);

impl Luck for Drawn<'_> {
    fn draw(&mut self, purpose: &'static str, bound: u64) -> u64 {
        if purpose == "disk.crash_names" {
            return 0;
        }
        self.1 += 1;
        self.0[self.1 % self.0.len()] % bound
    }
}

#[test]
fn no_crash_of_ours_leaves_less_than_turmoil_leaves() {
    let draws = proptest::collection::vec(any::<u64>(), 7..20);
    let one_life = lives().prop_map(|lives| vec![lives[0].clone(), look()]);
    let compared = runner(200).run(&(one_life, draws), |(lives, draws)| {
        let turmoil = on_turmoil(1, |_| (), &lives);
        let least = seen(&turmoil[1]);
        let ours = Ours::default();
        ours.live(&lives[0]);
        for first in 0..draws.len() {
            let left = files(&ours.disk().after_power_failure(&mut Drawn(&draws, first)));
            prop_assert!(left.keys().eq(least.keys()), "{:?} is not of {:?}", left, least);
            for (more, least) in left.values().zip(least.values()) {
                prop_assert!(more.starts_with(least), "{:?} has not all of {:?}", more, least);
            }
        }
        Ok(())
    });
    compared.expect("what turmoil keeps is kept");
}

/// What both leave of a life.
fn both_leave(steps: &[Step]) -> Files {
    let lives = [steps.to_vec(), look()];
    let turmoil = on_turmoil(1, |_| (), &lives);
    assert_eq!(Ours::default().live_through(&lives), turmoil);
    seen(&turmoil[1])
}

fn holds<const N: usize>(files: [(&str, &[u8]); N]) -> Files {
    files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).into()
}

#[test]
fn a_name_is_left_where_its_folder_was_synced() {
    let written = [Step::Append("a"), Step::Write(0, 3), Step::Sync(0)];
    assert_eq!(both_leave(&written), holds([]));
    let named = [&written[..], &[Step::SyncFolder]].concat();
    assert_eq!(both_leave(&named), holds([("a", &[0, 1, 2])]));
    let and_more = [&named[..], &[Step::Write(0, 2)]].concat();
    assert_eq!(both_leave(&and_more), holds([("a", &[0, 1, 2])]));
    let renamed = [&named[..], &[Step::Rename("a", "b")]].concat();
    assert_eq!(both_leave(&renamed), holds([("a", &[0, 1, 2])]));
    let for_good = [&renamed[..], &[Step::SyncFolder]].concat();
    assert_eq!(both_leave(&for_good), holds([("b", &[0, 1, 2])]));
    let removed = [&for_good[..], &[Step::Remove("b")]].concat();
    assert_eq!(both_leave(&removed), holds([("b", &[0, 1, 2])]));
    let gone = [&removed[..], &[Step::SyncFolder]].concat();
    assert_eq!(both_leave(&gone), holds([]));
    // Its bytes were never synced.
    let only_named = [Step::Append("a"), Step::Write(0, 3), Step::SyncFolder];
    assert_eq!(both_leave(&only_named), holds([("a", &[])]));
}

#[test]
fn a_folder_that_is_made_after_a_crash_has_nothing_of_one_that_was_removed_before() {
    let lives = [
        vec![
            Step::Append("a"),
            Step::SyncFolder,
            Step::Surroundings(Surroundings::FolderIsRemoved),
        ],
        [vec![Step::Surroundings(Surroundings::FolderIsMade)], look()].concat(),
    ];
    let turmoil = on_turmoil(1, |_| (), &lives);
    assert_eq!(Ours::default().live_through(&lives), turmoil);
    assert_eq!(turmoil[1][1], Answer::Names(vec![]));
}
