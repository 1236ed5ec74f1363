//! The outlet: the one lock under which lines get their numbers and go to the sink, and what is owed when that fails.

use super::context::SharedContext;
use super::health::Health;
use super::line::Line;
use super::line_writer::{LineWriter, Written};
use super::loss::Loss;
use super::sink::{Sink, SinkTroubles};
use super::unit::{self, Scratch};
use super::{DropCause, DropReason, EventType, Level, LogContext, Stats, plants};
use crate::door::{Atomic, AtomicInteger, Mutex, Platform, Rules, Timestamp};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Why a flush did not reach the end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FlushError {
    /// The caller is the sink itself, or a `Display` that the logger runs.
    #[error("the logger cannot be flushed by what it is running: flush after the event")]
    Reentrant,
    /// The sink failed, or an announcement of lost events could not be written.
    #[error("the sink cannot be flushed: {0}")]
    Sink(#[from] io::Error),
}

/// What all loggers of one sink share.
pub(super) struct Outlet<P: Platform> {
    offered: P::AtomicU64,
    filtered: P::AtomicU64,
    panicked_values: P::AtomicU64,
    /// Re-entrant events that have no number yet: the lock may be held by the very unit that logs them.
    reentrant: P::AtomicU64,
    state: P::Mutex<State>,
    /// Only where the plant is switched on.
    pub(super) shared_context: Option<Arc<SharedContext<P>>>,
}

struct State {
    writer: LineWriter,
    health: Health,
    /// Takes what is too important to be lost while the sink fails.
    fallback: Option<LineWriter>,
    /// The last number taken.
    seq: u64,
    accepted: u64,
    written: u64,
    /// Of those that are lost, how many the fallback has taken.
    rescued: u64,
    announced: u64,
    dropped: BTreeMap<DropCause, u64>,
    loss: Option<Loss>,
    announcement: Line,
    /// Who announces, as JSON.
    name: Arc<[u8]>,
}

impl<P: Platform> Outlet<P> {
    pub(super) fn new(
        platform: &P,
        name: Arc<[u8]>,
        sink: Box<dyn Sink>,
        fallback: Option<Box<dyn Sink>>,
    ) -> Self {
        let shared = P::PLANTS && platform.planted(plants::CONTEXT_SHARED_BETWEEN_UNITS);
        Self {
            offered: platform.atomic_u64(0),
            filtered: platform.atomic_u64(0),
            panicked_values: platform.atomic_u64(0),
            reentrant: platform.atomic_u64(0),
            shared_context: shared.then(|| Arc::new(platform.mutex(LogContext::new()))),
            state: platform.mutex(State {
                writer: LineWriter::new(sink),
                health: Health::default(),
                fallback: fallback.map(LineWriter::new),
                seq: 0,
                accepted: 0,
                written: 0,
                rescued: 0,
                announced: 0,
                dropped: BTreeMap::new(),
                loss: None,
                announcement: Line::default(),
                name,
            }),
        }
    }

    pub(super) fn offer(&self) {
        self.offered.fetch_add(1, Relaxed);
    }

    pub(super) fn filter(&self) -> DropReason {
        self.filtered.fetch_add(1, Relaxed);
        DropReason::Filtered
    }

    pub(super) fn refuse_reentrant(&self) -> DropReason {
        self.reentrant.fetch_add(1, Relaxed);
        DropReason::Dropped(DropCause::Reentrant)
    }

    pub(super) fn count_panics(&self, panics: u64) {
        if panics > 0 {
            self.panicked_values.fetch_add(panics, Relaxed);
        }
    }

    /// Numbers the line and writes it, where the sink is worth a try. The caller has marked its unit as busy.
    pub(super) fn deliver(
        &self,
        platform: &P,
        line: &mut Line,
        (level, at): (Level, Timestamp),
    ) -> Result<u64, DropReason> {
        let taken = (P::PLANTS && platform.planted(plants::SEQ_OUTSIDE_LOCK)).then(|| {
            let mut state = self.state.lock();
            state.take_seq()
        });
        let mut state = self.state.lock();
        self.settle(&mut state, at);
        state.accepted += 1;
        let refused = state.health.refuses(|| platform.now(), platform);
        // What is owed is announced, and numbered, before the line.
        let late = platform.broken_by(plants::LOSS_IS_ANNOUNCED_LATE);
        let tried = match refused {
            Some(kind) => Err(kind),
            None if late => Ok(()),
            None => state.pay_debts(at, platform),
        };
        let seq = match taken {
            Some(seq) => seq,
            None if refused.is_some()
                && platform.broken_by(plants::LOST_WHILE_FAILING_HAS_NO_NUMBER) =>
            {
                state.seq
            }
            None => state.take_seq(),
        };
        line.number(seq);
        match tried.and_then(|()| state.writer.write(line.bytes(), (level, at), platform)) {
            Ok(written) => {
                match written {
                    Written::Whole => state.health.recovers(),
                    Written::ButItsNewline(kind) => state.health.fails(kind, platform.now()),
                }
                state.written += 1;
                if late {
                    // Where that fails it is owed as before.
                    let _ = state.pay_debts(at, platform);
                }
                Ok(seq)
            }
            Err(kind) => {
                if refused.is_none() {
                    state.health.fails(kind, platform.now());
                }
                let cause = DropCause::SinkError(kind);
                if refused.is_some()
                    && platform.broken_by(plants::LOST_WHILE_FAILING_IS_NOT_COUNTED)
                {
                    state.owe(seq, 1, cause, at);
                } else {
                    state.lose(seq, 1, cause, at);
                }
                if level >= Level::Error {
                    state.rescue(line.bytes(), (level, at), platform);
                }
                Err(DropReason::Dropped(cause))
            }
        }
    }

    /// Announces what was lost and flushes the sink.
    pub(super) fn flush(&self, platform: &P) -> Result<(), FlushError> {
        let Busy::Entered(_, scratch) = enter(platform, None) else {
            return Err(FlushError::Reentrant);
        };
        let at = platform.wall();
        let result = {
            let mut state = self.state.lock();
            self.settle(&mut state, at);
            // Whoever asks for it wants to know how the sink is, whether or not it is worth a try.
            let paid = state.pay_debts(at, platform);
            let result = match paid {
                Ok(()) => state.writer.flush(),
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
                None => state.health.recovers(),
                Some(kind) => state.health.fails(kind, platform.now()),
            }
            result
        };
        leave(platform, scratch);
        Ok(result?)
    }

    pub(super) fn stats(&self, platform: &P) -> Stats {
        let at = platform.wall();
        let mut state = self.state.lock();
        self.settle(&mut state, at);
        let SinkTroubles { failed_rotations, failed_syncs } = state.writer.troubles();
        Stats {
            offered: self.offered.load(Relaxed),
            filtered: self.filtered.load(Relaxed),
            rate_limited: 0,
            accepted: state.accepted,
            written: state.written,
            dropped: state.dropped.clone(),
            buffered: 0,
            rescued: state.rescued,
            announced: state.announced,
            failed_rotations,
            failed_syncs,
            panicked_values: self.panicked_values.load(Relaxed),
        }
    }

    /// Gives the re-entrant events since the last time their numbers, and counts them as lost.
    fn settle(&self, state: &mut State, at: Timestamp) {
        if self.reentrant.load(Relaxed) == 0 {
            return;
        }
        let count = self.reentrant.swap(0, Relaxed);
        if count > 0 {
            state.seq += count;
            state.accepted += count;
            let last = state.seq;
            state.lose(last, count, DropCause::Reentrant, at);
        }
    }
}

impl State {
    fn take_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    /// `count` events with the numbers up to `last` are lost: they are counted, and an announcement of them is owed.
    fn lose(&mut self, last: u64, count: u64, cause: DropCause, at: Timestamp) {
        *self.dropped.entry(cause).or_default() += count;
        self.owe(last, count, cause, at);
    }

    fn owe(&mut self, last: u64, count: u64, cause: DropCause, at: Timestamp) {
        match &mut self.loss {
            Some(loss) => loss.add(last, count, cause, at),
            None => self.loss = Some(Loss::of(last, count, cause, at)),
        }
    }

    /// Announces what was lost. The announcement takes a number only if it is written.
    fn pay_debts(&mut self, at: Timestamp, rules: &impl Rules) -> Result<(), io::ErrorKind> {
        let Some(loss) = &self.loss else { return Ok(()) };
        if rules.broken_by(plants::LOSS_IS_FORGOTTEN) {
            self.loss = None;
            return Ok(());
        }
        let mut line = std::mem::take(&mut self.announcement);
        loss.announce(&mut line, &self.name, at);
        line.number(self.seq + 1);
        let result =
            self.writer.write(line.bytes(), (EventType::LogDropped.default_level(), at), rules);
        self.announcement = line;
        let written = result?;
        self.seq += 1;
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

    /// Gives a line that is lost to the fallback, if there is one.
    fn rescue(&mut self, line: &[u8], of: (Level, Timestamp), rules: &impl Rules) {
        if rules.broken_by(plants::FALLBACK_IS_NOT_ASKED) {
            return;
        }
        let taken = self.fallback.as_mut().map(|fallback| fallback.write(line, of, rules));
        self.rescued += u64::from(matches!(taken, Some(Ok(_))));
    }
}

/// Whether the calling unit may run the logger.
pub(super) enum Busy {
    /// It may; it is marked, and must [`leave`].
    Entered(LogContext, Box<Scratch>),
    /// It runs it already.
    Already,
}

/// Marks the calling unit as busy with the logger, and fetches what an event needs.
pub(super) fn enter<P: Platform>(platform: &P, scratch: Option<Box<Scratch>>) -> Busy {
    unit::with(platform, |unit| {
        if unit.busy > 0 {
            if let Some(scratch) = scratch {
                unit.give_back(scratch);
            }
            return Busy::Already;
        }
        unit.busy += 1;
        Busy::Entered(unit.own.context.clone(), scratch.unwrap_or_else(|| unit.scratch()))
    })
}

/// Takes the mark off again.
pub(super) fn leave<P: Platform>(platform: &P, scratch: Box<Scratch>) {
    unit::with(platform, |unit| {
        unit.busy = unit.busy.saturating_sub(1);
        unit.give_back(scratch);
    });
}
