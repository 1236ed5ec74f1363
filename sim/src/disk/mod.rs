//! The disk of one node, as code behind the door meets it: bytes that are durable only once they were synced, room that ends, and
//! calls that fail in every way in which the operating system lets them fail.
//!
//! It is a model without time and without chance of its own. How long a call takes and which way it goes is drawn by whoever asks, from
//! the run's choices, so that a plan holds it.
//!
//! What it takes from Linux: `write(2)`, `fsync(2)`, `rename(2)` and `open(2)` for which error leaves what behind; a failed `fsync` marks
//! what it could not write as clean, so that the next one succeeds and what was lost stays lost (Rebello et al., Can Applications Recover
//! from fsync Failures?, USENIX ATC 2020); after a power failure a file has any prefix at or above what was synced, in which the end may
//! be NUL bytes, and the names in one folder change in their order (Pillai et al., All File Systems Are Not Created Equal, OSDI 2014).
//!
//! Names of one folder are no promise for those of another: a sync of a folder makes its own names durable, and what changed in two folders
//! comes to the device in any order between them. A rename from one to the other is one change: it is wholly durable or not at all, a sync
//! of either folder makes it durable, and where it is, so is what had changed in either before. File systems with one journal for all
//! folders keep more than that; POSIX promises no more, and code that forgets a folder is found.

mod errno;
mod folder;
mod inode;
mod journal;
mod shape;
mod struck;
#[cfg(test)]
mod tests;
mod trouble;

pub use errno::Errno;
pub use struck::{Call, Effect, Struck};
pub use trouble::Trouble;

use folder::Folders;
use inode::{Inode, Kind};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a call on a disk draws: one of `0..bound`.
pub trait Luck {
    /// A number below `bound`, for what is called `purpose`. The bound is at least 1, and 0 is what happens where nothing goes wrong.
    fn draw(&mut self, purpose: &'static str, bound: u64) -> u64;
}

/// The files of one node.
#[derive(Clone, Debug, Default)]
pub struct SimDisk {
    inodes: Vec<Inode>,
    folders: Folders,
    troubles: Vec<(u32, Trouble)>,
    /// The most bytes in all files together.
    capacity: Option<u64>,
    /// The most files.
    files: Option<u64>,
    /// The most bytes in one file, as a process may have it.
    length: Option<u64>,
    /// What faults have done that nobody was told of yet.
    struck: Vec<Struck>,
}

/// An open file of a [`SimDisk`]. Whoever has it must [`close`](SimDisk::close) it.
#[derive(Debug, PartialEq, Eq)]
pub struct Handle(usize);

impl Handle {
    /// Which file it is, as a number.
    pub(crate) const fn number(&self) -> u64 {
        self.0 as u64
    }
}

impl SimDisk {
    /// The fault numbered `fault` begins.
    pub fn begin(&mut self, fault: u32, trouble: Trouble) {
        let trouble = match trouble {
            // What is left is counted from what is taken now: a file that goes away makes room.
            Trouble::Full(left) => Trouble::Full(self.taken().saturating_add(left)),
            Trouble::OverQuota(left) => Trouble::OverQuota(self.taken().saturating_add(left)),
            other => other,
        };
        self.troubles.push((fault, trouble));
    }

    /// The fault numbered `fault` is over.
    pub fn end(&mut self, fault: u32) {
        self.troubles.retain(|&(begun, _)| begun != fault);
    }

    /// Opens `path` for appending and makes it where it is missing.
    ///
    /// # Errors
    /// [`Errno::EMFILE`], [`Errno::EROFS`], [`Errno::ENOENT`] where its folder is gone, [`Errno::EACCES`] where that is locked and
    /// there is no such file, [`Errno::ENOSPC`] where there may be no more files, [`Errno::EIO`].
    pub fn append(&mut self, path: &Path, luck: &mut impl Luck) -> io::Result<Handle> {
        self.meets(Call::Open, luck)?;
        let inode = match self.folders.find(path)? {
            Some(inode) => inode,
            None => self.create(path)?,
        };
        self.inodes[inode].opens();
        Ok(Handle(inode))
    }

    /// Makes an empty file at `path` and opens it for appending.
    ///
    /// # Errors
    /// As [`append`](Self::append), and [`Errno::EEXIST`] where there is one.
    pub fn create_new(&mut self, path: &Path, luck: &mut impl Luck) -> io::Result<Handle> {
        self.meets(Call::Open, luck)?;
        if self.folders.find(path)?.is_some() {
            return Err(Errno::EEXIST.into());
        }
        let inode = self.create(path)?;
        self.inodes[inode].opens();
        Ok(Handle(inode))
    }

