//! Where lines go.

mod file;
mod memory;
mod stream;

pub use file::FileSink;
pub use memory::MemorySink;
pub use stream::StreamSink;

use std::io;

/// Takes whole lines, newline included, one call after the other: the logger holds its lock.
///
/// A sink that logs through the logger it serves is not called again for that; the event is dropped and counted.
pub trait Sink: Send + 'static {
    /// Takes a prefix of `bytes` and returns its length, which may be short; the logger then comes with the rest.
    ///
    /// # Errors
    /// Nothing of `bytes` was taken.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Hands on what the sink holds back.
    ///
    /// # Errors
    /// It cannot.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
