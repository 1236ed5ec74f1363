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
                    break self.end();
                }
                Task::End => break self.end(),
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
        let urgent = match intake.is_failing {
            true => intake.mark_rescued(&self.text, |level| self.fallback.takes(level)),
            false => Vec::new(),
        };
        drop(intake);
        for (of, text) in urgent {
            if !self.fallback.rescue(&text, (of.level, of.at), &self.platform) {
                self.shared.intake.lock().is_not_rescued(of.seq);
            }
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
        let shared = self.shared.clone();
        let mut intake = shared.intake.lock();
        let in_hand = intake.give_up_hand(&self.platform);
        let matter = |level| self.fallback.takes(level);
        let dropped = intake.give_up(at, matter, &self.platform);
        let lost = intake.lines.take_lost();
        drop(intake);
        if let Some(of) = in_hand {
            if !self.platform.broken_by(plants::GIVEN_UP_IS_NOT_ANNOUNCED) {
                self.desks.owe(of.seq, 1, (DropCause::Shutdown, at), &self.platform);
            }
            if !of.is_rescued {
                self.fallback.rescue(&self.text, (of.level, of.at), &self.platform);
            }
        }
        if let Some(lost) = lost {
            self.desks.owe_all(lost, &self.platform);
        }
        for (of, text) in dropped {
            self.fallback.rescue(&text, (of.level, of.at), &self.platform);
        }
    }

    /// Announces what is owed, flushes, and says what came of all of it.
    fn end(&mut self) {
        let result = self.flush_all();
        let troubles = self.desks.troubles();
        let mut intake = self.shared.intake.lock();
        intake.note(&self.desks, troubles);
        let in_time =
            if intake.gave_up() { Err(FlushError::TimedOut(self.patience)) } else { Ok(()) };
        intake.stage = Stage::Closed(Some(result.map_err(FlushError::Sink).and(in_time)));
        intake.flushes.fail(&mut || FlushError::Closed);
        self.shared.done.notify_all();
    }
}
