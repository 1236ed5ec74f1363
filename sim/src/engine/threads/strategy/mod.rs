//! Which thread runs next: one small file per strategy behind one small interface.

mod pct;
mod random;

pub(super) use pct::Pct;
pub(super) use random::Random;

use super::thread::ThreadId;

/// Decides among what is possible. It sees thread numbers only, never what the threads do.
pub(super) trait Strategy {
    /// The thread that runs next. `ready` is never empty and holds `running`, where that thread could go on.
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId;

    /// Which of `count` waiters, by age, a release or notification wakes.
    fn waiter(&mut self, count: usize) -> usize;

    /// `thread` can run from now on.
    fn readied(&mut self, _thread: ThreadId) {}

    /// `thread` cannot run from now on.
    fn blocked(&mut self, _thread: ThreadId) {}

    /// `thread` asks that others run first.
    fn yielded(&mut self, _thread: ThreadId) {}
}

/// The strategy of one run. It is no trait object, so that a decision is inlined into the scheduling point that asks for it.
pub(super) enum Chosen {
    /// Uniformly random.
    Random(Box<Random>),
    /// Random priorities.
    Pct(Box<Pct>),
}

impl Strategy for Chosen {
    #[inline]
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId {
        match self {
            Self::Random(random) => random.next(ready, running),
            Self::Pct(pct) => pct.next(ready, running),
        }
    }

    fn waiter(&mut self, count: usize) -> usize {
        match self {
            Self::Random(random) => random.waiter(count),
            Self::Pct(pct) => pct.waiter(count),
        }
    }

    #[inline]
    fn readied(&mut self, thread: ThreadId) {
        match self {
            Self::Random(random) => random.readied(thread),
            Self::Pct(pct) => pct.readied(thread),
        }
    }

    #[inline]
    fn blocked(&mut self, thread: ThreadId) {
        match self {
            Self::Random(random) => random.blocked(thread),
            Self::Pct(pct) => pct.blocked(thread),
        }
    }

    fn yielded(&mut self, thread: ThreadId) {
        match self {
            Self::Random(random) => random.yielded(thread),
            Self::Pct(pct) => pct.yielded(thread),
        }
    }
}
