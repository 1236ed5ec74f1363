//! The desks of an outlet: the one of its main sink, and of those that get the same lines.

use super::desk::Desk;
use super::loss::Loss;
use super::sink::{Sink, SinkTroubles};
use super::{DropCause, Level, SinkStats, plants};
use crate::door::{Platform, Rules, Timestamp};
use std::io;
use std::sync::Arc;

/// One main desk, whose lines wait or are lost as the way to it says, and further ones, for which no line waits: what they do not take is lost
/// there, and announced there.
pub(super) struct Desks {
    pub(super) main: Desk,
    further: Vec<Further>,
    stats: Vec<SinkStats>,
    /// The number of the last line that came to the further desks. What is lost with a lower one is lost for the main desk alone.
    known: u64,
}

struct Further {
    desk: Desk,
    least: Level,
}

impl Desks {
    /// `name` is who announces, as JSON.
    pub(super) fn new(
        name: &Arc<[u8]>,
        main: Box<dyn Sink>,
        further: Vec<(Level, Box<dyn Sink>)>,
    ) -> Self {
        let desk = |sink| Desk::new(name.clone(), sink);
        let stats = further.iter().map(|_| SinkStats::default()).collect();
        let further =
            further.into_iter().map(|(least, sink)| Further { desk: desk(sink), least }).collect();
        Self { main: desk(main), further, stats, known: 0 }
    }

    /// What became of the lines at each of the further desks.
    pub(super) fn stats(&self) -> &[SinkStats] {
        &self.stats
    }

    /// Whether there are further desks that do not know the line with this number.
    fn lack(&self, seq: u64) -> bool {
        seq > self.known && !self.further.is_empty()
    }

    /// Writes the line with the number `seq` at each of the further desks, unless they know it.
    pub(super) fn write_further<P: Platform>(
        &mut self,
        line: &[u8],
        seq: u64,
        (level, at): (Level, Timestamp),
        platform: &P,
    ) {
        if !self.lack(seq) {
            if platform.broken_by(plants::TRIES_COUNT_AT_FURTHER_SINKS) {
                self.stats.iter_mut().for_each(|stats| stats.written += 1);
            }
            return;
        }
        self.known = seq;
        for (Further { desk, least }, stats) in self.further.iter_mut().zip(&mut self.stats) {
            if level < *least {
                stats.filtered += 1;
                continue;
            }
            let tried = match desk.health().refuses(|| platform.now(), platform) {
                Some(kind) => Err(kind),
                None => desk.write(line, (level, at), platform),
            };
            match tried {
                Ok(()) => stats.written += 1,
                Err(kind) => {
                    let cause = DropCause::SinkError(kind);
                    *stats.dropped.entry(cause).or_default() += 1;
                    desk.owe(seq, 1, cause, at);
                }
            }
            stats.announced = desk.announced();
        }
    }

    /// `count` events with the numbers up to `last` are lost, at each desk that does not know them.
    pub(super) fn owe(
        &mut self,
        last: u64,
        count: u64,
        (cause, at): (DropCause, Timestamp),
        rules: &impl Rules,
    ) {
        self.main.owe(last, count, cause, at);
        if self.lack(last) {
            self.owe_further(&Loss::of(last, count, cause, at), rules);
        }
    }

    /// All of these are lost.
    pub(super) fn owe_all(&mut self, lost: Loss, rules: &impl Rules) {
        if self.lack(lost.last()) {
            self.owe_further(&lost, rules);
        }
        self.main.owe_all(lost);
    }

    /// Announces what is owed and flushes every sink.
    ///
    /// # Errors
    /// The first one of what went wrong.
    pub(super) fn flush(&mut self, at: Timestamp, platform: &impl Platform) -> io::Result<()> {
        let mut result = self.main.flush(at, platform);
        for (Further { desk, .. }, stats) in self.further.iter_mut().zip(&mut self.stats) {
            result = result.and(desk.flush(at, platform));
            stats.announced = desk.announced();
        }
        result
    }

    pub(super) fn troubles(&mut self) -> SinkTroubles {
        let further = self.further.iter_mut().map(|further| further.desk.troubles());
        further.fold(self.main.troubles(), |all, one| SinkTroubles {
            failed_rotations: all.failed_rotations + one.failed_rotations,
            failed_syncs: all.failed_syncs + one.failed_syncs,
        })
    }

    fn owe_further(&mut self, lost: &Loss, rules: &impl Rules) {
        let forgets = rules.broken_by(plants::FURTHER_SINKS_ARE_OWED_NOTHING);
        for (Further { desk, .. }, stats) in self.further.iter_mut().zip(&mut self.stats) {
            for (cause, count) in lost.causes() {
                *stats.dropped.entry(cause).or_default() += count;
            }
            if !forgets {
                desk.owe_all(lost.clone());
            }
        }
    }
}
