//! The door's disk, opened onto the files of a host. They outlive their host's end, as on a disk that loses nothing.

use super::Host;
use retrip_core::door::{Disk, DiskFile};
use std::io;
use std::path::Path;

/// An open file of a host.
#[derive(Debug)]
pub struct HostFile {
    host: Host,
    inode: usize,
}

impl Disk for Host {
    type File = HostFile;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        self.world.step();
        let inode = self.world.with(|inner| inner.files.open(self.host, path));
        Ok(HostFile { host: self.clone(), inode })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.world.step();
        self.world.with(|inner| inner.files.read(self.host, path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.world.step();
        self.world.with(|inner| inner.files.rename(self.host, from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.world.step();
        self.world.with(|inner| inner.files.remove(self.host, path))
    }
}

impl DiskFile for HostFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.host.world.step();
        Ok(self.host.world.with(|inner| inner.files.write(self.inode, bytes)))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.host.world.step();
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        self.host.world.step();
        Ok(self.host.world.with(|inner| inner.files.len(self.inode)))
    }
}
