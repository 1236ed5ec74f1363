//! The way through a queue, as the units see it that log.

use super::super::books::Books;
use super::super::desks::Desks;
use super::super::fallback::Fallback;
use super::super::line::Line;
use super::super::{DropCause, FlushError, Level, Stats, plants};
use super::intake::{Intake, Stage};
use super::lines::LineOf;
use super::shared::Shared;
use super::worker::Worker;
use super::{Queue, WhenFull};
use crate::door::{
    Condvar, Guard, Instant, Mutex, Platform, Rules, SpawnError, Timestamp, WaitOutcome,
};
use std::sync::Arc;
use std::time::Duration;

/// A queue and the unit that writes. Dropping it lets that unit write what waits, and does not wait for that.
pub(in super::super) struct Queued<P: Platform> {
    platform: P,
    shared: Arc<Shared<P>>,
    fallback: Arc<Fallback<P>>,
    queue: Queue,
}

impl<P: Platform> Queued<P> {
    pub(in super::super) fn start(
        platform: &P,
        desks: Desks,
        fallback: Arc<Fallback<P>>,
        queue: Queue,
    ) -> Result<Self, SpawnError> {
        let shared = Arc::new(Shared {
            intake: platform.mutex(Intake::new(queue.bytes)),
            work: platform.condvar(),
            done: platform.condvar(),
        });
        let (platform, patience) = (platform.clone(), queue.patience);
        let worker =
            Worker::new(platform.clone(), desks, shared.clone(), fallback.clone(), patience);
        // Nobody joins it: it ends by itself, after a shutdown or when nobody can log any more.
        drop(platform.spawn("log-writer", move || worker.run())?);
        Ok(Self { platform, shared, fallback, queue })
    }

    /// Numbers the line and lets it wait, if there is or will be room.
    pub(in super::super) fn deliver(
        &self,
        books: &Books<P>,
        platform: &P,
        line: &mut Line,
        (level, at): (Level, Timestamp),
    ) -> Result<u64, DropCause> {
        let length = line.bytes().len();
        let mut intake = self.shared.intake.lock();
        if let WhenFull::BlockFor(patience) = self.queue.when_full {
            intake = self.wait_for_room(intake, length, patience);
        }
        intake.settle(books, at);
        intake.tally.accepted += 1;
        let seq = intake.tally.take_seqs(1);
        line.number(seq);
        let unbounded = platform.broken_by(plants::QUEUE_HAS_NO_BOUND);
        let mut evicted = Vec::new();
        if self.queue.when_full == WhenFull::DropOld && intake.could_take(length) {
            let mut text = Vec::new();
            while !intake.has_room(length) && !unbounded {
                let cause = (DropCause::QueueFull, at);
                let Some(of) = intake.lines.drop_first(&mut text, cause) else { break };
                intake.tally.drop(1, DropCause::QueueFull);
                if self.fallback.takes(of.level) && !of.is_rescued {
                    evicted.push((of, std::mem::take(&mut text)));
                }
            }
        }
        let is_closed = match intake.stage {
            Stage::Open => false,
            Stage::Closing { .. } => true,
            Stage::Closed(_) => !platform.broken_by(plants::CLOSED_QUEUE_TAKES_EVENTS),
        };
        let cause = if is_closed {
            Some(DropCause::Closed)
        } else if !intake.could_take(length) && !unbounded {
            Some(DropCause::Oversize)
        } else if !intake.has_room(length) && !unbounded {
            Some(DropCause::QueueFull)
        } else {
            None
        };
        // Nobody knows when a sink that fails takes it, and somebody should see now what matters.
        let is_rescued = cause.is_none() && intake.is_failing && self.fallback.takes(level);
        match cause {
            None => intake.push(line.bytes(), LineOf { seq, level, at, is_rescued }),
            Some(cause) => intake.lose(seq, 1, (cause, at)),
        }
        if intake.idle {
            self.shared.work.notify_one();
        }
        drop(intake);
        for (of, text) in evicted {
            self.fallback.rescue(&text, (of.level, of.at), platform);
        }
        if is_rescued && !self.fallback.rescue(line.bytes(), (level, at), platform) {
            self.shared.intake.lock().is_not_rescued(seq);
        }
        cause.map_or(Ok(seq), Err)
    }

