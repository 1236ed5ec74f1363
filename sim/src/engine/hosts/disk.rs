//! The door's disk, opened onto the disk of a host. It outlives its host's end: what a process has written is with the operating
//! system.

use super::{Host, unit};
use crate::disk::{Handle, SimDisk};
use crate::engine::luck::NodeLuck;
use crate::log::{Cause, Name};
use retrip_core::door::{Disk, DiskFile};
use std::io;
use std::panic::Location;
use std::path::{Path, PathBuf};

/// An open file of a host.
#[derive(Debug)]
pub struct HostFile {
    host: Host,
    /// There until the file is dropped.
    handle: Option<Handle>,
}

impl Host {
    /// What would be left of this host's disk if the power failed now. The run goes on with the disk that it has.
    #[must_use]
    pub fn disk_after_power_failure(&self) -> SimDisk {
        self.on_disk(|disk, luck| disk.after_power_failure(luck))
    }

    /// Changes this host's disk: how much it holds, which folders there are, what is wrong with it.
    pub fn change_disk<R>(&self, change: impl FnOnce(&mut SimDisk) -> R) -> R {
        self.on_disk(|disk, _| change(disk))
    }

    /// One call on the disk.
    fn call_disk<R>(&self, body: impl FnOnce(&mut SimDisk, &mut NodeLuck<'_>) -> R) -> R {
        self.world.step();
        self.on_disk(body)
    }

    /// Calls `body` with the disk, and tells what faults have done to it.
    fn on_disk<R>(&self, body: impl FnOnce(&mut SimDisk, &mut NodeLuck<'_>) -> R) -> R {
        let (now, number, unit) = (self.engine(), self.host, unit::current(&self.world));
        self.world.with(|inner| {
            let node = &mut inner.nodes[number as usize];
            let mut luck = NodeLuck { choices: &mut inner.choices, node: (number, &node.name) };
            let result = body(&mut node.disk, &mut luck);
            for struck in node.disk.take_struck() {
                let cause = inner.units[unit].cause.replace(Cause::Fault(struck.fault));
                let at = (now, number, unit);
                inner.record(at, &Name::from("disk"), struck.told(), Location::caller());
                inner.units[unit].cause = cause;
            }
            result
        })
    }
}

impl Disk for Host {
    type File = HostFile;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        let handle = self.call_disk(|disk, luck| disk.append(path, luck))?;
        Ok(HostFile { host: self.clone(), handle: Some(handle) })
    }

    fn create_new(&self, path: &Path) -> io::Result<Self::File> {
        let handle = self.call_disk(|disk, luck| disk.create_new(path, luck))?;
        Ok(HostFile { host: self.clone(), handle: Some(handle) })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.call_disk(|disk, luck| disk.read(path, luck))
    }

    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        self.call_disk(|disk, luck| disk.read_at(path, offset, most, luck))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call_disk(|disk, luck| disk.rename(from, to, luck))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call_disk(|disk, luck| disk.remove(path, luck))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.call_disk(|disk, luck| disk.list(folder, luck))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.call_disk(|disk, luck| disk.sync_folder(folder, luck))
    }
}

impl HostFile {
    fn handle(&self) -> &Handle {
        self.handle.as_ref().expect("a file is open until it is dropped")
    }
}

impl DiskFile for HostFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.host.call_disk(|disk, luck| disk.write(self.handle(), bytes, luck))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.host.call_disk(|disk, luck| disk.sync(self.handle(), luck))
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.host.call_disk(|disk, _| disk.len(self.handle())))
    }
}

impl Drop for HostFile {
    fn drop(&mut self) {
        let node = self.host.host as usize;
        let Some(handle) = self.handle.take() else { return };
        self.host.world.with(|inner| inner.nodes[node].disk.close(handle));
    }
}
