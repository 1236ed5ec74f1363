//! Files of the operating system.

use super::System;
use crate::door::{Disk, DiskFile};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// An open file of the operating system, in append mode.
#[derive(Debug)]
pub struct SystemFile(File);

impl Disk for System {
    type File = SystemFile;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        OpenOptions::new().append(true).create(true).open(path).map(SystemFile)
    }

    fn create_new(&self, path: &Path) -> io::Result<Self::File> {
        OpenOptions::new().append(true).create_new(true).open(path).map(SystemFile)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(or_here(folder))?;
        let names = entries.map(|entry| Ok(folder.join(entry?.file_name())));
        let mut paths: Vec<_> = names.collect::<io::Result<_>>()?;
        paths.sort();
        Ok(paths)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(or_here(folder))?.sync_all()
    }
}

/// The folder in which the process works, where the path is empty.
fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

impl DiskFile for SystemFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}