    /// Waits until everything that was logged so far is written, and the sink is flushed.
    pub(in super::super) fn flush(&self, books: &Books<P>, platform: &P) -> Result<(), FlushError> {
        let deadline = self.deadline(self.queue.patience);
        let mut intake = self.shared.intake.lock();
        intake.settle(books, platform.wall());
        if !intake.is_open() {
            return Err(FlushError::Closed);
        }
        let early = platform.broken_by(plants::FLUSH_DOES_NOT_WAIT_FOR_THE_QUEUE);
        let up_to = if early { 0 } else { intake.tally.seq() };
        let ticket = intake.flushes.want(up_to);
        self.shared.work.notify_one();
        loop {
            if let Some(result) = intake.flushes.take(ticket) {
                return result;
            }
            let outcome;
            (intake, outcome) = self.wait(intake, deadline, self.queue.patience);
            if outcome == WaitOutcome::TimedOut {
                let result = intake.flushes.take(ticket);
                intake.flushes.give_up(ticket);
                return result.unwrap_or(Err(FlushError::TimedOut(self.queue.patience)));
            }
        }
    }

    /// Takes nothing any more, and waits until everything is written. What is not after three quarters of the patience is given up, so that
    /// the rest is for its announcement.
    pub(in super::super) fn shut_down(
        &self,
        books: &Books<P>,
        platform: &P,
    ) -> Result<(), FlushError> {
        let patience = self.queue.patience;
        let deadline = self.deadline(patience);
        let mut intake = self.shared.intake.lock();
        intake.settle(books, platform.wall());
        self.close(&mut intake);
        loop {
            if let Stage::Closed(result) = &mut intake.stage {
                return result.take().unwrap_or(Err(FlushError::Closed));
            }
            let outcome;
            (intake, outcome) = self.wait(intake, deadline, patience);
            if outcome == WaitOutcome::TimedOut && !matches!(intake.stage, Stage::Closed(_)) {
                // Who writes is still with the sink, or it would have done this.
                if !platform.broken_by(plants::LATE_SHUTDOWN_KEEPS_LINES) {
                    self.give_up(intake, platform);
                }
                return Err(FlushError::TimedOut(patience));
            }
        }
    }

    pub(in super::super) fn stats(&self, books: &Books<P>, platform: &P) -> Stats {
        let at = platform.wall();
        let mut intake = self.shared.intake.lock();
        intake.settle(books, at);
        intake.stats()
    }

    /// Drops what waits, but for the line that who writes has in hand.
    fn give_up(&self, mut intake: Guard<'_, P, Intake>, platform: &P) {
        let matter = |level| self.fallback.takes(level);
        let dropped = intake.give_up(platform.wall(), matter, platform);
        drop(intake);
        for (of, text) in dropped {
            self.fallback.rescue(&text, (of.level, of.at), platform);
        }
    }

    /// Waits until there is room for a line of this length, or it has waited long enough.
    fn wait_for_room<'q>(
        &'q self,
        mut intake: Guard<'q, P, Intake>,
        length: usize,
        patience: Duration,
    ) -> Guard<'q, P, Intake> {
        let is_full = |intake: &Intake| {
            intake.is_open() && intake.could_take(length) && !intake.has_room(length)
        };
        if !is_full(&intake) {
            return intake;
        }
        let deadline = self.deadline(patience);
        while is_full(&intake) {
            let outcome;
            (intake, outcome) = self.wait(intake, deadline, patience);
            if outcome == WaitOutcome::TimedOut {
                break;
            }
        }
        intake
    }

    /// Waits until something has been done, or until `deadline`, which was set for as long as `patience`.
    fn wait<'q>(
        &'q self,
        mut intake: Guard<'q, P, Intake>,
        deadline: Instant,
        patience: Duration,
    ) -> (Guard<'q, P, Intake>, WaitOutcome) {
        let anew = self.platform.broken_by(plants::DEADLINE_IS_COUNTED_ANEW);
        let deadline = if anew { self.deadline(patience) } else { deadline };
        intake.waiting += 1;
        let (mut intake, outcome) = self.shared.done.wait_until(intake, deadline);
        intake.waiting -= 1;
        (intake, outcome)
    }

    fn deadline(&self, patience: Duration) -> Instant {
        self.platform.now().saturating_add(patience)
    }

    /// The unit that writes is told to come to an end.
    fn close(&self, intake: &mut Intake) {
        if intake.is_open() {
            let hasty = self.platform.broken_by(plants::SHUTDOWN_HAS_NO_PATIENCE);
            let patience = if hasty { Duration::ZERO } else { self.queue.patience / 4 * 3 };
            let give_up_at = self.deadline(patience);
            intake.stage = Stage::Closing { give_up_at };
            self.shared.work.notify_one();
            // For whoever waits for room there will be none.
            if intake.waiting > 0 {
                self.shared.done.notify_all();
            }
        }
    }
}

impl<P: Platform> Drop for Queued<P> {
    fn drop(&mut self) {
        let mut intake = self.shared.intake.lock();
        self.close(&mut intake);
    }
}
