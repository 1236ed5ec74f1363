//! The desk: one sink, its health, and what it is owed. Whoever has it writes.

use super::health::Health;
use super::line::Line;
use super::line_writer::{LineWriter, Written};
use super::loss::Loss;
use super::sink::{Sink, SinkTroubles};
use super::{DropCause, EventType, Level, plants};
use crate::door::{Platform, Rules, Sound, Timestamp};
use std::io;
use std::sync::Arc;

/// Where numbered lines are written, one after the other.
pub(super) struct Desk {
    writer: LineWriter,
    health: Health,
    /// What is lost and not announced yet.
    loss: Option<Loss>,
    announced: u64,
    announcement: Line,
    /// Who announces, as JSON.
    name: Arc<[u8]>,
}

impl Desk {
    /// `name` is who announces, as JSON.
    pub(super) fn new(name: Arc<[u8]>, sink: Box<dyn Sink>) -> Self {
        Self {
            writer: LineWriter::new(sink),
            health: Health::default(),
            loss: None,
            announced: 0,
            announcement: Line::default(),
            name,
        }
    }

    pub(super) fn health(&self) -> Health {
        self.health
    }

    /// How many announcements were written.
    pub(super) fn announced(&self) -> u64 {
        self.announced
    }

    /// `count` events with the numbers up to `last` are lost. They come after everything that was written or lost before.
    pub(super) fn owe(&mut self, last: u64, count: u64, cause: DropCause, at: Timestamp) {
        self.owe_all(Loss::of(last, count, cause, at));
    }

    /// All of these are lost.
    pub(super) fn owe_all(&mut self, lost: Loss) {
        match &mut self.loss {
            Some(loss) => loss.join(lost),
            None => self.loss = Some(lost),
        }
    }

    /// Announces what is owed, and then writes the line.
    #[inline(always)]
    pub(super) fn write(
        &mut self,
        line: &[u8],
        (level, at): (Level, Timestamp),
        platform: &impl Platform,
    ) -> Result<(), io::ErrorKind> {
        let late = platform.broken_by(plants::LOSS_IS_ANNOUNCED_LATE);
        let paid = if late { Ok(()) } else { self.pay_debts(at, platform) };
        match paid.and_then(|()| self.writer.write(line, (level, at), platform)) {
            Ok(written) => {
                match written {
                    Written::Whole => self.health.recovers(),
                    Written::ButItsNewline(kind) => self.health.fails(kind, platform.now()),
                }
                if late {
                    // Where that fails it is owed as before.
                    let _ = self.pay_debts(at, platform);
                }
                Ok(())
            }
            Err(kind) => {
                self.health.fails(kind, platform.now());
                Err(kind)
            }
        }
    }

    /// Announces what is owed and flushes the sink, whether or not that is worth a try: whoever asks wants to know.
    pub(super) fn flush(&mut self, at: Timestamp, platform: &impl Platform) -> io::Result<()> {
        let paid = self.pay_debts(at, platform);
        let result = match paid {
            Ok(()) => self.writer.flush(),
            Err(kind) => Err(kind.into()),
        };
        // A sink that takes lines and cannot be flushed is no reason to lose the next ones.
        let failed = match (&result, paid) {
            (Err(error), _) if platform.broken_by(plants::FAILED_FLUSH_STOPS_THE_LOG) => {
                Some(error.kind())
            }
            (_, paid) => paid.err(),
        };
        match failed {
            None => self.health.recovers(),
            Some(kind) => self.health.fails(kind, platform.now()),
        }
        result
    }

    pub(super) fn troubles(&mut self) -> SinkTroubles {
        self.writer.troubles()
    }

    /// Announces what was lost, under the last number of it.
    fn pay_debts(&mut self, at: Timestamp, rules: &impl Rules) -> Result<(), io::ErrorKind> {
        let Some(loss) = &self.loss else { return Ok(()) };
        if rules.broken_by(plants::LOSS_IS_FORGOTTEN) {
            self.loss = None;
            return Ok(());
        }
        let mut line = std::mem::take(&mut self.announcement);
        loss.announce(&mut line, (&self.name, at), rules);
        let result =
            self.writer.write(line.bytes(), (EventType::LogDropped.default_level(), at), rules);
        self.announcement = line;
        let written = result?;
        self.announced += 1;
        if self.announced > 1 || !rules.broken_by(plants::LOSS_IS_ANNOUNCED_TWICE) {
            self.loss = None;
        }
        match written {
            Written::Whole => Ok(()),
            // It is announced, and whatever comes next need not be tried.
            Written::ButItsNewline(kind) => Err(kind),
        }
    }
}

impl Drop for Desk {
    /// Announces what is owed, if the sink will have it: there is no next line before which that could be. It says when the last one was lost,
    /// because nobody reads a clock for it.
    fn drop(&mut self) {
        if let Some(at) = self.loss.as_ref().map(Loss::last_time) {
            // Nobody is there any more who could be told.
            let _ = self.pay_debts(at, &Sound);
        }
    }
}
