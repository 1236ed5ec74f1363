//! URW: every order of all steps as likely as every other, as far as the steps can be told in advance.

use super::Strategy;
use super::weights::Weights;
use crate::engine::Length;
use crate::engine::threads::access::Access;
use crate::engine::threads::thread::ThreadId;
use crate::log::Name;
use crate::names::Names;
use crate::stream::Generator;
use std::sync::Arc;

/// Uniform random walk, after Zhao, Wolff, Mathur and Roychoudhury, "Selectively Uniform Concurrency Testing" (ASPLOS 2025).
///
/// A thread is drawn in proportion to the steps that it still has to take, those of the threads that it has yet to start
/// included: then every order of all steps is equally likely, where nobody blocks and the numbers are right. A uniform
/// choice among threads makes orders unlikely in which a long thread runs for long. Where ours differs: the numbers come
/// from a pilot run, by the names of threads, and one of which they know nothing counts as an average one; a thread
/// that is drawn before it has begun takes its first step at once, since beginning is no step.
pub(in super::super) struct Urw {
    generator: Generator,
    weights: Weights,
    lengths: Arc<[Length]>,
    /// Of `lengths`.
    names: Names,
    average: u64,
    /// By thread.
    left: Vec<Left>,
    /// Who has begun and not yet taken its first step.
    begins: Option<ThreadId>,
}

/// What a thread still has to do.
#[derive(Clone, Copy, Default)]
struct Left {
    own: u64,
    /// Of threads that it has yet to start, and those of theirs.
    below: u64,
    has_begun: bool,
    is_ready: bool,
}

impl Urw {
    pub(in super::super) fn new(generator: Generator, lengths: Arc<[Length]>) -> Self {
        let mut names = Names::default();
        (0..lengths.len()).for_each(|_| names.push(|place| &lengths[place].name));
        let steps: u64 = lengths.iter().map(|length| length.own).sum();
        let average = (steps / lengths.len().max(1) as u64).max(1);
        let (left, begins) = (Vec::new(), None);
        Self { generator, weights: Weights::default(), lengths, names, average, left, begins }
    }

    fn left(&mut self, thread: ThreadId) -> &mut Left {
        if self.left.len() <= thread.index() {
            self.left.resize(thread.index() + 1, Left::default());
        }
        &mut self.left[thread.index()]
    }

    fn weigh(&mut self, thread: ThreadId) {
        let Left { own, below, is_ready, .. } = *self.left(thread);
        // Whoever takes more steps than the pilot foretold can still go on.
        self.weights.set(thread, if is_ready { (own + below).max(1) } else { 0 });
    }
}

impl Strategy for Urw {
    fn next(&mut self, ready: &[ThreadId], running: Option<ThreadId>) -> ThreadId {
        match running {
            Some(running) if self.begins.take() == Some(running) => running,
            _ => self.weights.draw(&mut self.generator).unwrap_or(ready[0]),
        }
    }

    fn waiter(&mut self, count: usize) -> usize {
        self.generator.index(count)
    }

    fn arrives(&mut self, thread: ThreadId, name: &Name, by: ThreadId) {
        let known = self.names.find(name, |place| &self.lengths[place].name);
        let known = known.map(|place| &self.lengths[place]);
        let (own, below) = known.map_or((self.average, 0), |known| (known.own, known.below));
        let left = self.left(thread);
        (left.own, left.below) = (own, below);
        if thread != by {
            let starter = self.left(by);
            starter.below = starter.below.saturating_sub(own + below);
            self.weigh(by);
        }
    }

    fn reaches(&mut self, thread: ThreadId, _access: Access) {
        let left = self.left(thread);
        if left.has_begun {
            left.own = left.own.saturating_sub(1);
            self.begins = None;
            self.weigh(thread);
        } else {
            left.has_begun = true;
            self.begins = Some(thread);
        }
    }

    fn readied(&mut self, thread: ThreadId) {
        self.left(thread).is_ready = true;
        self.weigh(thread);
    }

    fn blocked(&mut self, thread: ThreadId) {
        self.left(thread).is_ready = false;
        self.weigh(thread);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::threads::kernel::Operation;
    use crate::seed::Seed;
    use crate::stream::Streams;
    use std::collections::BTreeMap;

    /// A root that starts two threads in two steps and takes one more; they take 2 and 3.
    fn tree() -> Arc<[Length]> {
        let length = |name: &str, own, below| Length { name: name.into(), own, below };
        [length("root", 3, 5), length("a", 2, 0), length("b", 3, 0)].into()
    }

    /// One order of the steps of [`tree`], a digit each.
    fn order(seed: u64) -> String {
        let mut urw = Urw::new(Streams::of(Seed::new(seed)).generator("test"), tree());
        let names = ["root", "a", "b"].map(Name::from);
        let mut steps_left = [3, 2, 3];
        let access = Access::of(Operation::Store, 1, 0);
        let mut ready = vec![ThreadId::ROOT];
        let mut order = String::new();
        let mut at_a_point = [false; 3];
        urw.arrives(ThreadId::ROOT, &names[0], ThreadId::ROOT);
        urw.readied(ThreadId::ROOT);
        let mut next = ThreadId::ROOT;
        loop {
            // Whoever is chosen takes its step and goes on to the next point, or to its end.
            let me = next.index();
            if std::mem::replace(&mut at_a_point[me], true) {
                order.push(char::from(b'0' + next.0 as u8));
                steps_left[me] -= 1;
                let started = 3 - steps_left[0];
                if me == 0 && started <= 2 {
                    let child = ThreadId(started);
                    urw.arrives(child, &names[child.index()], next);
                    urw.readied(child);
                    ready.push(child);
                }
            }
            if steps_left[me] == 0 {
                urw.blocked(next);
                ready.retain(|&thread| thread != next);
                if ready.is_empty() {
                    return order;
                }
                next = urw.next(&ready, None);
            } else {
                urw.reaches(next, access);
                next = urw.next(&ready, Some(next));
            }
        }
    }

    #[test]
    fn every_order_of_a_tree_of_known_lengths_is_equally_likely() {
        // The hook length formula for forests: 8! orders of all steps, divided by the size of the tree below each step.
        let orders_of_the_tree = 40_320 / (8 * 2 * 5 * 3 * 2);
        let fair = 400;
        let mut orders: BTreeMap<String, u64> = BTreeMap::new();
        for seed in 0..orders_of_the_tree * fair {
            *orders.entry(order(seed)).or_default() += 1;
        }
        assert_eq!(orders.len() as u64, orders_of_the_tree);
        // Chi square with 83 degrees of freedom: 83 on average, and above 150 once in a hundred thousand.
        let squares: u64 = orders.values().map(|&count| count.abs_diff(fair).pow(2)).sum();
        assert!(squares / fair < 150, "{} {orders:?}", squares / fair);
    }
}
