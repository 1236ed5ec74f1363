//! A sink over a file of the platform, which is put aside for a new one in time.

use super::durability::Durability;
use super::rotation::{Archive, Rotation, beside};
use super::{NextLine, Sink, SinkTroubles};
use crate::door::{Disk, DiskFile, Platform, Rules, System, Timestamp};
use crate::logger::health::Health;
use crate::logger::{Level, plants};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Appends to one file, which can be put aside by its size or by time.
///
/// A file whose last line was torn by a crash is continued on a line of its own.
///
/// ```
/// use retrip_core::door::System;
/// use retrip_core::logger::{FileSink, Logger};
///
/// let path = std::env::temp_dir().join(format!("retrip-doc-{}.jsonl", std::process::id()));
/// let logger = Logger::named("llm").to(FileSink::append(&System, &path)?);
/// logger.info("kept");
/// logger.flush()?;
/// assert!(std::fs::read_to_string(&path)?.contains(r#""message":"kept""#));
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FileSink<P: Platform = System> {
    platform: P,
    path: PathBuf,
    file: <P as Disk>::File,
    /// How many bytes it has, and when it was begun.
    length: u64,
    begun: Timestamp,
    rotation: Option<Rotation>,
    /// Whether a rotation is worth a try.
    health: Health,
    reopen: Option<Arc<AtomicBool>>,
    sync: SyncPolicy,
    durability: Durability,
    failed_rotations: u64,
}

/// When what was written is made durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyncPolicy {
    /// When the operating system likes: a flush of the logger means that lines are with it.
    Never,
    /// With each flush.
    #[default]
    OnFlush,
    /// With each flush, and after each line of this level or a higher one.
    AtLevel(Level),
    /// With each flush, and after each line.
    Every,
}

impl<P: Platform> FileSink<P> {
    /// Opens `path` for appending and creates it where it is missing.
    ///
    /// # Errors
    /// The file cannot be opened or read, as the platform reports it.
    pub fn append(platform: &P, path: &Path) -> io::Result<Self> {
        let (file, length) = open(platform, path)?;
        Ok(Self::of(platform, path, file, length))
    }

    /// Makes the file `path` for a log that has to begin with this sink, and opens it for appending.
    ///
    /// ```
    /// use retrip_core::door::System;
    /// use retrip_core::logger::FileSink;
    /// use std::io::ErrorKind;
    ///
    /// let path = std::env::temp_dir().join(format!("retrip-doc-new-{}.jsonl", std::process::id()));
    /// let sink = FileSink::create_new(&System, &path)?;
    /// let again = FileSink::create_new(&System, &path).map_err(|error| error.kind());
    /// assert_eq!(again.err(), Some(ErrorKind::AlreadyExists));
    /// # drop(sink);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] where there is one: nothing of it is lost. Otherwise as the platform reports it.
    pub fn create_new(platform: &P, path: &Path) -> io::Result<Self> {
        let file = platform.create_new(path)?;
        Ok(Self::of(platform, path, file, 0))
    }

    fn of(platform: &P, path: &Path, file: <P as Disk>::File, length: u64) -> Self {
        Self {
            platform: platform.clone(),
            path: path.to_owned(),
            file,
            length,
            begun: platform.wall(),
            rotation: None,
            health: Health::default(),
            reopen: None,
            sync: SyncPolicy::default(),
            durability: Durability::default(),
            failed_rotations: 0,
        }
    }

    /// Puts the file aside as `rotation` says. Where that fails, lines go to the old file, it is counted
    /// ([`Stats::failed_rotations`](crate::logger::Stats::failed_rotations)), and tried again after 10 ms, then 20, and at most five seconds.
    ///
    /// That is for the only sink that writes to the file: several that rotate one file take each other's files away, and lines with them.
    /// Where several processes write to one file, another program such as `logrotate` puts it aside, and each of them
    /// [opens it anew](Self::reopen_when).
    #[must_use]
    pub fn rotate(self, rotation: Rotation) -> Self {
        let sink = Self { rotation: Some(rotation), ..self };
        if rotation.has_periods() { Self { begun: sink.found_begun(), ..sink } } else { sink }
    }

