//! A sink over a file of the platform.

use super::Sink;
use crate::door::{Disk, DiskFile, Platform, System};
use std::fmt;
use std::io;
use std::path::Path;

/// Appends to one file. A flush makes it durable.
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
    file: <P as Disk>::File,
    durable: Durable,
}

/// Whether what was appended may still be made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durable {
    Possible,
    /// A sync has failed. Trying again would prove nothing about what was appended before.
    Lost(io::ErrorKind),
}

impl<P: Platform> FileSink<P> {
    /// Opens `path` for appending and creates it where it is missing.
    ///
    /// # Errors
    /// The file cannot be opened or read, as the platform reports it.
    pub fn append(platform: &P, path: &Path) -> io::Result<Self> {
        let torn = match platform.read(path) {
            Ok(content) => content.last().is_some_and(|&last| last != b'\n'),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        let mut file = platform.append(path)?;
        if torn && file.write(b"\n")? == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(Self { file, durable: Durable::Possible })
    }
}

impl<P: Platform> Sink for FileSink<P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Durable::Lost(kind) = self.durable {
            return Err(kind.into());
        }
        self.file.sync().inspect_err(|error| self.durable = Durable::Lost(error.kind()))
    }
}

impl<P: Platform> fmt::Debug for FileSink<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileSink").field("durable", &self.durable).finish_non_exhaustive()
    }
}
