//! What a run looks like, for strategies that must know in advance: learned by a pilot run, never from other seeds.

use super::strategy::Sight;
use crate::log::Name;
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
    /// The keys of the objects that only one thread touches.
    pub private: Arc<[u64]>,
    /// Objects that several threads touch, the most used first, at most 16; and the points of each thread there.
    pub objects: Vec<(u64, Arc<[Length]>)>,
}

impl Shape {
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
