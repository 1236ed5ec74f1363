//! Where lines go.

mod durability;
mod file;
mod memory;
mod rotation;
mod stream;

pub use file::{FileSink, SyncPolicy};
pub use memory::MemorySink;
pub use rotation::Rotation;
pub use stream::StreamSink;

use super::Level;
use crate::door::Timestamp;
use std::io;

/// Takes whole lines, newline included, one call after the other: the logger holds its lock.
///
/// A sink that logs through the logger it serves is not called again for that; the event is dropped and counted.
pub trait Sink: Send + 'static {
    /// Comes before each line: what is written next begins one. A sink that begins a new file does it here.
    fn begin_line(&mut self, _next: NextLine) {}

    /// Takes a prefix of `bytes` and returns its length, which may be short; the logger then comes with the rest.
    ///
    /// # Errors
    /// Nothing of `bytes` was taken.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Comes after each line that was taken whole, of an event of this level.
    fn end_line(&mut self, _level: Level) {}

    /// Hands on what the sink holds back.
    ///
    /// # Errors
    /// It cannot.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// What has gone wrong so far without a line being lost.
    fn troubles(&self) -> SinkTroubles {
        SinkTroubles::default()
    }
}

/// The line that comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NextLine {
    /// Its bytes, with the newline.
    pub length: usize,
    /// When the event was logged, by the wall clock.
    pub at: Timestamp,
    /// The level of the event.
    pub level: Level,
}

/// What has gone wrong with a sink without a line being lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SinkTroubles {
    /// A file could not be put aside, opened anew, or removed once there were too many.
    pub failed_rotations: u64,
    /// What was written could not be made durable.
    pub failed_syncs: u64,
}
