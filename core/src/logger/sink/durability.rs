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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::Sound;

    /// A file whose syncs come out like this.
    struct Syncs(Option<io::ErrorKind>);

    impl DiskFile for Syncs {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn sync(&mut self) -> io::Result<()> {
            self.0.map_or(Ok(()), |kind| Err(kind.into()))
        }

        fn len(&self) -> io::Result<u64> {
            Ok(0)
        }
    }

    const FULL: io::ErrorKind = io::ErrorKind::StorageFull;

    #[test]
    fn a_file_whose_sync_failed_is_told_of_until_another_one_has_its_place_and_then_once() {
        let mut durability = Durability::default();
        let sync = |durability: &mut Durability, of: Option<io::ErrorKind>| {
            durability.appends();
            durability.sync(&mut Syncs(of), || Ok(()), &Sound);
        };
        let kind = |durability: &mut Durability| durability.tell(&Sound).map_err(|e| e.kind());
        sync(&mut durability, Some(FULL));
        assert_eq!(kind(&mut durability), Err(FULL));
        // The file forgets, and whoever asks it again would believe it.
        sync(&mut durability, None);
        assert_eq!((kind(&mut durability), durability.failures()), (Err(FULL), 1));
        durability.appends();
        durability.switches();
        sync(&mut durability, None);
        assert_eq!(kind(&mut durability), Err(FULL), "what was appended to the old one is lost");
        sync(&mut durability, None);
        assert_eq!((kind(&mut durability), durability.failures()), (Ok(()), 1));
    }

    #[test]
    fn a_file_to_which_nothing_was_appended_since_leaves_nothing_to_tell_to_the_next_one() {
        for (appends, told) in [(true, Err(FULL)), (false, Ok(()))] {
            let mut durability = Durability::default();
            durability.appends();
            durability.sync(&mut Syncs(Some(FULL)), || Ok(()), &Sound);
            assert!(durability.tell(&Sound).is_err(), "it is told of once");
            if appends {
                durability.appends();
            }
            durability.switches();
            durability.sync(&mut Syncs(None), || Ok(()), &Sound);
            assert_eq!(durability.tell(&Sound).map_err(|error| error.kind()), told, "{appends}");
        }
    }

    #[test]
    fn a_new_file_has_its_name_made_durable_and_a_name_that_is_not_is_tried_again() {
        let mut durability = Durability::default();
        let names = std::cell::Cell::new(0);
        let sync = |durability: &mut Durability, result: io::Result<()>| {
            let folder = || {
                names.set(names.get() + 1);
                result
            };
            durability.sync(&mut Syncs(None), folder, &Sound);
            (names.get(), durability.tell(&Sound).is_ok())
        };
        assert_eq!(sync(&mut durability, Err(FULL.into())), (1, false));
        assert_eq!(sync(&mut durability, Ok(())), (2, true));
        assert_eq!(sync(&mut durability, Ok(())), (2, true));
        durability.switches();
        assert_eq!(sync(&mut durability, Ok(())), (3, true));
    }

    #[test]
    fn what_cannot_be_made_durable_at_all_has_not_failed() {
        let mut durability = Durability::default();
        let mut pipe = Syncs(Some(io::ErrorKind::InvalidInput));
        durability.sync(&mut pipe, || Ok(()), &Sound);
        assert_eq!((durability.tell(&Sound).is_ok(), durability.failures()), (true, 0));
    }
}
