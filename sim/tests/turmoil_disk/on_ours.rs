//! Our disk behind the door, without an engine, so that a test says what chance has in it.

use crate::left::Least;
use crate::on_turmoil::FOLDER;
use crate::script::{Answer, Step, Surroundings, play};
use retrip_core::door::{Disk, DiskFile};
use retrip_sim::disk::{Handle, Luck, SimDisk};
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Whether each write and read in turn fails that may fail; those that follow do not.
#[derive(Clone, Default)]
pub(crate) struct Failing(pub(crate) VecDeque<bool>);

impl Luck for Failing {
    fn draw(&mut self, purpose: &'static str, bound: u64) -> u64 {
        assert!(matches!(purpose, "disk.eio" | "disk.read"), "nobody knows what {purpose} is of");
        if self.0.pop_front().unwrap_or(false) { bound - 1 } else { 0 }
    }
}

/// A node with one disk.
#[derive(Clone, Default)]
pub(crate) struct Ours(Arc<Mutex<(SimDisk, Failing)>>);

pub(crate) struct OursFile(Ours, Option<Handle>);

impl Ours {
    pub(crate) fn with(disk: SimDisk, failing: Failing) -> Self {
        Self(Arc::new(Mutex::new((disk, failing))))
    }

    fn on<R>(&self, body: impl FnOnce(&mut SimDisk, &mut Failing) -> R) -> R {
        let (disk, failing) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body(disk, failing)
    }

    fn file(&self, handle: Handle) -> OursFile {
        OursFile(self.clone(), Some(handle))
    }

    /// What it answers until the next crash.
    pub(crate) fn live(&self, steps: &[Step]) -> Vec<Answer> {
        let folder = Path::new(FOLDER);
        let changes = |change| {
            self.on(|disk, _| match change {
                Surroundings::FolderIsRemoved => disk.remove_folder(folder),
                Surroundings::FolderIsMade => disk.make_folder(folder),
                change => panic!("turmoil knows no rights and no pipes: {change:?}"),
            });
        };
        play(self, folder, changes, steps)
    }

    /// What it answers in each life, where the crash behind it leaves only what is durable.
    pub(crate) fn live_through(&self, lives: &[Vec<Step>]) -> Vec<Vec<Answer>> {
        let lived = lives.iter().map(|life| {
            let answers = self.live(life);
            self.crash(&mut Least);
            answers
        });
        lived.collect()
    }

    /// The power fails, and what is left is drawn from `luck`.
    pub(crate) fn crash(&self, luck: &mut impl Luck) {
        self.on(|disk, _| *disk = disk.after_power_failure(luck));
    }

    /// Its disk as it is.
    pub(crate) fn disk(&self) -> SimDisk {
        self.on(|disk, _| disk.clone())
    }
}

impl Disk for Ours {
    type File = OursFile;

    fn append(&self, path: &Path) -> io::Result<OursFile> {
        self.on(|disk, luck| disk.append(path, luck)).map(|handle| self.file(handle))
    }

    fn create_new(&self, path: &Path) -> io::Result<OursFile> {
        self.on(|disk, luck| disk.create_new(path, luck)).map(|handle| self.file(handle))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.on(|disk, luck| disk.read(path, luck))
    }

    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        self.on(|disk, luck| disk.read_at(path, offset, most, luck))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.on(|disk, luck| disk.rename(from, to, luck))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.on(|disk, luck| disk.remove(path, luck))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.on(|disk, luck| disk.list(folder, luck))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.on(|disk, luck| disk.sync_folder(folder, luck))
    }
}

impl OursFile {
    fn on<R>(&self, body: impl FnOnce(&mut SimDisk, &Handle, &mut Failing) -> R) -> R {
        let handle = self.1.as_ref().expect("a file is open until it is dropped");
        self.0.on(|disk, luck| body(disk, handle, luck))
    }
}

impl DiskFile for OursFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.on(|disk, handle, luck| disk.write(handle, bytes, luck))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.on(|disk, handle, luck| disk.sync(handle, luck))
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.on(|disk, handle, _| disk.len(handle)))
    }
}

impl Drop for OursFile {
    fn drop(&mut self) {
        let Some(handle) = self.1.take() else { return };
        self.0.on(|disk, _| disk.close(handle));
    }
}
