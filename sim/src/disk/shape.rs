//! What a disk is apart from calls on it: how much it takes, who reads from its pipes, which folders there are, what an observer sees.

use super::inode::Inode;
use super::{Errno, SimDisk};
use std::io;
use std::path::Path;

impl SimDisk {
    /// At most so many bytes in all files together, from now on. What is there stays.
    pub fn limit_bytes(&mut self, capacity: Option<u64>) {
        self.capacity = capacity;
    }

    /// At most so many files, from now on.
    pub fn limit_files(&mut self, files: Option<u64>) {
        self.files = files;
    }

    /// At most so many bytes in one file, as `RLIMIT_FSIZE` says it for a process; more is [`Errno::EFBIG`].
    pub fn limit_length(&mut self, length: Option<u64>) {
        self.length = length;
    }

    /// Makes a pipe at `path`, from which somebody reads. What goes through it takes no room, and [`read`](Self::read) has all of it.
    ///
    /// # Errors
    /// [`Errno::EEXIST`], [`Errno::ENOENT`] where its folder is gone, [`Errno::EACCES`] where that is locked.
    pub fn make_pipe(&mut self, path: &Path) -> io::Result<()> {
        if self.folders.find(path)?.is_some() {
            return Err(Errno::EEXIST.into());
        }
        self.folders.link(path, self.inodes.len())?;
        self.inodes.push(Inode::pipe());
        Ok(())
    }

    /// Nobody reads from the pipe at `path` any more: what is written to it fails with [`Errno::EPIPE`].
    ///
    /// # Errors
    /// [`Errno::ENOENT`].
    pub fn close_pipe(&mut self, path: &Path) -> io::Result<()> {
        let inode = self.folders.find(path)?.ok_or(Errno::ENOENT)?;
        self.inodes[inode].loses_its_reader();
        Ok(())
    }

    /// Takes a folder away with all that is in it, as somebody else might.
    pub fn remove_folder(&mut self, folder: &Path) {
        self.folders.remove(folder);
    }

    /// Makes a folder anew that was taken away.
    pub fn make_folder(&mut self, folder: &Path) {
        self.folders.make(folder);
    }

    /// Nobody may change any more which names are in `folder`; files that are there can be opened and written to.
    pub fn lock_folder(&mut self, folder: &Path) {
        self.folders.lock(folder);
    }

    /// Names in `folder` can be changed again.
    pub fn unlock_folder(&mut self, folder: &Path) {
        self.folders.unlock(folder);
    }

    /// All files by name, in ascending order, with what is in them: as an observer sees them, for whom nothing goes wrong.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.folders.all().map(|(path, inode)| (path, self.inodes[inode].bytes()))
    }
}
