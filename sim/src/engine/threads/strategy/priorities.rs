//! Numbers by thread, the highest of which is known.

use crate::engine::threads::thread::ThreadId;

/// A tournament (Knuth, "The Art of Computer Programming" 3, 5.2.3): a change takes a number of steps that grows with the
/// logarithm of the threads, and the winner is there to be read.
#[derive(Debug, Default)]
pub(super) struct Priorities {
    /// The root at 1, the children of `n` at `2n` and `2n + 1`: whoever is higher of the two. The threads are the leaves, in the
    /// second half; none where one does not take part.
    winners: Vec<Entry>,
}

/// Of two with the same priority the thread that began later is higher.
type Entry = Option<(u64, ThreadId)>;

impl Priorities {
    /// From now on `thread` has this priority, or takes no part.
    pub(super) fn set(&mut self, thread: ThreadId, priority: Option<u64>) {
        if self.winners.len() <= 2 * thread.index() {
            self.grow(thread.index() + 1);
        }
        let mut place = self.winners.len() / 2 + thread.index();
        self.winners[place] = priority.map(|priority| (priority, thread));
        while place > 1 {
            let winner = self.winners[place].max(self.winners[place ^ 1]);
            place /= 2;
            if self.winners[place] == winner {
                break;
            }
            self.winners[place] = winner;
        }
    }

    /// Whether `thread` has a priority.
    pub(super) fn takes_part(&self, thread: ThreadId) -> bool {
        let place = self.winners.len() / 2 + thread.index();
        self.winners.get(place).copied().flatten().is_some()
    }

    /// Room for `count` threads. Twice as much each time, so that many threads cost no more each than a few.
    fn grow(&mut self, count: usize) {
        let (before, leaves) = (self.winners.len(), count.next_power_of_two().max(4));
        let mut winners = vec![None; 2 * leaves];
        winners[leaves..leaves + before / 2].copy_from_slice(&self.winners[before / 2..]);
        for place in (1..leaves).rev() {
            winners[place] = winners[2 * place].max(winners[2 * place + 1]);
        }
        self.winners = winners;
    }

    /// Who has the highest.
    #[inline]
    pub(super) fn highest(&self) -> Option<ThreadId> {
        self.winners.get(1).copied().flatten().map(|(_, thread)| thread)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use crate::stream::Streams;

    #[test]
    fn the_highest_is_the_one_that_a_look_at_all_of_them_finds() {
        let mut generator = Streams::of(Seed::new(5)).generator("test");
        let (mut priorities, mut all) = (Priorities::default(), Vec::<Entry>::new());
        assert_eq!(priorities.highest(), None);
        for step in 0..3_000_u64 {
            // More and more threads, few different priorities, and now and then one that takes no part.
            let index = generator.index((step / 40 + 1) as usize);
            let thread = ThreadId(u32::try_from(index).unwrap());
            let priority = generator.chance(2, 3).then(|| generator.within(0..=9));
            priorities.set(thread, priority);
            all.resize(all.len().max(index + 1), None);
            all[index] = priority.map(|priority| (priority, thread));
            let highest = all.iter().max().copied().flatten().map(|(_, thread)| thread);
            assert_eq!(priorities.highest(), highest, "step {step}");
            assert_eq!(priorities.takes_part(thread), priority.is_some(), "step {step}");
        }
    }
}
