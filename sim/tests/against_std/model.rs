//! An interpreter of programs that tries every interleaving of their steps. It knows what the documentation of std says of each
//! primitive, and nothing of how std or we do it.

use crate::program::{Deed, EMPTY, GONE, Outcome, Program, made_by, message};
use std::collections::BTreeSet;

/// What is done once, and how far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    #[default]
    ToDo,
    Begun,
    Done,
}

/// A lock that one thread can hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Lock {
    #[default]
    Free,
    Held,
}

/// Where a thread is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    /// How far it is in its present deed.
    step: u32,
    /// What it keeps from one step of a deed to the next.
    kept: u64,
    /// Whether it waits for a token and nobody has notified it.
    listens: bool,
    /// Whether it has dropped its end of the channel, after its last deed.
    ended: bool,
    seen: Vec<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    cell: u64,
    locked: Lock,
    value: u64,
    readers: u32,
    written: Lock,
    shared: u64,
    arrived: u64,
    meetings: u64,
    tokens_locked: Lock,
    tokens: u64,
    once: Progress,
    made: Progress,
    made_value: u64,
    queue: Vec<u64>,
    senders: usize,
    receives: bool,
    threads: Vec<At>,
}

/// What all interleavings of `program` come to.
pub(crate) fn outcomes(program: &Program) -> BTreeSet<Outcome> {
    let threads = vec![At::default(); program.len()];
    let (senders, receives) = (program.len() - 1, true);
    let first = State { threads, senders, receives, ..State::default() };
    let (mut known, mut open) = (BTreeSet::from([first.clone()]), vec![first]);
    let mut outcomes = BTreeSet::new();
    while let Some(state) = open.pop() {
        let next: Vec<State> =
            (0..program.len()).flat_map(|thread| state.after(program, thread)).collect();
        if next.is_empty() {
            outcomes.insert(state.outcome());
        }
        open.extend(next.into_iter().filter(|next| known.insert(next.clone())));
    }
    outcomes
}

/// What a step leads to.
enum Step {
    /// The deed goes on.
    Next,
    /// The deed is over and has seen this.
    Sees(u64),
    /// The thread cannot go on now; nothing has happened.
    Waits,
}

impl State {
    fn outcome(self) -> Outcome {
        if self.threads.iter().all(|thread| thread.ended) {
            Outcome::Ended(self.threads.into_iter().map(|thread| thread.seen).collect())
        } else {
            Outcome::Deadlock
        }
    }

    /// The states that the next step of `thread` can lead to; none where it cannot go on or has ended.
    fn after(&self, program: &Program, thread: usize) -> Vec<Self> {
        let at = &self.threads[thread];
        let mut state = self.clone();
        let Some(&deed) = program[thread].get(at.seen.len()) else {
            if at.ended {
                return Vec::new();
            }
            state.threads[thread].ended = true;
            if thread == 0 {
                state.receives = false;
            } else {
                state.senders -= 1;
            }
            return vec![state];
        };
        let listeners: Vec<usize> =
            (0..program.len()).filter(|&other| self.threads[other].listens).collect();
        if (deed, at.step) == (Deed::Give, 3) && !listeners.is_empty() {
            // Any of them may be the one.
            let woken = listeners.into_iter().map(|listener| {
                let mut state = state.clone();
                state.threads[listener].listens = false;
                state.sees(thread, 0);
                state
            });
            return woken.collect();
        }
        match state.does(thread, deed) {
            Step::Waits => return Vec::new(),
            Step::Next => state.threads[thread].step += 1,
            Step::Sees(value) => state.sees(thread, value),
        }
        vec![state]
    }

    fn sees(&mut self, thread: usize, value: u64) {
        let at = &mut self.threads[thread];
        at.seen.push(value);
        (at.step, at.kept) = (0, 0);
    }

