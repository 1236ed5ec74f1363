//! Does the simulated disk answer as the operating system does? Each script runs on both, and each call is compared: what it
//! gives, and the errno with which it fails. The longest file that a process may have is in `kernel_limit`: it holds for the whole process.
#![cfg(target_os = "linux")]

mod calls;
mod on_both;
mod script;

use calls::call;
use on_both::{PIPE, real, simulated};
use proptest::prelude::*;
use proptest::sample::select;
use retrip_sim::disk::{SimDisk, Trouble};
use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};
use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
use script::{Answer, Step, Surroundings};
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const ENOSPC: i32 = 28;
const EPIPE: i32 = 32;
const EINVAL: i32 = 22;
const EACCES: i32 = 13;

fn with(surroundings: [Surroundings; 2]) -> impl Strategy<Value = Vec<Step>> {
    let surroundings = select(surroundings.to_vec()).prop_map(Step::Surroundings);
    proptest::collection::vec(prop_oneof![12 => call(), 1 => surroundings], 1..60)
}

/// Runs `body` on a thread for which the rights on a folder hold, as they do not for an administrator.
fn without_privileges<R: Send>(body: impl FnOnce() -> R + Send) -> R {
    let drop_them = || {
        let mut sets = capabilities(None).expect("whoever asks may know");
        sets.effective -= CapabilitySet::DAC_OVERRIDE | CapabilitySet::DAC_READ_SEARCH;
        set_capabilities(None, sets).expect("everybody may have fewer");
        body()
    };
    std::thread::scope(|scope| scope.spawn(drop_them).join()).expect("the comparison holds")
}

fn compare(steps: &[Step]) -> Result<(), TestCaseError> {
    let root = tempfile::tempdir().expect("there is room for a folder");
    let folder = root.path().join("logs");
    std::fs::create_dir(&folder).expect("the root is empty");
    let real = without_privileges(|| {
        let answers = real(&folder, None, steps);
        // What is locked could not be cleared away.
        real(&folder, None, &[Step::Surroundings(Surroundings::FolderIsUnlocked)]);
        answers
    });
    prop_assert_eq!(simulated(|_| (), steps), real);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_and_names_are_alike_while_their_folder_comes_and_goes(
        steps in with([Surroundings::FolderIsRemoved, Surroundings::FolderIsMade]),
    ) {
        compare(&steps)?;
    }

    #[test]
    fn a_folder_that_may_only_be_read_is_alike(
        steps in with([Surroundings::FolderIsLocked, Surroundings::FolderIsUnlocked]),
    ) {
        compare(&steps)?;
    }
}

#[test]
fn a_locked_folder_lets_files_be_written_and_no_name_be_changed() {
    let steps = [
        Step::Append("a"),
        Step::Surroundings(Surroundings::FolderIsLocked),
        Step::Write(0, 5),
        Step::Append("b"),
        Step::Rename("a", "b"),
        Step::Remove("a"),
    ];
    let [done, fails] = [Answer::Done, Answer::Fails(EACCES)];
    let answers = simulated(|_| (), &steps);
    let [f1, f2, f3] = [fails.clone(), fails.clone(), fails];
    assert_eq!(answers, [done.clone(), done, Answer::Count(5), f1, f2, f3]);
    compare(&steps).expect("it is alike");
}

#[test]
fn a_device_without_room_is_alike() {
    // Of no bytes this device says the same, for which a file has always room.
    let steps = [Step::Append("full"), Step::Write(0, 1), Step::Write(0, 9000)];
    let full = simulated(|disk| disk.begin(0, Trouble::Full(0)), &steps);
    assert_eq!(full[1..], [Answer::Fails(ENOSPC), Answer::Fails(ENOSPC)]);
    assert_eq!(full, real(Path::new("/dev"), None, &steps));
}

#[test]
fn a_pipe_without_a_reader_is_alike() {
    let root = tempfile::tempdir().expect("there is room for a folder");
    let pipe = root.path().join(PIPE);
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0).expect("whoever makes folders makes pipes");
    let nonblock = OFlags::NONBLOCK.bits().cast_signed();
    let reader = File::options().read(true).custom_flags(nonblock).open(&pipe);
    let steps = [
        Step::Append(PIPE),
        Step::Write(0, 37),
        Step::Sync(0),
        Step::Surroundings(Surroundings::ReaderGoes),
        Step::Write(0, 0),
        Step::Write(0, 1),
    ];
    let make = |disk: &mut SimDisk| {
        disk.make_pipe(&Path::new("logs").join(PIPE)).expect("there is nothing yet");
    };
    let simulated = simulated(make, &steps);
    assert_eq!((&simulated[2], &simulated[5]), (&Answer::Fails(EINVAL), &Answer::Fails(EPIPE)));
    assert_eq!(simulated, real(root.path(), Some(reader.expect("the pipe is there")), &steps));
}
