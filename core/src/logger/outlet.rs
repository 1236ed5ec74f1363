//! The outlet of a logger and its children: their counts, and the way that lines take to the sink.

use super::books::Books;
use super::context::SharedContext;
use super::desks::Desks;
use super::direct::Direct;
use super::fallback::Fallback;
use super::line::Line;
use super::queue::{Queue, Queued};
use super::rate::{Limiter, RateLimit};
use super::sink::Sink;
use super::unit::{self, Scratch};
use super::{DropReason, Level, LogContext, Stats, plants};
use crate::door::{Platform, Rules, SpawnError, Timestamp};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Why a flush or a shutdown did not reach the end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FlushError {
    /// The caller is the sink itself, or a `Display` that the logger runs.
    #[error("the logger cannot be flushed by what it is running: flush after the event")]
    Reentrant,
    /// The sink failed, or an announcement of lost events could not be written.
    #[error("the sink cannot be flushed: {0}")]
    Sink(#[from] io::Error),
    /// The lines that wait were not written in time. After a flush they wait on, after a shutdown they are dropped, but for one that is
    /// with the sink.
    #[error("the lines that wait were not written within {0:?}")]
    TimedOut(Duration),
    /// The logger is shut down.
    #[error("the logger is shut down")]
    Closed,
}

/// What an outlet is made of.
pub(super) struct Parts {
    pub(super) desks: Desks,
    pub(super) fallback: Option<Box<dyn Sink>>,
    pub(super) limit: Option<RateLimit>,
}

/// What all loggers of one sink share.
pub(super) struct Outlet<P: Platform> {
    books: Books<P>,
    /// Only where there is a rate limit.
    pub(super) limiter: Option<Limiter<P>>,
    /// Only where the plant is switched on.
    pub(super) shared_context: Option<Arc<SharedContext<P>>>,
    fallback: Arc<Fallback<P>>,
    way: Way<P>,
}

/// How a line gets to the sink.
enum Way<P: Platform> {
    /// Whoever logs it writes it.
    Direct(Direct<P>),
    /// It waits for a unit of its own.
    Queued(Queued<P>),
}

impl<P: Platform> Outlet<P> {
    /// Whoever logs writes.
    pub(super) fn direct(platform: &P, parts: Parts) -> Self {
        let Parts { desks, fallback, limit } = parts;
        let fallback = Arc::new(Fallback::new(platform, fallback));
        Self::new(platform, fallback, limit, Way::Direct(Direct::new(platform, desks)))
    }

    /// Lines wait for a unit of their own, which starts now.
    pub(super) fn queued(platform: &P, parts: Parts, queue: Queue) -> Result<Self, SpawnError> {
        let Parts { desks, fallback, limit } = parts;
        let fallback = Arc::new(Fallback::new(platform, fallback));
        let queued = Queued::start(platform, desks, fallback.clone(), queue)?;
        Ok(Self::new(platform, fallback, limit, Way::Queued(queued)))
    }

    fn new(
        platform: &P,
        fallback: Arc<Fallback<P>>,
        limit: Option<RateLimit>,
        way: Way<P>,
    ) -> Self {
        let shared = P::PLANTS && platform.planted(plants::CONTEXT_SHARED_BETWEEN_UNITS);
        Self {
            books: Books::new(platform),
            limiter: limit.map(|limit| Limiter::new(platform, limit)),
            shared_context: shared.then(|| Arc::new(platform.mutex(LogContext::new()))),
            fallback,
            way,
        }
    }

    /// An event is below the threshold.
    #[inline]
    pub(super) fn filter(&self, platform: &P) -> DropReason {
        if !platform.broken_by(plants::FILTERED_IS_NOT_COUNTED) {
            self.books.filter(platform);
        }
        DropReason::Filtered
    }

    /// There are too many events of a kind. Only where there is a limit.
    pub(super) fn hold_back(&self, platform: &P) -> DropReason {
        if let Some(limiter) = &self.limiter {
            limiter.hold_back(platform);
        }
        DropReason::RateLimited
    }

    pub(super) fn refuse_reentrant(&self) -> DropReason {
        self.books.refuse_reentrant()
    }

    pub(super) fn count_panics(&self, panics: u64) {
        self.books.count_panics(panics);
    }

    /// Keeps everybody from the sink, where whoever logs writes; for a planted bug.
    pub(super) fn hold(&self) -> Option<impl Sized> {
        match &self.way {
            Way::Direct(direct) => Some(direct.hold()),
            Way::Queued(_) => None,
        }
    }

    /// Numbers the line and takes it. The caller has marked its unit as busy.
    pub(super) fn deliver(
        &self,
        platform: &P,
        line: &mut Line,
        of: (Level, Timestamp),
    ) -> Result<u64, DropReason> {
        let result = match &self.way {
            Way::Direct(direct) => direct.deliver(&self.books, platform, line, of),
            Way::Queued(queued) => queued.deliver(&self.books, platform, line, of),
        };
        result.map_err(|cause| {
            self.fallback.rescue(line.bytes(), of, platform);
            DropReason::Dropped(cause)
        })
    }

    /// Writes what waits, announces what was lost, and flushes the sinks.
    pub(super) fn flush(&self, platform: &P) -> Result<(), FlushError> {
        self.unless_busy(platform, || match &self.way {
            Way::Direct(direct) => self.and_the_fallback(direct.flush(&self.books, platform)),
            Way::Queued(queued) => queued.flush(&self.books, platform),
        })
    }

    /// Takes nothing any more, and is done with the rest within its patience.
    pub(super) fn shut_down(&self, platform: &P) -> Result<(), FlushError> {
        self.unless_busy(platform, || match &self.way {
            Way::Direct(direct) => self.and_the_fallback(direct.shut_down(&self.books, platform)),
            Way::Queued(queued) => queued.shut_down(&self.books, platform),
        })
    }

    pub(super) fn stats(&self, platform: &P) -> Stats {
        let stats = match &self.way {
            Way::Direct(direct) => direct.stats(&self.books, platform),
            Way::Queued(queued) => queued.stats(&self.books, platform),
        };
        let (rate_limited, notices) = self.limiter.as_ref().map_or((0, 0), Limiter::counts);
        let rescued = self.fallback.rescued();
        let counted = self.books.with(stats);
        // Each event ends in one of the three, so that nobody has to count them all.
        let offered = counted.filtered + rate_limited + counted.accepted;
        Stats { offered, rate_limited, notices, rescued, ..counted }
    }

    /// Behind a queue it is flushed by who writes there, for whom nobody waits longer than their patience.
    fn and_the_fallback(&self, flushed: Result<(), FlushError>) -> Result<(), FlushError> {
        let rescued = self.fallback.flush();
        flushed.and(rescued.map_err(FlushError::Sink))
    }

    fn unless_busy(
        &self,
        platform: &P,
        body: impl FnOnce() -> Result<(), FlushError>,
    ) -> Result<(), FlushError> {
        let Some(scratch) = enter(platform) else {
            return Err(FlushError::Reentrant);
        };
        let result = body();
        leave(platform, scratch);
        result
    }
}

/// Marks the calling unit as busy with the logger, and fetches a scratch buffer: nothing where the unit runs the logger already. Whoever
/// has entered must [`leave`].
pub(super) fn enter<P: Platform>(platform: &P) -> Option<Box<Scratch>> {
    unit::with(platform, |unit| {
        if unit.busy > 0 {
            return None;
        }
        unit.busy += 1;
        Some(unit.scratch())
    })
}

/// Takes the mark off again.
pub(super) fn leave<P: Platform>(platform: &P, scratch: Box<Scratch>) {
    unit::with(platform, |unit| {
        unit.busy = unit.busy.saturating_sub(1);
        unit.give_back(scratch);
    });
}
