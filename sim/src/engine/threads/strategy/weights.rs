//! Numbers by thread, one of which can be drawn in proportion to what it is.

use crate::engine::threads::thread::ThreadId;
use crate::stream::Generator;

/// A binary indexed tree (Fenwick, "A New Data Structure for Cumulative Frequency Tables", 1994): a change and a draw take
/// a number of steps that grows with the logarithm of the threads.
#[derive(Debug, Default)]
pub(super) struct Weights {
    /// By thread.
    weights: Vec<u64>,
    /// At each place the sum of the weights that the lowest bit of its number, counted from one, spans.
    sums: Vec<u64>,
    total: u64,
}

impl Weights {
    /// From now on `thread` has this weight; none before its first.
    pub(super) fn set(&mut self, thread: ThreadId, weight: u64) {
        if self.weights.len() <= thread.index() {
            self.grow(thread.index() + 1);
        }
        let before = std::mem::replace(&mut self.weights[thread.index()], weight);
        self.total = self.total - before + weight;
        let mut place = thread.index() + 1;
        while place <= self.sums.len() {
            self.sums[place - 1] = self.sums[place - 1] - before + weight;
            place += place & place.wrapping_neg();
        }
    }

    /// Room for `count` threads. Twice as much each time, so that many threads cost no more each than a few.
    fn grow(&mut self, count: usize) {
        self.weights.resize(count.next_power_of_two(), 0);
        self.sums.clear();
        self.sums.resize(self.weights.len(), 0);
        for (at, &weight) in self.weights.iter().enumerate() {
            let place = at + 1;
            self.sums[at] += weight;
            let above = place + (place & place.wrapping_neg());
            if above <= self.sums.len() {
                self.sums[above - 1] += self.sums[at];
            }
        }
    }

    /// A thread, each as likely as its weight is part of them all; none where all are zero.
    pub(super) fn draw(&self, generator: &mut Generator) -> Option<ThreadId> {
        let last = self.total.checked_sub(1)?;
        let mut left = generator.within(0..=last);
        let (mut place, mut span) = (0, self.sums.len());
        while span > 0 {
            if place + span <= self.sums.len() && self.sums[place + span - 1] <= left {
                place += span;
                left -= self.sums[place - 1];
            }
            span /= 2;
        }
        u32::try_from(place).ok().map(ThreadId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use crate::stream::Streams;

    #[test]
    fn each_is_drawn_in_proportion_to_its_weight_whatever_was_set_before() {
        let mut generator = Streams::of(Seed::new(1)).generator("test");
        let mut weights = Weights::default();
        assert_eq!(weights.draw(&mut generator), None);
        let last = [3_u64, 0, 1, 4, 0, 2];
        for (index, &weight) in last.iter().enumerate() {
            let thread = ThreadId(u32::try_from(index).expect("a few"));
            weights.set(thread, 9);
            weights.set(thread, weight);
        }
        let mut drawn = [0_u64; 6];
        for _ in 0..10_000 {
            drawn[weights.draw(&mut generator).expect("some weigh something").index()] += 1;
        }
        for (drawn, weight) in drawn.into_iter().zip(last) {
            let fair = weight * 1_000;
            assert!(drawn.abs_diff(fair) <= 5 * weight.max(1).isqrt() * 30, "{drawn} of {fair}");
            assert_eq!(drawn == 0, weight == 0);
        }
    }
}
