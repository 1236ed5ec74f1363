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