    fn create(&mut self, path: &Path) -> io::Result<usize> {
        if self.files.is_some_and(|most| self.folders.len() >= most) {
            return Err(Errno::ENOSPC.into());
        }
        let inode = self.inodes.len();
        self.folders.link(path, inode)?;
        self.inodes.push(Inode::default());
        Ok(inode)
    }

    /// Nobody has this file open any more by this handle.
    pub fn close(&mut self, Handle(inode): Handle) {
        self.inodes[inode].closes();
    }

    /// Appends a prefix of `bytes`, and returns how long it is.
    ///
    /// # Errors
    /// Nothing was appended: [`Errno::EINTR`], [`Errno::EIO`], [`Errno::EROFS`], [`Errno::ENOSPC`] or [`Errno::EDQUOT`] where there
    /// is no room for a single byte, [`Errno::EFBIG`], [`Errno::EPIPE`].
    pub fn write(
        &mut self,
        &Handle(inode): &Handle,
        bytes: &[u8],
        luck: &mut impl Luck,
    ) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        match self.inodes[inode].kind() {
            Kind::File => {}
            Kind::Pipe => {
                self.inodes[inode].append(bytes);
                return Ok(bytes.len());
            }
            Kind::PipeWithoutReader => return Err(Errno::EPIPE.into()),
        }
        self.meets(Call::Write, luck)?;
        let may_have =
            self.length.map_or(u64::MAX, |most| most.saturating_sub(self.inodes[inode].len()));
        if may_have == 0 {
            return Err(Errno::EFBIG.into());
        }
        let given = bytes.len().min(usize::try_from(may_have).unwrap_or(usize::MAX));
        let mut taken = self.room_for(given)?;
        for &(fault, trouble) in &self.troubles {
            let shorter = trouble.shortened(taken, luck);
            if shorter < taken {
                taken = shorter;
                let effect = Effect::Takes { taken, given: bytes.len() };
                self.struck.push(Struck { fault, call: Call::Write, effect });
            }
        }
        self.inodes[inode].append(&bytes[..taken]);
        Ok(taken)
    }

    /// Makes what was appended durable.
    ///
    /// # Errors
    /// [`Errno::EIO`]: what was appended since the last success is lost with the next crash, and no later call brings it back.
    /// [`Errno::EINVAL`] of a pipe.
    pub fn sync(&mut self, &Handle(inode): &Handle, luck: &mut impl Luck) -> io::Result<()> {
        if self.inodes[inode].kind() != Kind::File {
            return Err(Errno::EINVAL.into());
        }
        let failed = self.meets(Call::Sync, luck);
        if let Err(error) = failed {
            self.inodes[inode].sync_fails();
            return Err(error);
        }
        if !self.lies() {
            self.inodes[inode].syncs();
        }
        Ok(())
    }

    /// How many bytes an open file has.
    #[must_use]
    pub fn len(&self, &Handle(inode): &Handle) -> u64 {
        self.inodes[inode].len()
    }

    /// All that is in the file at `path`.
    ///
    /// # Errors
    /// [`Errno::ENOENT`], [`Errno::EMFILE`], [`Errno::EIO`].
    pub fn read(&mut self, path: &Path, luck: &mut impl Luck) -> io::Result<Vec<u8>> {
        self.meets(Call::Read, luck)?;
        let inode = self.folders.find(path)?.ok_or(Errno::ENOENT)?;
        Ok(self.inodes[inode].bytes().to_vec())
    }

