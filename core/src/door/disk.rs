//! Files as a sink of lines needs them.

use std::io;
use std::path::Path;

/// A place for files.
pub trait Disk {
    /// An open file.
    type File: DiskFile;

    /// Opens `path` for appending and creates it where it is missing.
    ///
    /// # Errors
    /// As the platform reports them, with the right [`io::ErrorKind`].
    fn append(&self, path: &Path) -> io::Result<Self::File>;

    /// The whole content of `path`.
    ///
    /// # Errors
    /// As the platform reports them; [`io::ErrorKind::NotFound`] where there is no such file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Renames `from` to `to`, replacing what was there.
    ///
    /// # Errors
    /// As the platform reports them.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// As the platform reports them.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// An open file that is only appended to.
pub trait DiskFile: Send + 'static {
    /// Appends a prefix of `bytes` and returns its length, which may be short.
    ///
    /// # Errors
    /// As the platform reports them; nothing was appended then.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Makes what was appended durable.
    ///
    /// # Errors
    /// As the platform reports them. What was appended since the last success may be gone; trying again proves nothing.
    fn sync(&mut self) -> io::Result<()>;

    /// The length in bytes.
    ///
    /// # Errors
    /// As the platform reports them.
    fn len(&self) -> io::Result<u64>;

    /// Whether the file holds no byte.
    ///
    /// # Errors
    /// As the platform reports them.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
}
