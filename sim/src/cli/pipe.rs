//! Output that somebody may stop reading: what is written then goes nowhere, and the command goes on to its verdict.

use std::io::{self, ErrorKind, Write};

/// Writes to `out` until its reader has seen enough and closes it. From then on writing changes nothing and never fails,
/// so that the exit code says what was found, however little of it was read. Every other error stays one.
pub(super) struct Pipe<W> {
    out: W,
    reader: Reader,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Reads,
    Gone,
}

impl<W: Write> Pipe<W> {
    /// The output `out`, which somebody reads as far as is known.
    pub(super) fn of(out: W) -> Self {
        Self { out, reader: Reader::Reads }
    }

    /// Whether nobody reads it any more. Known only once something was written in vain.
    pub(super) fn is_closed(&self) -> bool {
        self.reader == Reader::Gone
    }

    /// What `act` gives on the output, or `otherwise` once nobody reads it.
    fn unless_closed<T>(
        &mut self,
        otherwise: T,
        act: impl FnOnce(&mut W) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.reader == Reader::Gone {
            return Ok(otherwise);
        }
        match act(&mut self.out) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.reader = Reader::Gone;
                Ok(otherwise)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), W::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes one write, and then fails in this way.
    struct Once(Vec<u8>, ErrorKind);

    impl Write for Once {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if !self.0.is_empty() {
                return Err(self.1.into());
            }
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.1.into())
        }
    }

    #[test]
    fn what_nobody_reads_goes_nowhere() {
        let mut pipe = Pipe::of(Once(Vec::new(), ErrorKind::BrokenPipe));
        for line in ["first", "second", "third"] {
            assert!(pipe.write_all(line.as_bytes()).is_ok(), "{line}");
        }
        assert!(pipe.flush().is_ok());
        assert!(pipe.is_closed());
        assert_eq!(pipe.out.0, b"first");
    }

    #[test]
    fn a_full_disk_stays_an_error() {
        let mut pipe = Pipe::of(Once(Vec::new(), ErrorKind::StorageFull));
        pipe.write_all(b"first").expect("there is room for one");
        assert!(!pipe.is_closed());
        let failed = pipe.write_all(b"second").map_err(|error| error.kind());
        assert_eq!(failed, Err(ErrorKind::StorageFull));
        assert_eq!(pipe.flush().map_err(|error| error.kind()), Err(ErrorKind::StorageFull));
    }
}
