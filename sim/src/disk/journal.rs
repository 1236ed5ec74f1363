//! What has changed about names since they were made durable, and how much of it a power failure leaves.

use super::Luck;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Changes of names that are not durable yet, in the order in which they were made.
///
/// Each folder has an order of its own: of what has changed in one, a sync of another says nothing, and a power failure may leave the later
/// change where it takes the earlier one in another folder. That is as little as POSIX promises. A file system that keeps the changes of all
/// folders in one journal, as ext4 does, leaves more of them; code that needs this is wrong elsewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal(Vec<Change>);

/// One change of names, which happens wholly or not at all, also where it is of two folders.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Link(PathBuf, usize),
    Unlink(PathBuf),
    Rename(PathBuf, PathBuf),
}

impl Journal {
    pub(super) fn push(&mut self, change: Change) {
        self.0.push(change);
    }

    /// Takes out what a sync of `folder` makes durable, in its order: each change there. Where one is of another folder as well, so is what
    /// had changed in that one before.
    pub(super) fn sync(&mut self, folder: &Path) -> Vec<Change> {
        let mut synced = BTreeSet::from([folder.to_owned()]);
        let (mut durable, mut pending) = (Vec::new(), Vec::new());
        // From the last one back, since each asks for those before it.
        for change in self.0.drain(..).rev() {
            if change.folders().any(|folder| synced.contains(folder)) {
                synced.extend(change.folders().map(Path::to_owned));
                durable.push(change);
            } else {
                pending.push(change);
            }
        }
        durable.reverse();
        pending.reverse();
        self.0 = pending;
        durable
    }

    /// What had come to the device where the power fails now, in its order: of each folder, the folders in ascending order, the first
    /// changes, as many as are drawn. A change of two folders is left where both have it; where one has not, neither has what came after.
    pub(super) fn left(&self, luck: &mut impl Luck) -> impl Iterator<Item = &Change> {
        let mut left: BTreeMap<&Path, u64> = BTreeMap::new();
        for folder in self.0.iter().flat_map(Change::folders) {
            *left.entry(folder).or_default() += 1;
        }
        let mut draw = |changes: u64| luck.draw("disk.crash_names", changes + 1);
        if left.is_empty() {
            // Each power failure draws: the draws of later ones do not hang on whether there was a change.
            draw(0);
        }
        left.values_mut().for_each(|changes| *changes = draw(*changes));
        self.0.iter().filter(move |change| {
            let is_left = change.folders().all(|folder| left[folder] > 0);
            for folder in change.folders() {
                let left = left.entry(folder).or_default();
                *left = if is_left { *left - 1 } else { 0 };
            }
            is_left
        })
    }
}

impl Change {
    /// The folders that it is of: one, or two for a file that comes from one and goes to the other.
    fn folders(&self) -> impl Iterator<Item = &Path> {
        let (one, other) = match self {
            Self::Link(path, _) | Self::Unlink(path) => (folder_of(path), None),
            Self::Rename(from, to) => (folder_of(from), Some(folder_of(to))),
        };
        [Some(one), other.filter(|&other| other != one)].into_iter().flatten()
    }

    pub(super) fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Link(path, inode) => {
                names.insert(path.clone(), *inode);
            }
            Self::Unlink(path) => {
                names.remove(path);
            }
            Self::Rename(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
        }
    }
}

/// The folder in which a name is. One without a folder is in that of the process.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
}
