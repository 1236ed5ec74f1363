//! One script for any disk behind the door: what each call answers, with its errno.

use retrip_core::door::{Disk, DiskFile};
use std::io;
use std::path::{Path, PathBuf};

/// One call.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Append(&'static str),
    CreateNew(&'static str),
    /// So many bytes into one of the open files, counted around them; as all that follow with a number.
    Write(usize, usize),
    Sync(usize),
    Len(usize),
    Close(usize),
    Read(&'static str),
    ReadAt(&'static str, u64, usize),
    Rename(&'static str, &'static str),
    Remove(&'static str),
    List,
    SyncFolder,
    /// What somebody else does.
    Surroundings(Surroundings),
}

/// What can become of files and folders, apart from calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surroundings {
    FolderIsRemoved,
    FolderIsMade,
    FolderIsLocked,
    FolderIsUnlocked,
    /// Nobody reads from the pipe any more.
    ReaderGoes,
}

/// What a call has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    Count(u64),
    Bytes(Vec<u8>),
    Names(Vec<PathBuf>),
    /// There was no open file to do it to.
    Nothing,
    Fails(i32),
}

/// Plays `steps` in `folder` of `disk`.
pub(crate) fn play<D: Disk>(
    disk: &D,
    folder: &Path,
    surroundings: impl Fn(Surroundings),
    steps: &[Step],
) -> Vec<Answer> {
    let mut player = Player { disk, folder, open: Vec::new(), written: 0 };
    let step = |step: &Step| match *step {
        Step::Surroundings(change) => {
            surroundings(change);
            Answer::Done
        }
        ref call => player.call(call).unwrap_or_else(errno),
    };
    steps.iter().map(step).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `unwrap_or_else` gives")]
fn errno(error: io::Error) -> Answer {
    Answer::Fails(error.raw_os_error().expect("an operating system says why by a number"))
}

struct Player<'d, D: Disk> {
    disk: &'d D,
    folder: &'d Path,
    open: Vec<D::File>,
    /// How many bytes were asked to be written, so that no two are alike by place.
    written: usize,
}

impl<D: Disk> Player<'_, D> {
    fn call(&mut self, step: &Step) -> io::Result<Answer> {
        let Self { disk, folder, .. } = *self;
        Ok(match *step {
            Step::Append(name) => self.opened(disk.append(&folder.join(name))?),
            Step::CreateNew(name) => self.opened(disk.create_new(&folder.join(name))?),
            Step::Write(file, length) => {
                let bytes: Vec<u8> = (self.written..).take(length).map(|at| at as u8).collect();
                self.written += length;
                self.at(file, |file| file.write(&bytes).map(|taken| Answer::Count(taken as u64)))?
            }
            Step::Sync(file) => self.at(file, |file| file.sync().map(|()| Answer::Done))?,
            Step::Len(file) => self.at(file, |file| file.len().map(Answer::Count))?,
            Step::Close(file) => {
                let number = file % self.open.len().max(1);
                if number < self.open.len() {
                    self.open.remove(number);
                }
                Answer::Done
            }
            Step::Read(name) => Answer::Bytes(disk.read(&folder.join(name))?),
            Step::ReadAt(name, offset, most) => {
                Answer::Bytes(disk.read_at(&folder.join(name), offset, most)?)
            }
            Step::Rename(from, to) => {
                disk.rename(&folder.join(from), &folder.join(to)).map(|()| Answer::Done)?
            }
            Step::Remove(name) => disk.remove(&folder.join(name)).map(|()| Answer::Done)?,
            Step::List => {
                let paths = disk.list(folder)?.into_iter();
                let named = |path: PathBuf| path.file_name().map(PathBuf::from);
                Answer::Names(paths.filter_map(named).collect())
            }
            Step::SyncFolder => disk.sync_folder(folder).map(|()| Answer::Done)?,
            Step::Surroundings(_) => unreachable!("somebody else does that"),
        })
    }

    fn opened(&mut self, file: D::File) -> Answer {
        self.open.push(file);
        Answer::Done
    }

    fn at(
        &mut self,
        file: usize,
        body: impl FnOnce(&mut D::File) -> io::Result<Answer>,
    ) -> io::Result<Answer> {
        let number = file % self.open.len().max(1);
        self.open.get_mut(number).map_or(Ok(Answer::Nothing), body)
    }
}
