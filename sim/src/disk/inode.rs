//! The bytes of one file, and how many of them outlast a power failure.

use super::Luck;
use std::ops::Range;

/// What a file holds, whatever its name is.
#[derive(Clone, Debug, Default)]
pub(super) struct Inode {
    bytes: Vec<u8>,
    /// How many of them are durable, but for the ones in `lost`.
    durable: usize,
    /// What a sync has failed to write. It is taken for written from then on: it is read as it is here, and never comes to the device.
    lost: Vec<Range<usize>>,
    /// How often it is open.
    open: u32,
    kind: Kind,
}

/// What is behind a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    File,
    /// What is written goes to somebody who reads, and is no file's.
    Pipe,
    /// A pipe from which nobody reads any more.
    PipeWithoutReader,
}

impl Inode {
    pub(super) fn opens(&mut self) {
        self.open += 1;
    }

    pub(super) fn closes(&mut self) {
        self.open -= 1;
    }

    pub(super) fn is_open(&self) -> bool {
        self.open > 0
    }

    pub(super) fn pipe() -> Self {
        Self { kind: Kind::Pipe, ..Self::default() }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Nobody reads from it any more, where it is a pipe.
    pub(super) fn loses_its_reader(&mut self) {
        if self.kind == Kind::Pipe {
            self.kind = Kind::PipeWithoutReader;
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// All that was appended is durable, but for what an earlier sync has lost.
    pub(super) fn syncs(&mut self) {
        self.durable = self.bytes.len();
    }

    /// What was appended since the last sync does not come to the device, now or later.
    pub(super) fn sync_fails(&mut self) {
        if self.durable < self.bytes.len() {
            self.lost.push(self.durable..self.bytes.len());
            self.durable = self.bytes.len();
        }
    }

    /// Loses what was not durable, or a part of it: any prefix at or above the durable length is left, and its end may be NUL bytes, where
    /// the length had come to the device and the content had not.
    pub(super) fn power_fails(&mut self, luck: &mut impl Luck) {
        let beyond = self.bytes.len() - self.durable;
        let mut up_to = |purpose, most: usize| {
            let drawn = luck.draw(purpose, most as u64 + 1);
            usize::try_from(drawn).expect("a draw is below its bound")
        };
        let gone = up_to("disk.crash_gone", beyond);
        let kept = beyond - gone;
        let nul = up_to("disk.crash_nul", kept);
        self.bytes.truncate(self.durable + kept);
        self.lost.push(self.bytes.len() - nul..self.bytes.len());
        for lost in self.lost.drain(..) {
            self.bytes[lost].fill(0);
        }
        self.durable = self.bytes.len();
        self.open = 0;
    }
}
