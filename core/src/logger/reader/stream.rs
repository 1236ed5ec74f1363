//! A log that is read from anywhere, in bounded memory.

use super::item::LogItem;
use super::scanner::LogScanner;
use std::io::{self, ErrorKind, Read};

/// How many bytes are asked for at once.
const CHUNK: usize = 64 * 1024;

/// The items of a log, in the order of the file. Whatever the bytes are, it goes on to their end: what is no record is an item
/// that says so. It holds a line and two chunks, 256 KiB, however long the file and its lines are.
///
/// An error of the source is the last item; an interrupted read is tried again.
///
/// ```
/// use retrip_core::logger::{EventType, JsonLogReader, LogItem, Logger, MemorySink};
///
/// let sink = MemorySink::new();
/// let logger = Logger::named("llm").to(sink.clone());
/// logger.event(EventType::McpToolInvoked).message("asking").log();
/// logger.event(EventType::McpToolFailed).message("no answer").log();
/// let mut file = sink.bytes();
/// // The second line is torn by a crash.
/// file.truncate(file.len() - 5);
///
/// let items: Vec<LogItem> = JsonLogReader::new(&file[..]).collect::<Result<_, _>>()?;
/// assert!(matches!(&items[0], LogItem::Record(record) if record.message() == Some("asking")));
/// assert!(matches!(&items[1], LogItem::TornTail(tail) if tail.line == 2));
/// assert_eq!(items.len(), 2);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct JsonLogReader<R> {
    source: R,
    chunk: Box<[u8]>,
    scanner: LogScanner,
    source_is: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Open,
    /// Read to its end, or failed.
    Done,
}

impl<R: Read> JsonLogReader<R> {
    /// Reads `source` from where it is, which is taken for the beginning of a file. It needs no buffer of its own.
    pub fn new(source: R) -> Self {
        let chunk = vec![0; CHUNK].into_boxed_slice();
        Self { source, chunk, scanner: LogScanner::new(), source_is: Source::Open }
    }

    /// See [`LogScanner::expecting`].
    #[must_use]
    pub fn expecting(self, seq: u64) -> Self {
        Self { scanner: self.scanner.expecting(seq), ..self }
    }
}

impl<R: Read> Iterator for JsonLogReader<R> {
    type Item = io::Result<LogItem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.scanner.take() {
                return Some(Ok(item));
            }
            if self.source_is == Source::Done {
                return None;
            }
            match self.source.read(&mut self.chunk) {
                Ok(0) => {
                    self.source_is = Source::Done;
                    self.scanner.end();
                }
                Ok(count) => self.scanner.push(&self.chunk[..count.min(CHUNK)]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.source_is = Source::Done;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl<R: Read> std::iter::FusedIterator for JsonLogReader<R> {}
