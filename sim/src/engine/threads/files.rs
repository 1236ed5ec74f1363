//! Files in memory, one name space per node. Nothing fails here; a file lives as long as somebody has it open.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The files of one run.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) inodes: Vec<Vec<u8>>,
    pub(super) names: BTreeMap<(u32, PathBuf), usize>,
}

impl Files {
    pub(super) fn find(&self, node: u32, path: &Path) -> io::Result<usize> {
        let name = (node, path.to_path_buf());
        self.names.get(&name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn open(&mut self, node: u32, path: &Path) -> usize {
        let name = (node, path.to_path_buf());
        *self.names.entry(name).or_insert_with(|| {
            self.inodes.push(Vec::new());
            self.inodes.len() - 1
        })
    }
}
