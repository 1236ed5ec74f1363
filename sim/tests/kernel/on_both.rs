//! The same script on a real folder and on the disk of a simulated node.

use crate::script::{Answer, Step, Surroundings, play};
use retrip_core::door::System;
use retrip_sim::disk::SimDisk;
use retrip_sim::engine::{Setup, run};
use retrip_sim::seed::Seed;
use std::cell::Cell;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::mpsc;

/// The name of the pipe, where there is one.
pub(crate) const PIPE: &str = "pipe";

/// What the simulated disk answers, after `before` was done to it.
pub(crate) fn simulated(
    before: impl FnOnce(&mut SimDisk) + Send + 'static,
    steps: &[Step],
) -> Vec<Answer> {
    let (answers, answered) = mpsc::channel();
    let steps = steps.to_vec();
    let ended = run(Setup::of(Seed::new(1)), move |sim| {
        sim.change_disk(before);
        let folder = Path::new("logs");
        let surroundings = |change| {
            sim.change_disk(|disk| match change {
                Surroundings::FolderIsRemoved => disk.remove_folder(folder),
                Surroundings::FolderIsMade => disk.make_folder(folder),
                Surroundings::FolderIsLocked => disk.lock_folder(folder),
                Surroundings::FolderIsUnlocked => disk.unlock_folder(folder),
                Surroundings::ReaderGoes => {
                    disk.close_pipe(&folder.join(PIPE)).expect("somebody has made it");
                }
            });
        };
        let _ = answers.send(play(&sim, folder, surroundings, &steps));
    });
    assert_eq!(ended.failure, None);
    answered.recv().expect("the script was played")
}

/// What the operating system answers in `folder`, where `reader` reads from a pipe.
pub(crate) fn real(folder: &Path, reader: Option<File>, steps: &[Step]) -> Vec<Answer> {
    let reader = Cell::new(reader);
    let surroundings = |change| {
        match change {
            Surroundings::FolderIsRemoved => fs::remove_dir_all(folder),
            Surroundings::FolderIsMade => fs::create_dir(folder),
            Surroundings::FolderIsLocked => permit(folder, 0o555),
            Surroundings::FolderIsUnlocked => permit(folder, 0o755),
            Surroundings::ReaderGoes => {
                drop(reader.take());
                Ok(())
            }
        }
        // One that is removed twice, or made twice, is as it was.
        .ok();
    };
    play(&System, folder, surroundings, steps)
}

fn permit(folder: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(mode))
}
