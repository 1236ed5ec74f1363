//! A uniform choice among the ready threads at every scheduling point.

use super::Strategy;
use crate::engine::threads::thread::ThreadId;
use crate::stream::Generator;

/// The random walk that shuttle and madsim use by default: shallow bugs fall quickly, deep ones rarely. As in shuttle, whoever
/// is at a point may be chosen to go on; madsim chooses among tasks at an await only.
pub(in super::super) struct Random {
    generator: Generator,
}

impl Random {
    pub(in super::super) fn new(generator: Generator) -> Self {
        Self { generator }
    }
}

impl Strategy for Random {
    #[inline]
    fn next(&mut self, ready: &[ThreadId], _running: Option<ThreadId>) -> ThreadId {
        ready[self.generator.index(ready.len())]
    }

    fn waiter(&mut self, count: usize) -> usize {
        self.generator.index(count)
    }
}
