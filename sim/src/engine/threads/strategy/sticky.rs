//! Mostly the same thread again, and now and then another one.

use super::Strategy;
use crate::engine::threads::thread::ThreadId;
use crate::stream::Generator;

/// A random walk that stays with the running thread but for one point in `one_in`: long stretches without a switch, such as
/// real schedulers make, in which a bug of few but distant switches is likely. An idea of this project's own prototype; the
/// random walk is the case `one_in` = 1.
pub(in super::super) struct Sticky {
    generator: Generator,
    one_in: u32,
}

impl Sticky {
    /// Asks for another thread at one point of `one_in`, which is at least 1.
    pub(in super::super) fn new(generator: Generator, one_in: u32) -> Self {
        Self { generator, one_in: one_in.max(1) }
    }
}

impl Strategy for Sticky {
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId {
        match running {
            Some(running) if !self.generator.chance(1, self.one_in) => running,
            _ => ready[self.generator.index(ready.len())],
        }
    }

    fn waiter(&mut self, count: usize) -> usize {
        self.generator.index(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use crate::stream::Streams;

    #[test]
    fn it_leaves_the_running_thread_at_one_point_in_so_many() {
        let ready = [ThreadId(0), ThreadId(1), ThreadId(2)];
        for (one_in, switches) in [(1, 6_000..7_300), (10, 550..780)] {
            let generator = Streams::of(Seed::new(3)).generator("test");
            let mut sticky = Sticky::new(generator, one_in);
            let (mut running, mut switched) = (ready[0], 0);
            for _ in 0..10_000 {
                let next = sticky.next(&ready, Some(running));
                switched += usize::from(next != running);
                running = next;
            }
            // Of three threads the one that is drawn is another one in two of three cases.
            assert!(switches.contains(&switched), "1 in {one_in}: {switched}");
        }
    }
}
