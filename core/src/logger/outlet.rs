//! The outlet: the one lock under which lines get their numbers and go to the sink, and what is owed when that fails.

use super::context::SharedContext;
use super::line::Line;
use super::loss::Loss;
use super::sink::Sink;
use super::unit::{self, Scratch};
use super::{DropCause, DropReason, LogContext, Stats, plants};
use crate::door::{Atomic, AtomicInteger, Mutex, Platform, Timestamp};
use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// How often in a row a write may be interrupted before that counts as a failure.
const INTERRUPTIONS: u32 = 16;

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
    sink: Box<dyn Sink>,
    tail: Tail,
    /// The last number taken.
    seq: u64,
    accepted: u64,
    written: u64,
    announced: u64,
    dropped: BTreeMap<DropCause, u64>,
    loss: Option<Loss>,
    announcement: Line,
    /// Who announces, as JSON.
    name: Arc<[u8]>,
}

/// How the sink's content ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    Newline,
    /// Within a line: a separator comes before anything else.
    Torn,
}

impl<P: Platform> Outlet<P> {
    pub(super) fn new(platform: &P, name: Arc<[u8]>, sink: Box<dyn Sink>) -> Self {
        let shared = P::PLANTS && platform.planted(plants::CONTEXT_SHARED_BETWEEN_UNITS);
        Self {
            offered: platform.atomic_u64(0),
            filtered: platform.atomic_u64(0),
            panicked_values: platform.atomic_u64(0),
            reentrant: platform.atomic_u64(0),
            shared_context: shared.then(|| Arc::new(platform.mutex(LogContext::new()))),
            state: platform.mutex(State {
                sink,
                tail: Tail::Newline,
                seq: 0,
                accepted: 0,
                written: 0,
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

    /// Numbers the line and writes it. The caller has marked its unit as busy.
    pub(super) fn deliver(
        &self,
        platform: &P,
        line: &mut Line,
        at: Timestamp,
    ) -> Result<u64, DropReason> {
        let taken = (P::PLANTS && platform.planted(plants::SEQ_OUTSIDE_LOCK)).then(|| {
            let mut state = self.state.lock();
            state.take_seq()
        });
        let mut state = self.state.lock();
        self.settle(&mut state, at);
        state.accepted += 1;
        let owed = state.pay_debts(at);
        let seq = match taken {
            Some(seq) => seq,
            None => state.take_seq(),
        };
        line.number(seq);
        match owed.and_then(|()| state.write(line.bytes())) {
            Ok(()) => {
                state.written += 1;
                Ok(seq)
            }
            Err(kind) => {
                let cause = DropCause::SinkError(kind);
                state.lose(seq, 1, cause, at);
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
            state.pay_debts(at).map_err(io::Error::from).and_then(|()| state.flush())
        };
        leave(platform, scratch);
        Ok(result?)
    }

    pub(super) fn stats(&self, platform: &P) -> Stats {
        let at = platform.wall();
        let mut state = self.state.lock();
        self.settle(&mut state, at);
        Stats {
            offered: self.offered.load(Relaxed),
            filtered: self.filtered.load(Relaxed),
            rate_limited: 0,
            accepted: state.accepted,
            written: state.written,
            dropped: state.dropped.clone(),
            buffered: 0,
            announced: state.announced,
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

    fn lose(&mut self, last: u64, count: u64, cause: DropCause, at: Timestamp) {
        *self.dropped.entry(cause).or_default() += count;
        match &mut self.loss {
            Some(loss) => loss.add(last, count, cause, at),
            None => self.loss = Some(Loss::of(last, count, cause, at)),
        }
    }

    /// Announces what was lost. The announcement takes a number only if it is written.
    fn pay_debts(&mut self, at: Timestamp) -> Result<(), io::ErrorKind> {
        let Some(loss) = &self.loss else { return Ok(()) };
        let mut line = std::mem::take(&mut self.announcement);
        loss.announce(&mut line, &self.name, at);
        line.number(self.seq + 1);
        let result = self.write(line.bytes());
        self.announcement = line;
        result?;
        self.seq += 1;
        self.announced += 1;
        self.loss = None;
        Ok(())
    }

    /// Writes a whole line, after a separator where the last one is torn. A line that lacks only its newline is whole.
    fn write(&mut self, line: &[u8]) -> Result<(), io::ErrorKind> {
        if self.tail == Tail::Torn {
            self.push(b"\n").map_err(|(_, kind)| kind)?;
            self.tail = Tail::Newline;
        }
        let Err((written, kind)) = self.push(line) else { return Ok(()) };
        if written > 0 {
            self.tail = Tail::Torn;
        }
        if written + 1 == line.len() { Ok(()) } else { Err(kind) }
    }

    /// Writes all of `bytes`, or tells how many the sink took before it failed.
    fn push(&mut self, bytes: &[u8]) -> Result<(), (usize, io::ErrorKind)> {
        let mut written = 0;
        let mut interruptions = 0;
        while written < bytes.len() {
            let rest = &bytes[written..];
            match catch_unwind(AssertUnwindSafe(|| self.sink.write(rest))) {
                Ok(Ok(0)) => return Err((written, io::ErrorKind::WriteZero)),
                Ok(Ok(count)) => written += count.min(rest.len()),
                Ok(Err(error))
                    if error.kind() == io::ErrorKind::Interrupted
                        && interruptions < INTERRUPTIONS =>
                {
                    interruptions += 1;
                }
                Ok(Err(error)) => return Err((written, error.kind())),
                Err(payload) => {
                    std::mem::forget(payload);
                    // Nobody knows what a sink that panicked has taken.
                    self.tail = Tail::Torn;
                    return Err((written, io::ErrorKind::Other));
                }
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        catch_unwind(AssertUnwindSafe(|| self.sink.flush())).unwrap_or_else(|payload| {
            std::mem::forget(payload);
            self.tail = Tail::Torn;
            Err(io::ErrorKind::Other.into())
        })
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
