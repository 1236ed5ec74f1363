//! Files as a sink of lines needs them.

use std::io;
use std::path::{Path, PathBuf};

/// A place for files.
pub trait Disk {
    /// An open file.
    type File: DiskFile;

    /// Opens `path` for appending and creates it where it is missing.
    ///
    /// # Errors
    /// As the platform reports them, with the right [`io::ErrorKind`].
    fn append(&self, path: &Path) -> io::Result<Self::File>;

    /// Makes an empty file at `path` and opens it for appending.
    ///
    /// # Errors
    /// As the platform reports them; [`io::ErrorKind::AlreadyExists`] where there is one.
    fn create_new(&self, path: &Path) -> io::Result<Self::File>;

    /// The whole content of `path`.
    ///
    /// # Errors
    /// As the platform reports them; [`io::ErrorKind::NotFound`] where there is no such file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// At most `most` bytes of `path`, from `offset` on; fewer where it ends before, and none where it has no more than `offset`.
    ///
    /// # Errors
    /// As [`read`](Disk::read).
    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>>;

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

    /// The paths of what is in `folder`, in ascending order. An empty path is the folder in which the process works.
    ///
    /// # Errors
    /// As the platform reports them.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Makes durable which names there are in `folder`: a new file and a rename outlast a crash only then.
    ///
    /// # Errors
    /// As the platform reports them.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
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
