//! A sink over any writer: standard error, a pipe, a buffer.

use super::Sink;
use std::io::{self, Write};

/// Writes to a [`Write`]r, such as [`std::io::stderr`].
#[derive(Clone, Debug)]
pub struct StreamSink<W> {
    writer: W,
}

impl<W: Write + Send + 'static> StreamSink<W> {
    /// A sink over `writer`.
    pub const fn new(writer: W) -> Self {
        Self { writer }
    }
}

impl<W: Write + Send + 'static> Sink for StreamSink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
