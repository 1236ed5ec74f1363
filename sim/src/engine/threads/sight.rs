//! Who looks on at each step: the sight, which passes over points, the pilot's survey, and the count of orders.

use super::access::Access;
use super::kernel::Operation;
use super::ledger::place;
use super::orders::Orders;
use super::thread::ThreadId;
use crate::engine::Recording;
use crate::engine::{CountOrders, Length, MOST_OBJECTS, Shape, Sight};
use crate::log::Name;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who has touched an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Toucher {
    /// Nobody yet, of an object that only one thread touched in the pilot.
    Nobody,
    Only(ThreadId),
    /// Several threads, in this run or in the pilot; or the pilot knows nothing of it.
    Several,
}

/// Objects by their creator and number, and who touched them: one lookup in two lists.
#[derive(Debug, Default)]
struct Touchers(Vec<Vec<Toucher>>);

impl Touchers {
    fn of(private: &[u64]) -> Self {
        let mut touchers = Self::default();
        for &object in private {
            let (creator, nth) = place(object);
            if touchers.0.len() <= creator {
                touchers.0.resize_with(creator + 1, Vec::new);
            }
            let objects = &mut touchers.0[creator];
            if objects.len() <= nth {
                objects.resize(nth + 1, Toucher::Several);
            }
            objects[nth] = Toucher::Nobody;
        }
        touchers
    }

    /// Notes that `thread` touches `object`, and whether nobody else does.
    #[inline]
    fn is_private(&mut self, thread: ThreadId, object: u64) -> bool {
        let (creator, nth) = place(object);
        let Some(toucher) = self.0.get_mut(creator).and_then(|objects| objects.get_mut(nth)) else {
            return false;
        };
        match *toucher {
            Toucher::Nobody => *toucher = Toucher::Only(thread),
            Toucher::Only(only) if only == thread => {}
            Toucher::Only(_) | Toucher::Several => {
                *toucher = Toucher::Several;
                return false;
            }
        }
        true
    }
}

/// Points that are passed over one after the other before one is none the less a point: whoever waits in a loop for what
/// only others can do must let them.
const MOST_IN_A_ROW: u32 = 64;

/// Which points count.
struct Watched {
    sight: Sight,
    touchers: Touchers,
    in_a_row: u32,
}

impl Watched {
    /// What `sight` asks for; none where every point counts.
    fn of(sight: Sight) -> Option<Self> {
        let touchers = match &sight {
            Sight::Everything => return None,
            Sight::Shared { private } => Touchers::of(private),
            Sight::One(_) => Touchers::default(),
        };
        Some(Self { sight, touchers, in_a_row: 0 })
    }

    /// Whether the strategy is not asked before `thread` does `operation` on `object`.
    #[inline]
    fn passes_over(&mut self, thread: ThreadId, operation: Operation, object: u64) -> bool {
        let hidden = match self.sight {
            Sight::Everything => false,
            Sight::Shared { .. } => {
                operation.is_on_an_object() && self.touchers.is_private(thread, object)
            }
            Sight::One(one) => !operation.is_on_an_object() || object != one,
        };
        if hidden && self.in_a_row < MOST_IN_A_ROW {
            self.in_a_row += 1;
            return true;
        }
        self.in_a_row = 0;
        false
    }
}

/// Whoever is told of each step: one question for all of them, because most runs have none.
#[derive(Default)]
pub(super) struct Onlookers {
    watched: Option<Watched>,
    /// Where the run is a pilot.
    survey: Option<Survey>,
    orders: Option<Orders>,
}

impl Onlookers {
    /// Those that a run asks for; none, where it asks for none.
    pub(super) fn of(sight: Sight, recording: Recording, orders: CountOrders) -> Option<Box<Self>> {
        let onlookers = Self {
            watched: Watched::of(sight),
            survey: (recording == Recording::Shape).then(Survey::default),
            orders: (orders == CountOrders::Yes).then(Orders::default),
        };
        let some =
            onlookers.watched.is_some() || onlookers.survey.is_some() || onlookers.orders.is_some();
        some.then(|| Box::new(onlookers))
    }

    pub(super) fn arrives(&mut self, name: &Name, by: ThreadId) {
        if let Some(survey) = &mut self.survey {
            survey.arrives(name, by);
        }
    }

