//! Writes whole lines to one sink, which may take a part, fail or panic: the next line always begins on a line of its own.

use super::Level;
use super::plants;
use super::sink::{NextLine, Sink, SinkTroubles};
use crate::door::{Rules, Timestamp};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

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

    /// Hands on what the sink holds back.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.guarded(Sink::flush)?
    }

    /// What has gone wrong with the sink; nothing where asking goes wrong.
    pub(super) fn troubles(&mut self) -> SinkTroubles {
        self.guarded(|sink| sink.troubles()).unwrap_or_default()
    }

    /// Calls the sink, whose panics end here. Nobody knows what one that panicked has taken.
    #[inline(always)]
    fn guarded<R>(&mut self, call: impl FnOnce(&mut dyn Sink) -> R) -> Result<R, io::ErrorKind> {
        catch_unwind(AssertUnwindSafe(|| call(&mut *self.sink))).map_err(|payload| {
            std::mem::forget(payload);
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
            match self.guarded(|sink| sink.write(rest)) {
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
                Ok(Err(error))
                    if error.kind() == io::ErrorKind::Interrupted && interruptions < most =>
                {
                    interruptions += 1;
                }
                Ok(Err(error)) => return Err((written, error.kind())),
                Err(kind) => return Err((written, kind)),
            }
        }
        Ok(())
    }
}