    /// Makes lines durable as `policy` says; [`SyncPolicy::OnFlush`] where nothing is said. A sync that fails is counted
    /// ([`Stats::failed_syncs`](crate::logger::Stats::failed_syncs)) and not tried again with that file: every later flush says so, until
    /// the file is put aside or opened anew. A flush that succeeds says that the lines since the one before are durable, and so is the
    /// name of their file; one that fails, that nobody knows of them, whatever later ones say. What cannot be made durable, such as a
    /// pipe, is flushed when it is written.
    #[must_use]
    pub fn sync(self, policy: SyncPolicy) -> Self {
        Self { sync: policy, ..self }
    }

    /// Opens the path anew before the next line once `flag` is set, and takes the flag down: for whoever moves the file away, as
    /// `logrotate` does, and then sends SIGHUP, for which `signal_hook::flag::register` sets a flag. Where that fails, lines go on to the
    /// file that is open, and it counts as a rotation that has failed.
    #[must_use]
    pub fn reopen_when(self, flag: Arc<AtomicBool>) -> Self {
        Self { reopen: Some(flag), ..self }
    }

    /// Writes to `file` from now on. What is in the one of before is made durable first, unless nothing is to be.
    fn switch_to(&mut self, file: <P as Disk>::File, length: u64) {
        if self.sync != SyncPolicy::Never
            && !self.platform.broken_by(plants::OLD_FILE_IS_NOT_SYNCED)
        {
            self.make_durable();
        }
        self.durability.switches();
        self.file = file;
        self.length = length;
        self.begun = self.found_begun();
    }

    /// When the file was begun: where that matters and it has lines of an earlier run, what the first one says; otherwise now.
    fn found_begun(&self) -> Timestamp {
        let now = self.platform.wall();
        let matters = self.length > 0 && self.rotation.is_some_and(Rotation::has_periods);
        let said = if matters { first_timestamp(&self.platform, &self.path) } else { None };
        said.map_or(now, |said| said.min(now))
    }

    /// Makes the file and its name durable. What goes wrong with that is for the next flush to tell.
    fn make_durable(&mut self) {
        let Self { platform, path, file, durability, .. } = self;
        durability.sync(file, || platform.sync_folder(folder_of(path)), platform);
    }

    /// Puts the file aside: makes the new one, renames the old one, then the new one, and only then writes to it. Whatever fails, the old one
    /// is still open.
    fn put_aside(&mut self) -> io::Result<()> {
        let archives = Archive::of(&self.path, self.platform.list(folder_of(&self.path))?);
        let new = beside(&self.path, ".new");
        let file = self.create(&new)?;
        let archive = match archives.last() {
            Some(last) if self.platform.broken_by(plants::ARCHIVE_IS_REPLACED) => last.clone(),
            _ => Archive::next(&self.path, &archives).ok_or(io::ErrorKind::AlreadyExists)?,
        };
        if let Err(error) = self.exchange(&new, &archive.path) {
            // Where that fails as well it is taken away with the next try.
            let _ = self.platform.remove(&new);
            return Err(error);
        }
        self.switch_to(file, 0);
        let rotation = self.rotation.expect("only who rotates puts a file aside");
        let archives = [archives, vec![archive]].concat();
        for old in rotation.surplus(&archives) {
            // It is still there with the next rotation, and removed then.
            if self.platform.remove(&old.path).is_err() {
                self.failed_rotations += 1;
            }
        }
        Ok(())
    }

