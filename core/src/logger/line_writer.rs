//! Writes whole lines to one sink, which may take a part, fail or panic: the next line always begins on a line of its own.

use super::Level;
use super::foreign;
use super::plants;
use super::sink::{NextLine, Sink, SinkTroubles};
use crate::door::{Rules, Timestamp};
use std::io;

/// How often in a row a write may be interrupted before that counts as a failure.
const INTERRUPTIONS: u32 = 16;

/// A sink, and how what it has taken ends.
pub(super) struct LineWriter {
    sink: Box<dyn Sink>,
    tail: Tail,
}

/// How much of a line that is written is with the sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Whole,
    /// The sink has failed at its last byte.
    ButItsNewline(io::ErrorKind),
}

/// How the sink's content ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    Newline,
    /// Within a line: a separator comes before anything else.
    Torn,
}

impl LineWriter {
    pub(super) fn new(sink: Box<dyn Sink>) -> Self {
        Self { sink, tail: Tail::Newline }
    }

    /// Writes a whole line, after a separator where the last one is torn. A line that lacks only its newline is whole: it is written, and
    /// the sink has failed.
    #[inline(always)]
    pub(super) fn write(
        &mut self,
        line: &[u8],
        (level, at): (Level, Timestamp),
        rules: &impl Rules,
    ) -> Result<Written, io::ErrorKind> {
        if self.tail == Tail::Torn && !rules.broken_by(plants::TORN_LINE_IS_CONTINUED) {
            self.push(b"\n", rules).map_err(|(_, kind)| kind)?;
            self.tail = Tail::Newline;
        }
        self.guarded(|sink| sink.begin_line(NextLine { length: line.len(), at, level }))?;
        let Err((written, kind)) = self.push(line, rules) else {
            // Whatever becomes of that, the line is there.
            let _ = self.guarded(|sink| sink.end_line(level));
            return Ok(Written::Whole);
        };
        let least = usize::from(rules.broken_by(plants::SINGLE_BYTE_IS_NO_TORN_LINE));
        if written > least {
            self.tail = Tail::Torn;
        }
        let lacks_newline = written + 1 == line.len();
        if lacks_newline && !rules.broken_by(plants::LINE_WITHOUT_ITS_NEWLINE_IS_LOST) {
            return Ok(Written::ButItsNewline(kind));
        }
        Err(kind)
    }

    /// Hands on what the sink holds back. What it says of an error is known here already: nobody runs code of the sink later, under a lock.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.guarded(|sink| sink.flush().map_err(in_words))?
    }

    /// What has gone wrong with the sink; nothing where asking goes wrong.
    pub(super) fn troubles(&mut self) -> SinkTroubles {
        self.guarded(|sink| sink.troubles()).unwrap_or_default()
    }

    /// Calls the sink, whose panics end here. Nobody knows what one that panicked has taken.
    #[inline(always)]
    fn guarded<R>(&mut self, call: impl FnOnce(&mut dyn Sink) -> R) -> Result<R, io::ErrorKind> {
        foreign::run(|| call(&mut *self.sink)).ok_or_else(|| {
            self.tail = Tail::Torn;
            io::ErrorKind::Other
        })
    }

    /// Writes all of `bytes`, or tells how many the sink took before it failed.
    #[inline(always)]
    fn push(&mut self, bytes: &[u8], rules: &impl Rules) -> Result<(), (usize, io::ErrorKind)> {
        let most =
            if rules.broken_by(plants::INTERRUPTION_IS_A_FAILURE) { 0 } else { INTERRUPTIONS };
        let mut written = 0;
        let mut interruptions = 0;
        while written < bytes.len() {
            let rest = &bytes[written..];
            // An error is dropped where its own code may panic.
            match self.guarded(|sink| sink.write(rest).map_err(|error| error.kind())) {
                Ok(Ok(0)) => return Err((written, io::ErrorKind::WriteZero)),
                Ok(Ok(count)) => {
                    written += count.min(rest.len());
                    interruptions = 0;
                    if written < bytes.len()
                        && rules.broken_by(plants::SHORT_WRITE_IS_TAKEN_FOR_WHOLE)
                    {
                        self.tail = Tail::Torn;
                        return Ok(());
                    }
                }
                Ok(Err(io::ErrorKind::Interrupted)) if interruptions < most => {
                    interruptions += 1;
                }
                Ok(Err(kind)) | Err(kind) => return Err((written, kind)),
            }
        }
        Ok(())
    }
}

impl Drop for LineWriter {
    /// The sink is dropped, and a panic of that ends here: nobody who drops the last handle of a logger expects one.
    fn drop(&mut self) {
        let sink = std::mem::replace(&mut self.sink, Box::new(Gone));
        let _ = foreign::run(|| drop(sink));
    }
}

/// In place of a sink that was dropped.
struct Gone;

impl Sink for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::NotConnected.into())
    }
}

/// The error as it says of itself, without code of its own.
fn in_words(error: io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None if error.get_ref().is_none() => error.kind().into(),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}
