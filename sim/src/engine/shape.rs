//! What a run looks like, for strategies that must know in advance: learned by a pilot run, never from other seeds.

use super::strategy::Sight;
use crate::log::Name;
use crate::names::Names;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many points a thread passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    /// The thread.
    pub name: Name,
    /// Its own points.
    pub own: u64,
    /// Those of the threads that it starts, and of those that they start.
    pub below: u64,
}

/// What a pilot run has seen. It is a function of the scenario and its code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Scheduling steps of the whole run.
    pub steps: u64,
    /// By thread, all points.
    pub all: Arc<[Length]>,
    /// By thread, without those at objects that only one thread touches.
    pub shared: Arc<[Length]>,
    /// The keys of the objects that only one thread touches, in order.
    pub private: Arc<[u64]>,
    /// The keys of those that several threads touch, in order.
    pub several: Arc<[u64]>,
    /// Objects that several threads touch, the most used first, at most 16; and the points of each thread there.
    pub objects: Vec<(u64, Arc<[Length]>)>,
}

/// Shared objects whose uses a shape tells one by one.
pub(crate) const MOST_OBJECTS: usize = 16;

impl Shape {
    /// What two runs of one program have seen together: of each thread the more points, and an object that several threads touch
    /// in either of them is not private.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let several = keys(self.several.iter().chain(&*other.several), |_| true);
        let is_private = |key: &u64| several.binary_search(key).is_err();
        let private = keys(self.private.iter().chain(&*other.private), is_private);
        let mut objects: BTreeMap<u64, Arc<[Length]>> = BTreeMap::new();
        for (object, uses) in self.objects.iter().chain(&other.objects) {
            let known = objects.entry(*object).or_default();
            *known = longer(known, uses);
        }
        let mut objects: Vec<_> = objects.into_iter().collect();
        // The most used first; of as many uses the oldest.
        let uses = |lengths: &[Length]| lengths.iter().map(|length| length.own).sum::<u64>();
        objects.sort_by_key(|(_, lengths)| std::cmp::Reverse(uses(lengths)));
        objects.truncate(MOST_OBJECTS);
        Self {
            steps: self.steps.max(other.steps),
            all: longer(&self.all, &other.all),
            shared: longer(&self.shared, &other.shared),
            private,
            several,
            objects,
        }
    }

    /// The points of each thread at which a strategy with this sight is asked. Of an object that it does not know all.
    #[must_use]
    pub fn seen(&self, sight: &Sight) -> Arc<[Length]> {
        let lengths = match sight {
            Sight::Everything => &self.all,
            Sight::Shared { .. } => &self.shared,
            Sight::One(one) => {
                let known = self.objects.iter().find(|(object, _)| object == one);
                known.map_or(&self.all, |(_, lengths)| lengths)
            }
        };
        Arc::clone(lengths)
    }
}

/// Those of `keys` that `are_wanted`, in order.
fn keys<'a>(keys: impl Iterator<Item = &'a u64>, are_wanted: impl Fn(&u64) -> bool) -> Arc<[u64]> {
    let sorted: BTreeSet<u64> = keys.copied().filter(are_wanted).collect();
    sorted.into_iter().collect()
}

/// By thread the more of two counts, in the order of the first and then of those that only the second has.
fn longer(one: &[Length], other: &[Length]) -> Arc<[Length]> {
    let mut names = Names::default();
    (0..one.len()).for_each(|_| names.push(|place| &one[place].name));
    let mut both = one.to_vec();
    for length in other {
        match names.find(&length.name, |place| &one[place].name) {
            Some(place) => {
                let known = &mut both[place];
                known.own = known.own.max(length.own);
                known.below = known.below.max(length.below);
            }
            None => both.push(length.clone()),
        }
    }
    both.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(own: &[(&str, u64)]) -> Arc<[Length]> {
        let length = |&(name, own): &(&str, u64)| Length { name: name.into(), own, below: 0 };
        own.iter().map(length).collect()
    }

    #[test]
    fn what_either_run_saw_shared_is_shared_and_of_each_thread_the_more_counts() {
        let one = Shape {
            steps: 10,
            all: lengths(&[("main", 4), ("a", 6)]),
            shared: lengths(&[("main", 1), ("a", 6)]),
            private: [1, 2].into(),
            several: [3].into(),
            objects: vec![(3, lengths(&[("a", 2)]))],
        };
        let other = Shape {
            steps: 8,
            all: lengths(&[("main", 5), ("b", 3)]),
            shared: lengths(&[("main", 2), ("b", 3)]),
            private: [1, 3, 9].into(),
            several: [2].into(),
            objects: vec![(2, lengths(&[("b", 3)]))],
        };
        let both = Shape {
            steps: 10,
            all: lengths(&[("main", 5), ("a", 6), ("b", 3)]),
            shared: lengths(&[("main", 2), ("a", 6), ("b", 3)]),
            private: [1, 9].into(),
            several: [2, 3].into(),
            objects: vec![(2, lengths(&[("b", 3)])), (3, lengths(&[("a", 2)]))],
        };
        assert_eq!(one.and(&other), both);
    }
}