    /// At most `most` bytes of the file at `path`, from `offset` on.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_at(
        &mut self,
        path: &Path,
        offset: u64,
        most: usize,
        luck: &mut impl Luck,
    ) -> io::Result<Vec<u8>> {
        let bytes = self.read(path, luck)?;
        let from = bytes.len().min(usize::try_from(offset).unwrap_or(usize::MAX));
        Ok(bytes[from..].iter().copied().take(most).collect())
    }

    /// The paths of the files in `folder`, in ascending order.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn list(&mut self, folder: &Path, luck: &mut impl Luck) -> io::Result<Vec<PathBuf>> {
        self.meets(Call::Read, luck)?;
        self.folders.list(folder)
    }

    /// Gives the file at `from` the path `to`; one that is there has none any more.
    ///
    /// # Errors
    /// Nothing was renamed: [`Errno::ENOENT`], [`Errno::EACCES`], [`Errno::EROFS`], [`Errno::EIO`].
    pub fn rename(&mut self, from: &Path, to: &Path, luck: &mut impl Luck) -> io::Result<()> {
        self.meets(Call::Rename, luck)?;
        self.folders.rename(from, to)
    }

    /// The file at `path` has no path any more. Its room is free once nobody has it open.
    ///
    /// # Errors
    /// Nothing was removed: [`Errno::ENOENT`], [`Errno::EACCES`], [`Errno::EROFS`], [`Errno::EIO`].
    pub fn remove(&mut self, path: &Path, luck: &mut impl Luck) -> io::Result<()> {
        self.meets(Call::Rename, luck)?;
        self.folders.unlink(path)
    }

    /// Makes durable which names are in `folder`, and in no other one: only where a file was renamed from another folder to this one, or
    /// the other way, what had changed in that one until then is durable as well.
    ///
    /// # Errors
    /// [`Errno::ENOENT`], [`Errno::EIO`].
    pub fn sync_folder(&mut self, folder: &Path, luck: &mut impl Luck) -> io::Result<()> {
        self.meets(Call::Sync, luck)?;
        self.folders.exists(folder)?;
        if !self.lies() {
            self.folders.sync(folder);
        }
        Ok(())
    }

    /// What is left of this disk where the power fails now, without any trouble: of each file any prefix at or above its durable length,
    /// of the names in each folder the first changes since its last sync, as many as are drawn.
    #[must_use]
    pub fn after_power_failure(&self, luck: &mut impl Luck) -> Self {
        let folders = self.folders.after_power_failure(luck);
        let mut inodes = self.inodes.clone();
        for (number, inode) in inodes.iter_mut().enumerate() {
            // What has no name any more is gone with whoever had it open.
            if folders.names(number) {
                inode.power_fails(luck);
            } else {
                *inode = Inode::default();
            }
        }
        let &Self { capacity, files, length, .. } = self;
        Self { inodes, folders, capacity, files, length, ..Self::default() }
    }

    /// How many bytes all files have: those with a name, and those that are open.
    #[must_use]
    pub fn taken(&self) -> u64 {
        let files = self.inodes.iter().enumerate();
        let there = files.filter(|&(number, inode)| {
            inode.kind() == Kind::File && (inode.is_open() || self.folders.names(number))
        });
        there.map(|(_, inode)| inode.len()).sum()
    }

    /// What faults have done since this was asked last.
    pub fn take_struck(&mut self) -> Vec<Struck> {
        std::mem::take(&mut self.struck)
    }

    /// How long the next call takes.
    pub fn takes(&mut self, call: Call, luck: &mut impl Luck) -> Duration {
        let mut longest = Duration::ZERO;
        for &(fault, trouble) in &self.troubles {
            let takes = trouble.takes(luck);
            if !takes.is_zero() {
                self.struck.push(Struck { fault, call, effect: Effect::Waits(takes) });
            }
            longest = longest.max(takes);
        }
        longest
    }

    /// For how many of `given` bytes there is room, at least one.
    fn room_for(&mut self, given: usize) -> io::Result<usize> {
        let capacity = self.capacity.map(|capacity| (capacity, Errno::ENOSPC, None));
        let troubles = self.troubles.iter().filter_map(|&(fault, trouble)| {
            trouble.limit().map(|(limit, errno)| (limit, errno, Some(fault)))
        });
        let limits = capacity.into_iter().chain(troubles);
        // Of two that leave as much the quota is looked at first, as a file system does.
        let least = limits.min_by_key(|&(limit, errno, _)| (limit, errno != Errno::EDQUOT));
        let Some((limit, errno, fault)) = least else { return Ok(given) };
        let room = limit.saturating_sub(self.taken());
        let taken = given.min(usize::try_from(room).unwrap_or(usize::MAX));
        if taken < given {
            let effect = match taken {
                0 => Effect::Fails(errno),
                taken => Effect::Takes { taken, given },
            };
            let struck = fault.map(|fault| Struck { fault, call: Call::Write, effect });
            self.struck.extend(struck);
        }
        if taken == 0 { Err(errno.into()) } else { Ok(taken) }
    }

    /// The first error that a trouble under way makes of a call.
    fn meets(&mut self, call: Call, luck: &mut impl Luck) -> io::Result<()> {
        let met = self
            .troubles
            .iter()
            .find_map(|&(fault, trouble)| trouble.fails(call, luck).map(|errno| (fault, errno)));
        let Some((fault, errno)) = met else { return Ok(()) };
        self.struck.push(Struck { fault, call, effect: Effect::Fails(errno) });
        Err(errno.into())
    }

    /// Whether a sync does nothing.
    fn lies(&mut self) -> bool {
        let lies = self.troubles.iter().find(|(_, trouble)| *trouble == Trouble::SyncsLie);
        let struck =
            lies.map(|&(fault, _)| Struck { fault, call: Call::Sync, effect: Effect::Lies });
        self.struck.extend(struck);
        struck.is_some()
    }
}
