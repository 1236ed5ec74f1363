//! The direct way to the sinks: one lock, under which a line gets its number and is written by whoever logs it.

use super::books::Books;
use super::desks::Desks;
use super::line::Line;
use super::tally::Tally;
use super::{DropCause, FlushError, Level, Stats, plants};
use crate::door::{Mutex, Platform, Rules, Timestamp};

/// Desks at which everybody writes in turn.
pub(super) struct Direct<P: Platform> {
    state: P::Mutex<State>,
}

struct State {
    desks: Desks,
    tally: Tally,
    stage: Stage,
}

/// Whether events are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Open,
    Closed,
}

impl<P: Platform> Direct<P> {
    pub(super) fn new(platform: &P, desks: Desks) -> Self {
        let state = State { desks, tally: Tally::default(), stage: Stage::Open };
        Self { state: platform.mutex(state) }
    }

    /// Keeps everybody from the sink, for a planted bug.
    pub(super) fn hold(&self) -> impl Sized {
        self.state.lock()
    }

    /// Numbers the line and writes it, where the sink is worth a try.
    #[inline(always)]
    pub(super) fn deliver(
        &self,
        books: &Books<P>,
        platform: &P,
        line: &mut Line,
        (level, at): (Level, Timestamp),
    ) -> Result<u64, DropCause> {
        let taken = (P::PLANTS && platform.planted(plants::SEQ_OUTSIDE_LOCK)).then(|| {
            let mut state = self.state.lock();
            state.tally.take_seqs(1)
        });
        let mut state = self.state.lock();
        state.settle(books, at, platform);
        state.tally.accepted += 1;
        let refused = state.desks.main.health().refuses(|| platform.now(), platform);
        let seq = match taken {
            Some(seq) => seq,
            None if refused.is_some()
                && platform.broken_by(plants::LOST_WHILE_FAILING_HAS_NO_NUMBER) =>
            {
                state.tally.seq()
            }
            None => state.tally.take_seqs(1),
        };
        line.number(seq);
        if state.stage == Stage::Closed {
            // There is nobody left to whom that could be announced.
            state.tally.drop(1, DropCause::Closed);
            return Err(DropCause::Closed);
        }
        state.desks.write_further(line.bytes(), seq, (level, at), platform);
        let tried = match refused {
            Some(kind) => Err(kind),
            None => state.desks.main.write(line.bytes(), (level, at), platform),
        };
        let Err(kind) = tried else {
            state.tally.written += 1;
            return Ok(seq);
        };
        let cause = DropCause::SinkError(kind);
        if refused.is_none() || !platform.broken_by(plants::LOST_WHILE_FAILING_IS_NOT_COUNTED) {
            state.tally.drop(1, cause);
        }
        state.desks.main.owe(seq, 1, cause, at);
        Err(cause)
    }

    /// Announces what was lost and flushes the sinks.
    pub(super) fn flush(&self, books: &Books<P>, platform: &P) -> Result<(), FlushError> {
        let at = platform.wall();
        let mut state = self.state.lock();
        if state.stage == Stage::Closed {
            return Err(FlushError::Closed);
        }
        state.settle(books, at, platform);
        Ok(state.desks.flush(at, platform)?)
    }

    /// Flushes, and takes nothing any more.
    pub(super) fn shut_down(&self, books: &Books<P>, platform: &P) -> Result<(), FlushError> {
        let at = platform.wall();
        let mut state = self.state.lock();
        if state.stage == Stage::Closed {
            return Err(FlushError::Closed);
        }
        state.settle(books, at, platform);
        state.stage = Stage::Closed;
        Ok(state.desks.flush(at, platform)?)
    }

    pub(super) fn stats(&self, books: &Books<P>, platform: &P) -> Stats {
        let at = platform.wall();
        let mut state = self.state.lock();
        state.settle(books, at, platform);
        let troubles = state.desks.troubles();
        state.tally.stats(state.desks.main.announced(), troubles, state.desks.stats())
    }
}

impl State {
    /// Gives the re-entrant events since the last time their numbers, and counts them as lost.
    fn settle<P: Platform>(&mut self, books: &Books<P>, at: Timestamp, platform: &P) {
        let count = books.take_reentrant();
        if count == 0 {
            return;
        }
        self.tally.accepted += count;
        let last = self.tally.take_seqs(count);
        self.tally.drop(count, DropCause::Reentrant);
        if self.stage == Stage::Open {
            self.desks.owe(last, count, (DropCause::Reentrant, at), platform);
        }
    }
}