    fn does(&mut self, thread: usize, deed: Deed) -> Step {
        let (step, kept) = (self.threads[thread].step, self.threads[thread].kept);
        match deed {
            Deed::Load => Step::Sees(self.cell),
            Deed::Store => {
                self.cell = 50 + thread as u64;
                Step::Sees(0)
            }
            Deed::Add => Step::Sees(self.adds(1)),
            Deed::AddLocked | Deed::HoldAndAdd | Deed::TryLock => self.locks(thread, deed),
            Deed::Read | Deed::ReadAndAdd | Deed::Write | Deed::TryWrite => {
                self.shares(thread, deed)
            }
            Deed::Meet if step == 0 && self.arrived == 1 => {
                (self.arrived, self.meetings) = (0, self.meetings + 1);
                Step::Sees(1)
            }
            Deed::Meet if step == 0 => {
                self.arrived = 1;
                self.keeps(thread, self.meetings)
            }
            Deed::Meet if self.meetings == kept => Step::Waits,
            Deed::Meet => Step::Sees(0),
            Deed::Take | Deed::Give => self.hands_tokens(thread, deed),
            Deed::CallOnce => match (step, self.once) {
                (0, Progress::Done) => Step::Sees(0),
                (0, Progress::Begun) => Step::Waits,
                (0, Progress::ToDo) => {
                    self.once = Progress::Begun;
                    Step::Next
                }
                (1, _) => {
                    let before = self.adds(10);
                    self.keeps(thread, before)
                }
                _ => {
                    self.once = Progress::Done;
                    Step::Sees(1_000 + kept)
                }
            },
            Deed::IsDone => Step::Sees(u64::from(self.once == Progress::Done)),
            Deed::Make => match (step, self.made) {
                (0, Progress::Done) => Step::Sees(self.made_value),
                (0, Progress::Begun) => Step::Waits,
                (0, Progress::ToDo) => {
                    self.made = Progress::Begun;
                    Step::Next
                }
                (1, _) => {
                    let value = made_by(thread) + self.adds(1);
                    self.keeps(thread, value)
                }
                _ => {
                    (self.made, self.made_value) = (Progress::Done, kept);
                    Step::Sees(kept)
                }
            },
            Deed::Get => Step::Sees(if self.made == Progress::Done { self.made_value } else { 0 }),
            Deed::Send if !self.receives => Step::Sees(GONE),
            Deed::Send => {
                self.queue.push(message(thread, self.threads[thread].seen.len()));
                Step::Sees(0)
            }
            Deed::Receive | Deed::TryReceive if !self.queue.is_empty() => {
                Step::Sees(self.queue.remove(0))
            }
            Deed::Receive | Deed::TryReceive if self.senders == 0 => Step::Sees(GONE),
            Deed::Receive => Step::Waits,
            Deed::TryReceive => Step::Sees(EMPTY),
        }
    }

    fn adds(&mut self, number: u64) -> u64 {
        let before = self.cell;
        self.cell += number;
        before
    }

    fn keeps(&mut self, thread: usize, value: u64) -> Step {
        self.threads[thread].kept = value;
        Step::Next
    }

    /// Takes the lock, does something, releases it.
    fn locks(&mut self, thread: usize, deed: Deed) -> Step {
        match (self.threads[thread].step, deed) {
            (0, Deed::TryLock) if self.locked == Lock::Held => Step::Sees(0),
            (0, _) if self.locked == Lock::Held => Step::Waits,
            (0, _) => {
                self.locked = Lock::Held;
                Step::Next
            }
            (1, Deed::HoldAndAdd) => {
                let before = self.adds(1);
                self.keeps(thread, before)
            }
            (1, Deed::TryLock) => self.keeps(thread, 100 + self.value),
            (1, _) => {
                self.value += 1;
                self.keeps(thread, self.value)
            }
            _ => {
                self.locked = Lock::Free;
                Step::Sees(self.threads[thread].kept)
            }
        }
    }

    /// The same with the lock that readers share.
    fn shares(&mut self, thread: usize, deed: Deed) -> Step {
        let reads = matches!(deed, Deed::Read | Deed::ReadAndAdd);
        let is_held = self.written == Lock::Held || (!reads && self.readers > 0);
        match (self.threads[thread].step, deed) {
            (0, Deed::TryWrite) if is_held => Step::Sees(0),
            (0, _) if is_held => Step::Waits,
            (0, _) => {
                self.readers += u32::from(reads);
                self.written = if reads { Lock::Free } else { Lock::Held };
                Step::Next
            }
            (1, Deed::Read) => self.keeps(thread, self.shared),
            (1, Deed::ReadAndAdd) => {
                let before = self.adds(1);
                self.keeps(thread, before)
            }
            (1, _) => {
                self.shared += 1;
                self.keeps(thread, 100 + self.shared)
            }
            _ => {
                self.readers -= u32::from(reads);
                self.written = Lock::Free;
                Step::Sees(self.threads[thread].kept)
            }
        }
    }

    /// Tokens under a lock of their own, with a condition variable. The wake-up of a waiter is where `after` says so.
    fn hands_tokens(&mut self, thread: usize, deed: Deed) -> Step {
        match (self.threads[thread].step, deed) {
            (0, _) if self.tokens_locked == Lock::Held => Step::Waits,
            (0, _) => {
                self.tokens_locked = Lock::Held;
                Step::Next
            }
            (1, Deed::Give) => {
                self.tokens += 1;
                Step::Next
            }
            (2, Deed::Give) => {
                self.tokens_locked = Lock::Free;
                Step::Next
            }
            // Nobody waits.
            (_, Deed::Give) => Step::Sees(0),
            (1, _) if self.tokens == 0 => {
                self.tokens_locked = Lock::Free;
                (self.threads[thread].listens, self.threads[thread].step) = (true, 2);
                Step::Next
            }
            (1, _) => {
                self.tokens -= 1;
                self.keeps(thread, self.tokens)
            }
            (2, _) => {
                self.tokens_locked = Lock::Free;
                Step::Sees(self.threads[thread].kept)
            }
            _ if self.threads[thread].listens || self.tokens_locked == Lock::Held => Step::Waits,
            _ => {
                // It looks again with the lock: as after the first step.
                self.tokens_locked = Lock::Held;
                self.threads[thread].step = 0;
                Step::Next
            }
        }
    }
}
