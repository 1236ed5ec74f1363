//! The way to one order of steps, and what is left to be tried beside it.

use super::footprint::Footprint;
use crate::engine::threads::thread::ThreadId;

/// Who goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::threads) enum Choice {
    Thread(ThreadId),
    /// Nobody: the clock moves to the next timer.
    Time,
}

/// One place at which a run could have gone on in several ways.
#[derive(Debug)]
pub(super) enum Decision {
    Fork(Fork),
    /// Which of `count` waiters, by age, is woken: the one at `at`.
    Waiter {
        count: usize,
        at: usize,
    },
}

/// A choice of who goes on.
#[derive(Debug)]
pub(super) struct Fork {
    /// In the order in which they are tried; never empty.
    choices: Vec<Choice>,
    at: usize,
    /// Threads whose next step need not be taken here, and what it touches: every order that begins with it is the same as
    /// one that has been tried.
    asleep: Vec<(ThreadId, Footprint)>,
    /// What the step taken here touches, over all its runs so far: it may itself hold choices of waiters.
    step: Footprint,
}

impl Fork {
    pub(super) fn new(choices: Vec<Choice>, asleep: Vec<(ThreadId, Footprint)>) -> Self {
        Self { choices, at: 0, asleep, step: Footprint::default() }
    }

    pub(super) fn choice(&self) -> Choice {
        self.choices[self.at]
    }

    /// The step that was taken here is over and has touched this.
    pub(super) fn step_ends(&mut self, touched: &Footprint) {
        self.step.merge(touched);
    }

    /// Whoever still sleeps after a step that was taken here and touched `step`.
    pub(super) fn asleep_after(&self, step: &Footprint) -> Vec<(ThreadId, Footprint)> {
        self.asleep.iter().filter(|(_, own)| own.commutes_with(step)).cloned().collect()
    }

    /// Goes on to what is tried next here. The thread that was tried sleeps from now on.
    fn advance(&mut self) -> bool {
        let step = std::mem::take(&mut self.step);
        if let Choice::Thread(thread) = self.choice() {
            self.asleep.push((thread, step));
        }
        self.at += 1;
        self.at < self.choices.len()
    }
}

impl Decision {
    /// Goes on to what is tried next here. False where nothing is left.
    pub(super) fn advance(&mut self) -> bool {
        match self {
            Self::Fork(fork) => fork.advance(),
            Self::Waiter { count, at } => {
                *at += 1;
                *at < *count
            }
        }
    }
}
