//! A log file as it is read: from its beginning, and on where it is continued.

use super::super::super::error::CliError;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// How many bytes are read at once.
const CHUNK: usize = 64 * 1024;

/// What stands for the standard input.
const INPUT: &str = "-";

pub(super) struct Source {
    path: PathBuf,
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
    paths.iter().map(|path| Source::open(path)).collect()
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
        let name = if is_input { "standard input".to_owned() } else { path.display().to_string() };
        let chunk = vec![0; CHUNK].into_boxed_slice();
        Ok(Self { path: path.to_owned(), name, bytes, chunk, offset: 0 })
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
        let Some((stem, number)) = archive(&before.path) else { return false };
        match archive(&self.path) {
            Some((own, next)) => own == stem && number.checked_add(1) == Some(next),
            None => self.path == stem,
        }
    }

    /// The file that has taken the place of this one, or this one again where it was cut to begin anew. None while it goes on, or
    /// while there is none.
    pub(super) fn successor(&self) -> Result<Option<Self>, CliError> {
        let failed = |reason| CliError::ReadLog { path: self.path.clone(), reason };
        let Bytes::File(file) = &self.bytes else { return Ok(None) };
        let own = file.metadata().map_err(failed)?;
        match fs::metadata(&self.path) {
            Ok(now) if !is_same(&own, &now) => match Self::open(&self.path) {
                // Moved away again since.
                Err(CliError::ReadLog { reason, .. }) if reason.kind() == ErrorKind::NotFound => {
                    Ok(None)
                }
                opened => opened.map(Some),
            },
            Ok(now) if now.is_file() && now.len() < self.offset => Self::open(&self.path).map(Some),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(reason) => Err(failed(reason)),
        }
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

/// What `app.jsonl.000012` is an archive of, and its number.
fn archive(path: &Path) -> Option<(PathBuf, u64)> {
    let digits = path.extension()?.to_str()?;
    let is_number = digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_number { digits.parse().ok()? } else { return None };
    Some((path.with_extension(""), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_continued_by_the_next_one_or_by_the_file_that_is_written_to() {
        let source = |path: &str| Source {
            path: path.into(),
            name: String::new(),
            bytes: Bytes::Input(io::stdin()),
            chunk: Box::default(),
            offset: 0,
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
