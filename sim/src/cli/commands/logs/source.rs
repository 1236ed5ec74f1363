//! A log file as it is read: from its beginning, and on where it is continued.

use super::super::super::error::CliError;
use super::archives::{Archive, archived, archives_above};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// How many bytes are read at once.
const CHUNK: usize = 64 * 1024;

/// What stands for the standard input.
const INPUT: &str = "-";

pub(super) struct Source {
    path: PathBuf,
    /// The log, where this is a file into which that was put aside since it is followed; otherwise the same as `path`.
    log: PathBuf,
    /// The number of the last archive that is this file or comes before it, where that is followed.
    newest: u64,
    name: String,
    bytes: Bytes,
    chunk: Box<[u8]>,
    /// How many bytes were read.
    offset: u64,
}

enum Bytes {
    File(File),
    Input(io::Stdin),
}

/// Opens all of `paths`, or none.
pub(super) fn open(paths: &[PathBuf], follow: bool) -> Result<Vec<Source>, CliError> {
    let is_input = |path: &PathBuf| path.as_os_str() == INPUT;
    if paths.iter().filter(|path| is_input(path)).count() > 1 {
        return Err(CliError::InputTwice);
    }
    if follow && paths.last().is_some_and(is_input) {
        return Err(CliError::FollowInput);
    }
    let mut sources: Vec<_> =
        paths.iter().map(|path| Source::open(path)).collect::<Result<_, _>>()?;
    if follow && let Some(last) = sources.last_mut() {
        last.is_followed()?;
    }
    Ok(sources)
}

impl Source {
    fn open(path: &Path) -> Result<Self, CliError> {
        let failed = |reason| CliError::ReadLog { path: path.to_owned(), reason };
        let is_input = path.as_os_str() == INPUT;
        let bytes = if is_input {
            Bytes::Input(io::stdin())
        } else {
            let file = File::open(path).map_err(failed)?;
            if file.metadata().map_err(failed)?.is_dir() {
                return Err(failed(ErrorKind::IsADirectory.into()));
            }
            Bytes::File(file)
        };
        Ok(Self::of(path, bytes))
    }

    fn of(path: &Path, bytes: Bytes) -> Self {
        let name = match &bytes {
            Bytes::Input(_) => "standard input".to_owned(),
            Bytes::File(_) => path.display().to_string(),
        };
        let chunk = vec![0; CHUNK].into_boxed_slice();
        Self {
            path: path.to_owned(),
            log: path.to_owned(),
            newest: 0,
            name,
            bytes,
            chunk,
            offset: 0,
        }
    }

    /// It will be followed: the archives that are there come before it.
    fn is_followed(&mut self) -> Result<(), CliError> {
        let Bytes::File(file) = &self.bytes else { return Ok(()) };
        let own = file.metadata().map_err(|reason| self.failed(reason))?;
        for Archive { number, path } in
            archives_above(&self.log, 0).map_err(|reason| self.failed(reason))?
        {
            self.newest = number;
            // Put aside since it was opened.
            if fs::metadata(&path).is_ok_and(|archive| is_same(&own, &archive)) {
                break;
            }
        }
        Ok(())
    }

    /// What it is called in what is said of it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The next bytes; none where there are no more for now.
    pub(super) fn next(&mut self) -> Result<&[u8], CliError> {
        let count = loop {
            let read = match &mut self.bytes {
                Bytes::File(file) => file.read(&mut self.chunk),
                Bytes::Input(input) => input.lock().read(&mut self.chunk),
            };
            match read {
                Ok(count) => break count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(reason) => return Err(CliError::ReadLog { path: self.path.clone(), reason }),
            }
        };
        self.offset += count as u64;
        Ok(&self.chunk[..count])
    }

    /// Whether the names say that this file continues `before`: it is the archive behind it, or the file that is written to.
    pub(super) fn continues(&self, before: &Self) -> bool {
        let Some((stem, number)) = archived(&before.path) else { return false };
        match archived(&self.path) {
            Some((own, next)) => own == stem && number.checked_add(1) == Some(next),
            None => self.path == stem,
        }
    }

    /// The file that comes after this one, or this one again where it was cut to begin anew. None while it goes on, or while there is none.
    ///
    /// Where the log was put aside more than once since, that is the archive behind this file.
    pub(super) fn successor(&self) -> Result<Option<Self>, CliError> {
        let Bytes::File(file) = &self.bytes else { return Ok(None) };
        let own = file.metadata().map_err(|reason| self.failed(reason))?;
        let now = match fs::metadata(&self.log) {
            Ok(now) if is_same(&own, &now) => {
                let is_cut = now.is_file() && now.len() < self.offset;
                return if is_cut { Self::open(&self.log).map(Some) } else { Ok(None) };
            }
            now => now,
        };
        // It is opened before the archives are listed: where it is moved away meanwhile, it is one of them.
        let mut next = match now.map(|_| Self::open(&self.log)) {
            Ok(Ok(next)) => Some(next),
            // Moved away again since.
            Ok(Err(CliError::ReadLog { reason, .. })) if reason.kind() == ErrorKind::NotFound => {
                None
            }
            Ok(Err(error)) => return Err(error),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(reason) => return Err(self.failed(reason)),
        };
        let mut newest = self.newest;
        for archive in archives_above(&self.log, newest).map_err(|reason| self.failed(reason))? {
            newest = archive.number;
            if let Some(source) = self.behind(archive, &own)? {
                return Ok(Some(source));
            }
        }
        if let Some(next) = &mut next {
            next.newest = newest;
        }
        Ok(next)
    }

    /// The archive as a source; nothing where it is this file itself, or removed by now.
    fn behind(&self, archive: Archive, own: &Metadata) -> Result<Option<Self>, CliError> {
        let Archive { number, path } = archive;
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(reason) => return Err(CliError::ReadLog { path, reason }),
        };
        if is_same(own, &file.metadata().map_err(|reason| self.failed(reason))?) {
            return Ok(None);
        }
        let mut source = Self::of(&path, Bytes::File(file));
        source.log.clone_from(&self.log);
        source.newest = number;
        Ok(Some(source))
    }

    fn failed(&self, reason: io::Error) -> CliError {
        CliError::ReadLog { path: self.path.clone(), reason }
    }
}

/// Whether both are of one file.
#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Whether both are of one file; elsewhere only a file that got shorter is known to be another one.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_continued_by_the_next_one_or_by_the_file_that_is_written_to() {
        let source = |path: &str| Source {
            chunk: Box::default(),
            ..Source::of(Path::new(path), Bytes::Input(io::stdin()))
        };
        for (before, next, continues) in [
            ("logs/a.jsonl.000009", "logs/a.jsonl.000010", true),
            ("logs/a.jsonl.999999", "logs/a.jsonl.1000000", true),
            ("logs/a.jsonl.000009", "logs/a.jsonl", true),
            ("logs/a.jsonl.000009", "logs/a.jsonl.000011", false),
            ("logs/a.jsonl.000009", "logs/b.jsonl.000010", false),
            ("logs/a.jsonl", "logs/a.jsonl.000001", false),
            ("logs/a.jsonl.9", "logs/a.jsonl.10", false),
            ("a.jsonl.000009", "logs/a.jsonl", false),
        ] {
            let found = source(next).continues(&source(before));
            assert_eq!(found, continues, "{before} {next}");
        }
    }
}