    /// An empty file at `new`, in place of one that an earlier try has left behind.
    fn create(&self, new: &Path) -> io::Result<<P as Disk>::File> {
        match self.platform.create_new(new) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.platform.remove(new)?;
                self.platform.create_new(new)
            }
            result => result,
        }
    }

    /// The file of before is at `archive` and the new one in its place; or all is as it was, as far as that can be had.
    fn exchange(&self, new: &Path, archive: &Path) -> io::Result<()> {
        match self.platform.rename(&self.path, archive) {
            // Somebody has taken it away, or an earlier try came no further.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            result => result?,
        }
        self.platform.rename(new, &self.path).inspect_err(|_| {
            let _ = self.platform.rename(archive, &self.path);
        })
    }

    /// Opens the path anew, where somebody asks for it, or puts the file aside, where it is time.
    fn turn_over(&mut self, next: NextLine) -> io::Result<()> {
        if self.reopen.as_ref().is_some_and(|flag| flag.load(Relaxed)) {
            // Down before it is opened: a signal that comes meanwhile asks for another time.
            self.reopen.iter().for_each(|flag| flag.store(false, Relaxed));
            let (file, length) = open(&self.platform, &self.path).inspect_err(|_| {
                self.reopen.iter().for_each(|flag| flag.store(true, Relaxed));
            })?;
            self.switch_to(file, length);
        }
        let is_due = |rotation: Rotation| {
            rotation.is_due((self.length, self.begun), next.length as u64, next.at)
        };
        if self.rotation.is_some_and(is_due) { self.put_aside() } else { Ok(()) }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
}

/// What the first line of the file at `path` says, if it is one of a logger.
fn first_timestamp(disk: &impl Disk, path: &Path) -> Option<Timestamp> {
    const BEFORE: &[u8] = b"{\"timestamp\":\"";
    const LONGEST: usize = "2026-01-01T12:00:00.000000000Z\"".len();
    let head = disk.read_at(path, 0, BEFORE.len() + LONGEST).ok()?;
    let text = head.strip_prefix(BEFORE)?;
    let end = text.iter().position(|&byte| byte == b'"')?;
    std::str::from_utf8(&text[..end]).ok()?.parse().ok()
}

/// Opens `path`, and ends a torn line in it. Returns how long it is then.
fn open<P: Platform>(platform: &P, path: &Path) -> io::Result<(<P as Disk>::File, u64)> {
    let mut file = platform.append(path)?;
    let mut length = file.len()?;
    let last = match length.checked_sub(1) {
        Some(last) => platform.read_at(path, last, 1)?,
        None => Vec::new(),
    };
    if last.iter().any(|&byte| byte != b'\n') {
        if file.write(b"\n")? == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        length += 1;
    }
    Ok((file, length))
}

impl<P: Platform> Sink for FileSink<P> {
    fn begin_line(&mut self, next: NextLine) {
        if self.rotation.is_none() && self.reopen.is_none() {
            return;
        }
        if self.health.refuses(|| self.platform.now(), &self.platform).is_some() {
            return;
        }
        match self.turn_over(next) {
            Ok(()) => self.health.recovers(),
            Err(error) => {
                self.failed_rotations += 1;
                self.health.fails(error.kind(), self.platform.now());
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed_rotations > 0
            && self.platform.broken_by(plants::FAILED_ROTATION_STOPS_THE_LOG)
        {
            return Err(io::ErrorKind::Other.into());
        }
        let bytes = match self.platform.broken_by(plants::LINE_IS_WRITTEN_IN_PIECES) {
            true => &bytes[..bytes.len().div_ceil(2)],
            false => bytes,
        };
        let taken = self.file.write(bytes)?;
        self.durability.appends();
        self.length = self.length.saturating_add(taken as u64);
        Ok(taken)
    }

    fn end_line(&mut self, level: Level) {
        match self.sync {
            SyncPolicy::Every => self.make_durable(),
            SyncPolicy::AtLevel(least) if level >= least => self.make_durable(),
            SyncPolicy::Never | SyncPolicy::OnFlush | SyncPolicy::AtLevel(_) => {}
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.sync == SyncPolicy::Never {
            return Ok(());
        }
        if !self.platform.broken_by(plants::FLUSH_DOES_NOT_SYNC) {
            self.make_durable();
        }
        self.durability.tell(&self.platform)
    }

    fn troubles(&self) -> SinkTroubles {
        let failed_syncs = self.durability.failures();
        SinkTroubles { failed_rotations: self.failed_rotations, failed_syncs }
    }
}

impl<P: Platform> fmt::Debug for FileSink<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileSink")
            .field("path", &self.path)
            .field("durability", &self.durability)
            .finish_non_exhaustive()
    }
}
