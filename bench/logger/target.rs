//! Where lines go, the same for everybody: nowhere, into memory, or into a file.

use retrip_core::logger::Sink;
use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What takes the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nothing: the line is looked at and forgotten.
    Null,
    /// A vector, which is emptied each time that it has grown to a mebibyte.
    Vec,
    /// A file in append mode, one write for each line.
    File,
}

impl Place {
    pub(crate) const ALL: [Self; 3] = [Self::Null, Self::Vec, Self::File];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Vec => "Vec",
            Self::File => "file",
        }
    }
}

/// When the vector is emptied.
const FULL: usize = 1 << 20;

/// A place that takes whole lines.
#[derive(Debug)]
pub(crate) enum Target {
    Null,
    Vec(Vec<u8>),
    File(File),
}

impl Target {
    pub(crate) fn of(place: Place) -> Self {
        match place {
            Place::Null => Self::Null,
            Place::Vec => Self::Vec(Vec::with_capacity(FULL + FULL / 16)),
            Place::File => Self::File(opened(&next_path())),
        }
    }

    /// Takes one line.
    #[inline]
    pub(crate) fn line(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Null => {
                black_box(bytes);
            }
            Self::Vec(lines) => {
                if lines.len() >= FULL {
                    lines.clear();
                }
                lines.extend_from_slice(bytes);
            }
            Self::File(file) => return file.write(bytes),
        }
        Ok(bytes.len())
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line(bytes)
    }
}

/// For those who write a line piece by piece and then flush: the target has it as one.
#[derive(Debug)]
pub(crate) struct Gathered {
    target: Target,
    line: Vec<u8>,
}

impl Gathered {
    pub(crate) fn new(target: Target) -> Self {
        Self { target, line: Vec::new() }
    }
}

impl Write for Gathered {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }
}

/// The folder with all files of this process. It goes when [`emptied`] with nobody left to write.
static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
static FILES: AtomicU64 = AtomicU64::new(0);

fn folder() -> &'static tempfile::TempDir {
    FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder for files can be made"))
}

/// The path of a file that is not there yet.
pub(crate) fn next_path() -> PathBuf {
    folder().path().join(format!("{}.jsonl", FILES.fetch_add(1, Relaxed)))
}

fn opened(path: &PathBuf) -> File {
    let opened = OpenOptions::new().append(true).create(true).open(path);
    opened.expect("a file can be made there")
}

/// Empties all files, which are written to in append mode, so that they do not fill the disk.
pub(crate) fn empty_files() {
    for number in 0..FILES.load(Relaxed) {
        let path = folder().path().join(format!("{number}.jsonl"));
        if path.exists() {
            let _ = OpenOptions::new().write(true).truncate(true).open(&path);
        }
    }
}

/// Takes the folder away: statics are never dropped.
pub(crate) fn remove_files() {
    if let Some(folder) = FOLDER.get() {
        let _ = std::fs::remove_dir_all(folder.path());
    }
}