    /// `thread` is before `operation` on `object`. Whether the strategy is not asked.
    pub(super) fn reaches(&mut self, thread: ThreadId, operation: Operation, object: u64) -> bool {
        if let Some(survey) = &mut self.survey {
            survey.reaches(thread, operation, object);
        }
        if let Some(orders) = &mut self.orders {
            orders.reaches(thread, Access::of(operation, object, thread.0));
        }
        let watched = self.watched.as_mut();
        watched.is_some_and(|watched| watched.passes_over(thread, operation, object))
    }

    /// `thread` takes its step.
    pub(super) fn takes(&mut self, thread: ThreadId, now: u64) {
        if let Some(orders) = &mut self.orders {
            orders.takes(thread, now);
        }
    }

    /// The step that was taken last only began to wait.
    pub(super) fn takes_back(&mut self) {
        if let Some(orders) = &mut self.orders {
            orders.takes_back();
        }
    }

    /// What they have seen of a run of `steps` steps: its shape and its order.
    pub(super) fn seen(self, steps: u64) -> (Option<Shape>, Option<u64>) {
        (self.survey.map(|survey| survey.shape(steps)), self.orders.map(|orders| orders.number()))
    }
}

/// Sees what a pilot run does.
#[derive(Debug, Default)]
struct Survey {
    /// By thread: its name, who started it, and its points.
    threads: Vec<(Name, ThreadId, u64)>,
    /// How often each thread touched each object.
    touches: BTreeMap<(u64, ThreadId), u64>,
}

impl Survey {
    fn arrives(&mut self, name: &Name, by: ThreadId) {
        self.threads.push((name.clone(), by, 0));
    }

    fn reaches(&mut self, thread: ThreadId, operation: Operation, object: u64) {
        self.threads[thread.index()].2 += 1;
        if operation.is_on_an_object() {
            *self.touches.entry((object, thread)).or_default() += 1;
        }
    }

    /// What it has seen, in a run of `steps` steps.
    fn shape(self, steps: u64) -> Shape {
        let Self { threads, touches } = self;
        let mut objects: BTreeMap<u64, Vec<(ThreadId, u64)>> = BTreeMap::new();
        for ((object, thread), count) in touches {
            objects.entry(object).or_default().push((thread, count));
        }
        let all: Vec<u64> = threads.iter().map(|&(_, _, points)| points).collect();
        let mut seen = all.clone();
        let is_private = |by: &Vec<_>| by.len() == 1;
        let private = objects.iter().filter(|(_, by)| is_private(by)).map(|(&object, _)| object);
        let private = private.collect();
        for (thread, count) in objects.values().filter(|by| is_private(by)).flatten() {
            seen[thread.index()] -= count;
        }
        objects.retain(|_, by| !is_private(by));
        let several = objects.keys().copied().collect();
        let mut most: Vec<u64> = objects.keys().copied().collect();
        // The most used first; of as many uses the oldest.
        most.sort_by_key(|object| {
            std::cmp::Reverse(objects[object].iter().map(|use_| use_.1).sum::<u64>())
        });
        let of_one = |object: u64| {
            let mut own = vec![0; threads.len()];
            objects[&object].iter().for_each(|&(thread, count)| own[thread.index()] = count);
            (object, lengths(&threads, &own))
        };
        Shape {
            steps,
            all: lengths(&threads, &all),
            shared: lengths(&threads, &seen),
            private,
            several,
            objects: most.into_iter().take(MOST_OBJECTS).map(of_one).collect(),
        }
    }
}

/// Of each thread its own points, and those of all that it starts and they start.
fn lengths(threads: &[(Name, ThreadId, u64)], own: &[u64]) -> Arc<[Length]> {
    let mut below = vec![0; threads.len()];
    // Whoever is started comes after who starts it.
    for (index, &(_, by, _)) in threads.iter().enumerate().rev() {
        if by.index() != index {
            below[by.index()] += own[index] + below[index];
        }
    }
    let length = |(index, (name, _, _)): (usize, &(Name, ThreadId, u64))| Length {
        name: name.clone(),
        own: own[index],
        below: below[index],
    };
    threads.iter().enumerate().map(length).collect()
}
