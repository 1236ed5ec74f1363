//! The fallback: a second sink for what is lost and matters.

use super::line_writer::LineWriter;
use super::sink::Sink;
use super::{Level, plants};
use crate::door::{Atomic, AtomicInteger, Mutex, Platform, Rules, Timestamp};
use std::io;
use std::sync::atomic::Ordering::Relaxed;

/// Takes lines at ERROR and above that the sink will not have. Its lock is taken while no other of the logger is held.
pub(super) struct Fallback<P: Platform> {
    writer: Option<P::Mutex<LineWriter>>,
    rescued: P::AtomicU64,
}

impl<P: Platform> Fallback<P> {
    pub(super) fn new(platform: &P, sink: Option<Box<dyn Sink>>) -> Self {
        let writer = sink.map(|sink| platform.mutex(LineWriter::new(sink)));
        Self { writer, rescued: platform.atomic_u64(0) }
    }

    /// Whether lines of this level are taken.
    pub(super) fn takes(&self, level: Level) -> bool {
        level >= Level::Error && self.writer.is_some()
    }

    /// Takes a line that is lost, or may be, if it matters enough: whether it has taken it whole.
    pub(super) fn rescue(
        &self,
        line: &[u8],
        (level, at): (Level, Timestamp),
        platform: &P,
    ) -> bool {
        let Some(writer) = self.writer.as_ref().filter(|_| self.takes(level)) else { return false };
        if platform.broken_by(plants::FALLBACK_IS_NOT_ASKED) {
            return false;
        }
        let is_taken = writer.lock().write(line, (level, at), platform).is_ok();
        let counts = is_taken || platform.broken_by(plants::REFUSED_COUNTS_AS_RESCUED);
        self.rescued.fetch_add(u64::from(counts), Relaxed);
        is_taken
    }

    /// Hands on what its sink holds back.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.writer.as_ref().map_or(Ok(()), |writer| writer.lock().flush())
    }

    /// How many lines it has taken whole.
    pub(super) fn rescued(&self) -> u64 {
        self.rescued.load(Relaxed)
    }
}
