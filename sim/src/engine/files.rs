//! Files in memory, one name space per node. Nothing fails here; a file lives as long as somebody has it open.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The files of one run.
#[derive(Debug, Default)]
pub(super) struct Files {
    inodes: Vec<Vec<u8>>,
    names: BTreeMap<(u32, PathBuf), usize>,
}

impl Files {
    fn find(&self, node: u32, path: &Path) -> io::Result<usize> {
        let name = (node, path.to_path_buf());
        self.names.get(&name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The file at `path`, made where there is none.
    pub(super) fn open(&mut self, node: u32, path: &Path) -> usize {
        let name = (node, path.to_path_buf());
        *self.names.entry(name).or_insert_with(|| {
            self.inodes.push(Vec::new());
            self.inodes.len() - 1
        })
    }

    /// All that is in the file at `path`.
    pub(super) fn read(&self, node: u32, path: &Path) -> io::Result<Vec<u8>> {
        Ok(self.inodes[self.find(node, path)?].clone())
    }

    /// Gives the file at `from` the path `to`; one that is there has none any more.
    pub(super) fn rename(&mut self, node: u32, from: &Path, to: &Path) -> io::Result<()> {
        let inode = self.find(node, from)?;
        self.names.remove(&(node, from.to_path_buf()));
        self.names.insert((node, to.to_path_buf()), inode);
        Ok(())
    }

    /// The file at `path` has none any more.
    pub(super) fn remove(&mut self, node: u32, path: &Path) -> io::Result<()> {
        self.find(node, path)?;
        self.names.remove(&(node, path.to_path_buf()));
        Ok(())
    }

    /// Adds `bytes` at the end, and returns how many: all of them.
    pub(super) fn write(&mut self, inode: usize, bytes: &[u8]) -> usize {
        self.inodes[inode].extend_from_slice(bytes);
        bytes.len()
    }

    /// How many bytes there are.
    pub(super) fn len(&self, inode: usize) -> u64 {
        self.inodes[inode].len() as u64
    }
}
