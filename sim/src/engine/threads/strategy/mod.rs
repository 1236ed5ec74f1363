//! Which thread runs next: one small file per strategy behind one small interface.

mod pct;
mod pos;
mod priorities;
mod random;
mod round_robin;
mod sticky;
mod urw;
mod weights;

use pct::Pct;
use pos::Pos;
use random::Random;
use round_robin::RoundRobin;
use sticky::Sticky;
use urw::Urw;

use super::access::Access;
use super::kernel::Operation;
use super::thread::ThreadId;
use crate::engine;
use crate::log::Name;
use crate::stream::Generator;

/// Decides among what is possible. It sees the numbers of threads and what their next steps touch, never what the threads
/// have done.
pub(super) trait Strategy {
    /// The thread that runs next. `ready` is never empty and holds `running`, where that thread could go on.
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId;

    /// Which of `count` waiters, by age, a release or notification wakes.
    fn waiter(&mut self, count: usize) -> usize;

    /// `by` starts `thread`; the root starts itself.
    fn arrives(&mut self, _thread: ThreadId, _name: &Name, _by: ThreadId) {}

    /// `thread` has done its step and is before its next one, which is `access`.
    fn reaches(&mut self, _thread: ThreadId, _access: Access) {}

    /// `thread` can run from now on.
    fn readied(&mut self, _thread: ThreadId) {}

    /// `thread` cannot run from now on.
    fn blocked(&mut self, _thread: ThreadId) {}

    /// `thread` asks that others run first.
    fn yielded(&mut self, _thread: ThreadId) {}
}

/// The strategy of one run. It is no trait object, so that a decision is inlined into the scheduling point that asks for it.
pub(super) enum Chosen {
    Random(Box<Random>),
    Urw(Box<Urw>),
    Pos(Box<Pos>),
    Pct(Box<Pct>),
    Sticky(Box<Sticky>),
    RoundRobin(Box<RoundRobin>),
}

/// Does the same with whichever strategy it is.
macro_rules! with_strategy {
    ($chosen:expr, $strategy:ident => $does:expr) => {
        match $chosen {
            Self::Random($strategy) => $does,
            Self::Urw($strategy) => $does,
            Self::Pos($strategy) => $does,
            Self::Pct($strategy) => $does,
            Self::Sticky($strategy) => $does,
            Self::RoundRobin($strategy) => $does,
        }
    };
}

impl Chosen {
    pub(super) fn new(strategy: engine::Strategy, generator: Generator) -> Self {
        match strategy {
            engine::Strategy::Random => Self::Random(Box::new(Random::new(generator))),
            engine::Strategy::Urw { lengths } => Self::Urw(Box::new(Urw::new(generator, lengths))),
            engine::Strategy::Pos => Self::Pos(Box::new(Pos::new(generator))),
            engine::Strategy::Pct { depth, steps } => {
                Self::Pct(Box::new(Pct::new(generator, depth, steps)))
            }
            engine::Strategy::Sticky { one_in } => {
                Self::Sticky(Box::new(Sticky::new(generator, one_in)))
            }
            engine::Strategy::RoundRobin { quantum } => {
                Self::RoundRobin(Box::new(RoundRobin::new(quantum)))
            }
        }
    }

    /// Who goes on from a scheduling point of `me`, which is one of `ready` and about to do `operation` on `object`.
    #[inline(always)]
    pub(super) fn at_point(
        &mut self,
        ready: &[ThreadId],
        me: ThreadId,
        operation: Operation,
        object: u64,
    ) -> ThreadId {
        match self {
            Self::Random(_) if ready.len() == 1 => me,
            Self::Random(random) => random.next(ready, Some(me)),
            _ => self.informed(ready, me, operation, object),
        }
    }

    /// As [`at_point`](Chosen::at_point), by a strategy that wants to know what everybody is about to do.
    #[inline(never)]
    fn informed(
        &mut self,
        ready: &[ThreadId],
        me: ThreadId,
        operation: Operation,
        object: u64,
    ) -> ThreadId {
        self.reaches(me, Access::of(operation, object, me.0));
        if ready.len() == 1 { me } else { self.next(ready, Some(me)) }
    }
}

impl Strategy for Chosen {
    #[inline]
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId {
        with_strategy!(self, strategy => strategy.next(ready, running))
    }

    #[inline]
    fn waiter(&mut self, count: usize) -> usize {
        with_strategy!(self, strategy => strategy.waiter(count))
    }

    fn arrives(&mut self, thread: ThreadId, name: &Name, by: ThreadId) {
        with_strategy!(self, strategy => strategy.arrives(thread, name, by));
    }

    fn reaches(&mut self, thread: ThreadId, access: Access) {
        with_strategy!(self, strategy => strategy.reaches(thread, access));
    }

    #[inline]
    fn readied(&mut self, thread: ThreadId) {
        with_strategy!(self, strategy => strategy.readied(thread));
    }

    #[inline]
    fn blocked(&mut self, thread: ThreadId) {
        with_strategy!(self, strategy => strategy.blocked(thread));
    }

    fn yielded(&mut self, thread: ThreadId) {
        with_strategy!(self, strategy => strategy.yielded(thread));
    }
}
