//! The door's disk, opened onto the files of a run.

use super::kernel::Operation;
use super::platform::Sim;
use super::tether;
use retrip_core::door::{Disk, DiskFile};
use std::io;
use std::path::Path;

/// An open file of a simulated node.
#[derive(Debug)]
pub struct SimFile {
    run: u64,
    inode: usize,
}

impl Disk for Sim {
    type File = SimFile;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        tether::point(self.run, Operation::Disk, 0);
        let inode = tether::with(self.run, |kernel| kernel.disk.open(self.node, path));
        Ok(SimFile { run: self.run, inode })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        tether::point(self.run, Operation::Disk, 0);
        tether::with(self.run, |kernel| kernel.disk.read(self.node, path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        tether::point(self.run, Operation::Disk, 0);
        tether::with(self.run, |kernel| kernel.disk.rename(self.node, from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        tether::point(self.run, Operation::Disk, 0);
        tether::with(self.run, |kernel| kernel.disk.remove(self.node, path))
    }
}

impl DiskFile for SimFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        tether::point(self.run, Operation::Disk, self.inode as u64);
        Ok(tether::with(self.run, |kernel| kernel.disk.write(self.inode, bytes)))
    }

    fn sync(&mut self) -> io::Result<()> {
        tether::point(self.run, Operation::Disk, self.inode as u64);
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        tether::point(self.run, Operation::Disk, self.inode as u64);
        Ok(tether::with(self.run, |kernel| kernel.disk.len(self.inode)))
    }
}
