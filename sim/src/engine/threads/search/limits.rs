//! How far a search goes.

use super::path::Choice;
use crate::engine::threads::thread::ThreadId;

/// Which orders of one run a search tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How often a run may take a thread off that could go on, and move the clock while somebody could: all orders where
    /// there is none. An order with more switches may be the same as one with fewer, so with such a bound nothing is left
    /// out because it would be the same.
    pub preemptions: Option<u32>,
    /// How often a run may move the clock to the next timer while somebody could go on. Where nobody can, it always moves.
    pub time_moves: u32,
    /// Whether orders are left out that are the same as one that was tried.
    pub orders: Orders,
}

/// Which of several orders are tried that differ only in steps which commute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orders {
    /// One.
    Distinct,
    /// All, to see what is saved otherwise.
    All,
}

impl Limits {
    /// Every order that can be told from others, and time that moves only where nobody can go on.
    pub const NONE: Self = Self { preemptions: None, time_moves: 0, orders: Orders::Distinct };

    /// Whether orders are left out that are the same as one that was tried.
    pub(super) fn reduces(&self) -> bool {
        self.orders == Orders::Distinct && self.preemptions.is_none()
    }
}

/// What a run has used up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    preemptions: u32,
    time_moves: u32,
}

impl Spent {
    pub(super) fn allows(self, choice: Choice, running: Option<ThreadId>, limits: &Limits) -> bool {
        let mut after = self;
        after.take(choice, running);
        limits.preemptions.is_none_or(|most| after.preemptions <= most)
            && after.time_moves <= limits.time_moves
    }

    pub(super) fn take(&mut self, choice: Choice, running: Option<ThreadId>) {
        match choice {
            Choice::Thread(thread) => {
                self.preemptions += u32::from(running.is_some_and(|running| running != thread));
            }
            Choice::Time => {
                self.preemptions += 1;
                self.time_moves += 1;
            }
        }
    }
}
