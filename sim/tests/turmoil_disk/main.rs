//! Does the simulated disk do as turmoil's does, wherever both have the fault? The scripts are those that `kernel` plays on the operating
//! system, which decides where the two differ.
//!
//! | compared | how | where they differ |
//! |---|---|---|
//! | files, names, a folder that comes and goes | each answer | turmoil's errors carry no errno, and mostly no kind: the adapter gives them one by their words |
//! | a file that is renamed or removed | where it was synced and closed before and its folder is synced after | turmoil takes a file for its name: an open one cannot be synced under a new name, a new one has what another wrote to its name. An inode has no name: ours is right |
//! | bytes that were not synced | ours loses all of them: each answer; ours by chance: never less is left | ours may leave more |
//! | names that were not synced | the same | turmoil loses each of them, ours those after some point of the journal; both may be |
//! | a torn write | each outcome of turmoil's is one of ours, and turmoil's are all prefixes in blocks | ours has any prefix, and NUL bytes at the end |
//! | writes that came to the device without a sync | each outcome of turmoil's is one of ours, and turmoil's are all ends of writes | the same |
//! | a later write is left and an earlier one is not | that it is the only outcome which ours has not | turmoil leaves a hole of NUL bytes, and POSIX promises nothing that was not synced: ours is the milder one |
//! | no room | each answer, and the files, where each write fits or has no byte of room, and is synced | of one that fits in part turmoil takes none, where the kernel takes what fits, as ours does; turmoil counts appends that were not synced again and again |
//! | writes and reads that fail | the same ones fail: each answer, and the files | turmoil's write of nothing fails as well, where the kernel and ours return 0 before they ask the device; a folder can always be read there |
//!
//! Not compared, since turmoil has none of it: syncs that fail or lie, writes that are short or interrupted, quotas, rights, pipes, the longest
//! file, calls that take long (turmoil's do for tokio's files only). Since ours has none of it: reads that are corrupt.
#![cfg(tokio_unstable)]

#[path = "../kernel/calls.rs"]
mod calls;
mod crashes;
mod left;
mod lives;
mod on_ours;
mod on_turmoil;
#[path = "../kernel/script.rs"]
#[expect(dead_code, reason = "turmoil has no rights and no pipes")]
mod script;
mod torn;
mod trouble;

use lives::{plain, runner};
use on_ours::Ours;
use on_turmoil::on_turmoil;
use proptest::prelude::*;
use retrip_sim::disk::Errno;
use script::{Answer, Step};

#[test]
fn files_and_names_are_alike_while_their_folder_comes_and_goes() {
    let compared = runner(200).run(&plain(), |steps| {
        let ours = Ours::default().live(&steps);
        prop_assert_eq!(vec![ours], on_turmoil(1, |_| (), &[steps]));
        Ok(())
    });
    compared.expect("each call is alike");
}

#[test]
fn a_file_outlives_its_name_and_turmoil_takes_it_for_its_name() {
    let renamed = [
        Step::Append("a"),
        Step::Write(0, 3),
        Step::Rename("a", "b"),
        Step::Sync(0),
        Step::Append("a"),
        Step::Len(1),
    ];
    let [done, three] = [Answer::Done, Answer::Count(3)];
    let begins = [done.clone(), three.clone(), done.clone()];
    let ours = [done.clone(), done.clone(), Answer::Count(0)];
    assert_eq!(Ours::default().live(&renamed), [&begins[..], &ours].concat());
    let turmoil = [Answer::Fails(Errno::ENOENT as i32), done, three];
    assert_eq!(on_turmoil(1, |_| (), &[renamed.to_vec()]), [[&begins[..], &turmoil].concat()]);
}
