//! The door's disk, opened onto the disk of a simulated node.

use super::kernel::{Kernel, Operation};
use super::platform::Sim;
use super::tether;
use crate::disk::{Call, Handle, SimDisk, Struck};
use crate::engine::luck::NodeLuck;
use crate::log::{Cause, Name};
use retrip_core::door::{Disk, DiskFile};
use std::io;
use std::panic::Location;
use std::path::{Path, PathBuf};

/// An open file of a simulated node.
#[derive(Debug)]
pub struct SimFile {
    sim: Sim,
    /// There until the file is dropped.
    handle: Option<Handle>,
}

impl Sim {
    /// What would be left of this node's disk if the power failed now. The run goes on with the disk that it has.
    #[must_use]
    pub fn disk_after_power_failure(&self) -> SimDisk {
        tether::with(self.run, |kernel| {
            kernel.on_disk(self.node, |disk, luck| disk.after_power_failure(luck))
        })
    }

    /// Changes this node's disk: how much it holds, which folders there are, what is wrong with it.
    pub fn change_disk<R>(&self, change: impl FnOnce(&mut SimDisk) -> R) -> R {
        tether::with(self.run, |kernel| kernel.on_disk(self.node, |disk, _| change(disk)))
    }

    /// One call on the disk, about the file `object`.
    fn call_disk<R>(
        &self,
        call: Call,
        object: u64,
        body: impl FnOnce(&mut SimDisk, &mut NodeLuck<'_>) -> R,
    ) -> R {
        tether::point(self.run, Operation::Disk, object);
        let takes = tether::with(self.run, |kernel| {
            kernel.on_disk(self.node, |disk, luck| disk.takes(call, luck))
        });
        if !takes.is_zero() {
            self.stall(takes);
        }
        tether::with(self.run, |kernel| kernel.on_disk(self.node, body))
    }
}

impl Kernel {
    /// Calls `body` with the disk of a node, and tells what faults have done to it.
    fn on_disk<R>(
        &mut self,
        node: u32,
        body: impl FnOnce(&mut SimDisk, &mut NodeLuck<'_>) -> R,
    ) -> R {
        let at = &mut self.nodes[node as usize];
        let mut luck = NodeLuck { choices: &mut self.choices, node: (node, &at.name) };
        let result = body(&mut at.disk, &mut luck);
        for struck in at.disk.take_struck() {
            self.tell(node, struck);
        }
        result
    }

    #[track_caller]
    fn tell(&mut self, node: u32, struck: Struck) {
        let cause = self.me().cause.replace(Cause::Fault(struck.fault));
        let thread = self.current.index();
        self.record_event(node, thread, &Name::from("disk"), struck.told(), Location::caller());
        self.me().cause = cause;
    }
}

impl Disk for Sim {
    type File = SimFile;

    fn append(&self, path: &Path) -> io::Result<Self::File> {
        let handle = self.call_disk(Call::Open, 0, |disk, luck| disk.append(path, luck))?;
        Ok(SimFile { sim: *self, handle: Some(handle) })
    }

    fn create_new(&self, path: &Path) -> io::Result<Self::File> {
        let handle = self.call_disk(Call::Open, 0, |disk, luck| disk.create_new(path, luck))?;
        Ok(SimFile { sim: *self, handle: Some(handle) })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.call_disk(Call::Read, 0, |disk, luck| disk.read(path, luck))
    }

    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        self.call_disk(Call::Read, 0, |disk, luck| disk.read_at(path, offset, most, luck))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call_disk(Call::Rename, 0, |disk, luck| disk.rename(from, to, luck))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call_disk(Call::Rename, 0, |disk, luck| disk.remove(path, luck))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.call_disk(Call::Read, 0, |disk, luck| disk.list(folder, luck))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.call_disk(Call::Sync, 0, |disk, luck| disk.sync_folder(folder, luck))
    }
}

impl SimFile {
    fn handle(&self) -> &Handle {
        self.handle.as_ref().expect("a file is open until it is dropped")
    }
}

impl DiskFile for SimFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let handle = self.handle();
        self.sim
            .call_disk(Call::Write, handle.number(), |disk, luck| disk.write(handle, bytes, luck))
    }

    fn sync(&mut self) -> io::Result<()> {
        let handle = self.handle();
        self.sim.call_disk(Call::Sync, handle.number(), |disk, luck| disk.sync(handle, luck))
    }

    fn len(&self) -> io::Result<u64> {
        let handle = self.handle();
        tether::point(self.sim.run, Operation::Disk, handle.number());
        Ok(self.sim.change_disk(|disk| disk.len(handle)))
    }
}

impl Drop for SimFile {
    fn drop(&mut self) {
        let node = self.sim.node as usize;
        let Some(handle) = self.handle.take() else { return };
        tether::try_with(self.sim.run, |kernel| kernel.nodes[node].disk.close(handle));
    }
}
