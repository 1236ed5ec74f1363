//! Which name leads to which file, and how much of that outlasts a power failure.

use super::journal::{Change, Journal, folder_of};
use super::{Errno, Luck};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// All names of a disk. Each folder is there until it is taken away.
#[derive(Clone, Debug, Default)]
pub(super) struct Folders {
    names: BTreeMap<PathBuf, usize>,
    gone: BTreeSet<PathBuf>,
    /// Those in which no name may be changed.
    locked: BTreeSet<PathBuf>,
    /// The names of each folder as they were at its last sync.
    durable: BTreeMap<PathBuf, usize>,
    /// What has changed since.
    journal: Journal,
}

impl Folders {
    /// The file at `path`, if there is one.
    pub(super) fn find(&self, path: &Path) -> io::Result<Option<usize>> {
        self.exists(folder_of(path))?;
        Ok(self.names.get(path).copied())
    }

    /// Whether `folder` was not taken away, nor one that it is in.
    pub(super) fn exists(&self, folder: &Path) -> io::Result<()> {
        if folder.ancestors().any(|folder| self.gone.contains(folder)) {
            return Err(Errno::ENOENT.into());
        }
        Ok(())
    }

    /// The names in `folder`, in ascending order.
    pub(super) fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.exists(folder)?;
        let inside = |path: &&PathBuf| path.parent() == Some(folder);
        Ok(self.names.keys().filter(inside).cloned().collect())
    }

    /// All names in ascending order, and where each leads.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Path, usize)> {
        self.names.iter().map(|(path, &inode)| (path.as_path(), inode))
    }

    /// How many names there are.
    pub(super) fn len(&self) -> u64 {
        self.names.len() as u64
    }

    /// Whether a name leads to `inode`.
    pub(super) fn names(&self, inode: usize) -> bool {
        self.names.values().any(|&named| named == inode)
    }

    /// Gives `inode` the name `path`, which nothing has.
    pub(super) fn link(&mut self, path: &Path, inode: usize) -> io::Result<()> {
        self.may_change(path)?;
        self.change(Change::Link(path.to_owned(), inode));
        Ok(())
    }

    /// Takes the name away.
    pub(super) fn unlink(&mut self, path: &Path) -> io::Result<()> {
        self.find(path)?.ok_or(Errno::ENOENT)?;
        self.may_change(path)?;
        self.change(Change::Unlink(path.to_owned()));
        Ok(())
    }

    /// Gives the file at `from` the name `to`; a file that had it loses it.
    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.find(from)?.ok_or(Errno::ENOENT)?;
        // Of the target only the folder is asked for.
        self.find(to)?;
        // Where it has that name already nothing is changed, and nobody is asked whether that may be.
        if from == to {
            return Ok(());
        }
        self.may_change(from)?;
        self.may_change(to)?;
        self.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    /// Takes a folder away, with the names in it.
    pub(super) fn remove(&mut self, folder: &Path) {
        let inside: Vec<_> =
            self.names.keys().filter(|path| path.starts_with(folder)).cloned().collect();
        for path in inside {
            self.change(Change::Unlink(path));
        }
        self.gone.insert(folder.to_owned());
    }

    /// A folder that was taken away is there again, with nothing in it.
    pub(super) fn make(&mut self, folder: &Path) {
        self.gone.remove(folder);
    }

    pub(super) fn lock(&mut self, folder: &Path) {
        self.locked.insert(folder.to_owned());
    }

    pub(super) fn unlock(&mut self, folder: &Path) {
        self.locked.remove(folder);
    }

    /// Makes durable which names are in `folder`.
    pub(super) fn sync(&mut self, folder: &Path) {
        for change in self.journal.sync(folder) {
            change.apply(&mut self.durable);
        }
    }

    /// The names of before, with those changes that had come to the device.
    pub(super) fn after_power_failure(&self, luck: &mut impl Luck) -> Self {
        let mut names = self.durable.clone();
        for change in self.journal.left(luck) {
            change.apply(&mut names);
        }
        // A folder that was taken away is gone for good, and none is made with something in it.
        names.retain(|path, _| self.exists(path).is_ok());
        let (gone, locked) = (self.gone.clone(), self.locked.clone());
        Self { durable: names.clone(), names, gone, locked, journal: Journal::default() }
    }

    /// Whether the name `path` may come or go.
    fn may_change(&self, path: &Path) -> io::Result<()> {
        let is_locked = path.parent().is_some_and(|folder| self.locked.contains(folder));
        if is_locked { Err(Errno::EACCES.into()) } else { Ok(()) }
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.names);
        self.journal.push(change);
    }
}
