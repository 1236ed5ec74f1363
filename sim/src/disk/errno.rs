//! The numbers by which the operating system says why a call has failed.

use std::io;

/// Why a call has failed, with the number that Linux gives it: what code under test finds in [`io::Error::raw_os_error`], from which
/// the standard library makes the [`io::ErrorKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
#[non_exhaustive]
pub enum Errno {
    /// There is no such file or folder.
    ENOENT = 2,
    /// A signal came before anything was done.
    EINTR = 4,
    /// The device has failed.
    EIO = 5,
    /// The user may not do that there.
    EACCES = 13,
    /// There is such a file.
    EEXIST = 17,
    /// Such a file cannot do that.
    EINVAL = 22,
    /// Too many files are open in this process.
    EMFILE = 24,
    /// The process may have no file that long.
    EFBIG = 27,
    /// There is no room on the device.
    ENOSPC = 28,
    /// The file system may only be read.
    EROFS = 30,
    /// Nobody reads from the pipe any more.
    EPIPE = 32,
    /// The user may have no more room.
    EDQUOT = 122,
}

impl From<Errno> for io::Error {
    fn from(errno: Errno) -> Self {
        Self::from_raw_os_error(errno as i32)
    }
}
