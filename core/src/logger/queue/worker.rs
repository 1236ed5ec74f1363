//! The unit that writes the lines which wait.

use super::super::desks::Desks;
use super::super::fallback::Fallback;
use super::super::outlet;
use super::super::{DropCause, FlushError, plants};
use super::intake::Stage;
use super::lines::{LineOf, Lines};
use super::shared::Shared;
use crate::door::{Condvar, Mutex, Platform, Rules};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Has the desk to itself. A line that the sink does not take stays in its hand until it does, or until the end.
pub(super) struct Worker<P: Platform> {
    platform: P,
    desks: Desks,
    shared: Arc<Shared<P>>,
    fallback: Arc<Fallback<P>>,
    /// How long whoever shuts down waits.
    patience: Duration,
    /// The text of the line in hand.
    text: Vec<u8>,
}

/// What is to be done.
enum Task {
    Write(LineOf),
    Flush,
    /// Time is over.
    GiveUp,
    /// Nothing waits, and nothing will come.
    End,
}

impl<P: Platform> Worker<P> {
    pub(super) fn new(
        platform: P,
        desks: Desks,
        shared: Arc<Shared<P>>,
        fallback: Arc<Fallback<P>>,
        patience: Duration,
    ) -> Self {
        Self { platform, desks, shared, fallback, patience, text: Vec::new() }
    }

    /// Works until the end. What the sink logs is refused.
    pub(super) fn run(mut self) {
        let Some(scratch) = outlet::enter(&self.platform) else { return };
        loop {
            match self.next() {
                Task::Write(of) => self.write(of),
                Task::Flush => self.flush(),
                Task::GiveUp => {
                    self.give_up();
                    break self.end(Err(FlushError::TimedOut(self.patience)));
                }
                Task::End => break self.end(Ok(())),
            }
        }
        outlet::leave(&self.platform, scratch);
    }

    fn next(&mut self) -> Task {
        let shared = self.shared.clone();
        let mut intake = shared.intake.lock();
        loop {
            let give_up_at = match intake.stage {
                Stage::Closing { give_up_at } => Some(give_up_at),
                Stage::Open | Stage::Closed(_) => None,
            };
            let hurry =
                give_up_at.is_some() && self.platform.broken_by(plants::SHUTDOWN_LEAVES_WHAT_WAITS);
            if hurry {
                return Task::End;
            }
            if intake.next().is_some() && give_up_at.is_some_and(|at| at <= self.platform.now()) {
                return Task::GiveUp;
            }
            if let Some((of, _)) = intake.in_hand {
                let until = self.desks.main.health().until(|| self.platform.now());
                // Whoever flushes wants to know how the sink is.
                let Some(until) = until.filter(|_| !intake.flushes.are_wanted()) else {
                    return Task::Write(of);
                };
                let until = give_up_at.map_or(until, |at| at.min(until));
                (intake, _) = shared.work.wait_until(intake, until);
                continue;
            }
            if let Some(lost) = intake.lines.take_lost()
                && !self.platform.broken_by(plants::LOST_BY_THE_QUEUE_IS_FORGOTTEN)
            {
                self.desks.owe_all(lost, &self.platform);
            }
            if intake.flushes.are_due(intake.next()) {
                return Task::Flush;
            }
            if let Some(of) = intake.lines.take(&mut self.text) {
                intake.in_hand = Some((of, Lines::cost(self.text.len())));
            } else if give_up_at.is_some() {
                return Task::End;
            } else {
                intake.idle = true;
                intake = shared.work.wait(intake);
                intake.idle = false;
            }
        }
    }

    fn write(&mut self, of: LineOf) {
        self.desks.write_further(&self.text, of.seq, (of.level, of.at), &self.platform);
        let result = self.desks.main.write(&self.text, (of.level, of.at), &self.platform);
        let troubles = self.desks.troubles();
        let mut intake = self.shared.intake.lock();
        intake.note(&self.desks, troubles);
        match result {
            Ok(()) => {
                intake.tally.written += 1;
                let in_hand = intake.in_hand.take();
                if self.platform.broken_by(plants::ROOM_IS_NOT_GIVEN_BACK) {
                    intake.lose_room(in_hand.map_or(0, |(_, cost)| cost));
                }
            }
            Err(kind) => intake.flushes.fail(&mut || FlushError::Sink(kind.into())),
        }
        if intake.waiting > 0 {
            self.shared.done.notify_all();
        }
    }

    fn flush(&mut self) {
        let result = self.flush_all();
        let troubles = self.desks.troubles();
        let mut intake = self.shared.intake.lock();
        intake.note(&self.desks, troubles);
        let next = intake.next();
        intake.flushes.are_done(next, &result);
        self.shared.done.notify_all();
    }

    /// Flushes each sink, the fallback as well.
    fn flush_all(&mut self) -> io::Result<()> {
        let flushed = self.desks.flush(self.platform.wall(), &self.platform);
        let rescued = self.fallback.flush();
        flushed.and(rescued)
    }

    /// Everything that waits is lost.
    fn give_up(&mut self) {
        let at = self.platform.wall();
        loop {
            let mut intake = self.shared.intake.lock();
            let of = match intake.in_hand.take() {
                Some((of, _)) => of,
                None => {
                    if let Some(lost) = intake.lines.take_lost() {
                        self.desks.owe_all(lost, &self.platform);
                    }
                    match intake.lines.take(&mut self.text) {
                        Some(of) => of,
                        None => return,
                    }
                }
            };
            let rules = &self.platform;
            if rules.broken_by(plants::GIVEN_UP_IS_COUNTED_AS_WRITTEN) {
                intake.tally.written += 1;
            } else if rules.broken_by(plants::GIVEN_UP_COUNTS_AS_QUEUE_FULL) {
                intake.tally.drop(1, DropCause::QueueFull);
            } else if !rules.broken_by(plants::GIVEN_UP_IS_NOT_COUNTED) {
                intake.tally.drop(1, DropCause::Shutdown);
            }
            drop(intake);
            if !rules.broken_by(plants::GIVEN_UP_IS_NOT_ANNOUNCED) {
                self.desks.owe(of.seq, 1, (DropCause::Shutdown, at), &self.platform);
            }
            self.fallback.rescue(&self.text, (of.level, of.at), &self.platform);
        }
    }

    /// Announces what is owed, flushes, and says what came of all of it.
    fn end(&mut self, so_far: Result<(), FlushError>) {
        let result = self.flush_all();
        let troubles = self.desks.troubles();
        let mut intake = self.shared.intake.lock();
        intake.note(&self.desks, troubles);
        intake.stage = Stage::Closed(Some(result.map_err(FlushError::Sink).and(so_far)));
        intake.flushes.fail(&mut || FlushError::Closed);
        self.shared.done.notify_all();
    }
}
