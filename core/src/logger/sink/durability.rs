//! Whether what was written outlasts a crash, and what a flush may say of it.

use crate::door::{DiskFile, Rules};
use crate::logger::plants;
use std::io;

/// What has become durable of one sink's lines, file after file.
///
/// A sync that fails is not tried again with the same file: the operating system may have forgotten what it could not write, so that the
/// next one succeeds without it (Rebello et al., Can Applications Recover from fsync Failures?, USENIX ATC 2020).
#[derive(Debug, Default)]
pub(super) struct Durability {
    /// With what a sync of this file has failed.
    lost: Option<io::ErrorKind>,
    /// The last failure that no flush has told yet, of this file or one before.
    untold: Option<io::ErrorKind>,
    /// Whether something was appended since a flush has told how it is.
    appended: bool,
    /// Whether the file's name is durable.
    named: bool,
    /// How often it failed.
    failures: u64,
}

impl Durability {
    /// How often something could not be made durable.
    pub(super) const fn failures(&self) -> u64 {
        self.failures
    }

    /// Makes the file and its name durable, as far as that can still be had.
    pub(super) fn sync(
        &mut self,
        file: &mut impl DiskFile,
        sync_folder: impl FnOnce() -> io::Result<()>,
        rules: &impl Rules,
    ) {
        if self.lost.is_none() || rules.broken_by(plants::FAILED_SYNC_IS_TRIED_AGAIN) {
            self.lost = self.kept(file.sync());
        }
        if !self.named && !rules.broken_by(plants::NAMES_ARE_NOT_SYNCED) {
            // Names are tried again: nothing forgets them.
            self.named = self.kept(sync_folder()).is_none();
        }
    }

    /// Something was appended.
    pub(super) fn appends(&mut self) {
        self.appended = true;
    }

    /// From now on it is about a file that has just got its name. What was appended to a file that cannot be made durable is for the next
    /// flush to tell, which will ask for another one.
    pub(super) fn switches(&mut self) {
        if let Some(kind) = self.lost.take().filter(|_| self.appended) {
            self.untold = Some(kind);
        }
        self.named = false;
    }

    /// Whether all lines since this was asked last are durable, after a [`sync`](Self::sync).
    pub(super) fn tell(&mut self, rules: &impl Rules) -> io::Result<()> {
        self.appended = false;
        let untold = self.untold.take();
        let untold = untold.filter(|_| !rules.broken_by(plants::FAILED_SYNC_IS_TRIED_AGAIN));
        untold.or(self.lost).map_or(Ok(()), |kind| Err(kind.into()))
    }

    /// With what it has failed. What cannot be made durable at all, such as a pipe, has not.
    fn kept(&mut self, result: io::Result<()>) -> Option<io::ErrorKind> {
        let kind = result.err()?.kind();
        if kind == io::ErrorKind::InvalidInput {
            return None;
        }
        self.failures += 1;
        self.untold = Some(kind);
        Some(kind)
    }
}
