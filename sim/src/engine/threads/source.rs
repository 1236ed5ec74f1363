//! Where a run's scheduling decisions come from: drawn from the seed, written in the plan, or tried one after the other.

use super::search::Search;
use super::strategy::Chosen;
use super::thread::{Thread, ThreadId};
use super::unmet::{Unmet, WhyUnmet};
use super::weather::Weather;
use crate::engine;
use crate::log::Name;
use crate::plan::{Deviation, Schedule, Turn};
use crate::stream::{Generator, Streams};
use std::collections::BTreeMap;

/// Decisions drawn while running, read from the plan, or asked of a search.
pub(super) enum Source {
    Drawn(Drawn),
    Written(Written),
    Searched(Box<Search>),
}

impl Source {
    /// Where a run's decisions come from: `schedule` as it is written, or drawn from `streams` by `strategy`.
    pub(super) fn new(
        schedule: Schedule,
        strategy: engine::Strategy,
        spurious: engine::Spurious,
        streams: &Streams,
        disturbances: engine::Disturbances,
    ) -> Self {
        match schedule {
            Schedule::Written(deviations) => Self::Written(Written::new(deviations)),
            Schedule::Drawn => {
                let generator = streams.generator("schedule");
                let strategy = Chosen::new(strategy, generator);
                let (weather, caprice) =
                    (Weather::of(streams, disturbances), Caprice::of(spurious, streams));
                Self::Drawn(Drawn { strategy, weather, caprice })
            }
        }
    }
}

/// Decisions drawn from the seed.
pub(super) struct Drawn {
    pub(super) strategy: Chosen,
    pub(super) weather: Weather,
    pub(super) caprice: Caprice,
}

/// When something comes out wrong for no reason. Drawn once, so that some runs are spared and some are not; and only when it
/// is first asked for, since most runs do nothing that could.
pub(super) enum Caprice {
    Unasked(Streams),
    Never,
    /// Once in so many times.
    OnceIn(u32, Box<Generator>),
}

impl Caprice {
    fn of(spurious: engine::Spurious, streams: &Streams) -> Self {
        match spurious {
            engine::Spurious::Never => Self::Never,
            engine::Spurious::Drawn => Self::Unasked(*streams),
        }
    }

    /// Whether it does this time.
    pub(super) fn strikes(&mut self) -> bool {
        if let Self::Unasked(streams) = self {
            let mut generator = streams.generator("schedule.spurious");
            *self = if generator.chance(1, 2) {
                Self::Never
            } else {
                Self::OnceIn(2 << generator.within(0..=5), Box::new(generator))
            };
        }
        match self {
            Self::OnceIn(once_in, generator) => generator.chance(1, *once_in),
            Self::Unasked(_) | Self::Never => false,
        }
    }
}

/// Decisions read from the plan: deviations from the default rule.
pub(super) struct Written {
    /// As the plan lists them. Elsewhere a deviation is its place in here.
    deviations: Vec<Deviation>,
    /// What is planned, by thread name, in the order of points; moved to `by_thread` when the thread arrives.
    planned: BTreeMap<Name, Vec<usize>>,
    /// The rest of each thread's deviations, next one last.
    by_thread: Vec<Vec<usize>>,
    /// Those that are known not to apply.
    unmet: Vec<(usize, WhyUnmet)>,
}

impl Written {
    fn new(deviations: Vec<Deviation>) -> Self {
        let mut planned: BTreeMap<Name, Vec<usize>> = BTreeMap::new();
        for (place, deviation) in deviations.iter().enumerate() {
            planned.entry(deviation.thread.clone()).or_default().push(place);
        }
        for places in planned.values_mut() {
            // The next one is last; of several for one point the first listed is next.
            places.reverse();
            places.sort_by_key(|&place| std::cmp::Reverse(deviations[place].point));
        }
        Self { deviations, planned, by_thread: Vec::new(), unmet: Vec::new() }
    }

    pub(super) fn arrives(&mut self, thread: ThreadId, name: &str) {
        debug_assert_eq!(self.by_thread.len(), thread.index(), "threads arrive in order");
        self.by_thread.push(self.planned.remove(name).unwrap_or_default());
    }

    /// The turn planned for the `point`-th scheduling point of `thread`, once, and its place in the plan. Which waiter a
    /// release wakes is asked apart, by [`Written::wakes`], and what happens for no reason by [`Written::is_spurious`].
    #[inline]
    pub(super) fn turn(&mut self, thread: ThreadId, point: u64) -> Option<(usize, Turn)> {
        let next = *self.by_thread[thread.index()].last()?;
        if self.deviations[next].point > point { None } else { self.due_turn(thread, point) }
    }

    /// The same where something is planned for this point or an earlier one.
    #[cold]
    fn due_turn(&mut self, thread: ThreadId, point: u64) -> Option<(usize, Turn)> {
        let Self { deviations, by_thread, unmet, .. } = self;
        let rest = &mut by_thread[thread.index()];
        let (mut found, mut kept) = (None, Vec::new());
        // The next one is last, so that of several for one point the first listed is found.
        while let Some(place) = rest.pop_if(|place| deviations[*place].point <= point) {
            let Deviation { point: planned, turn, .. } = &deviations[place];
            match (*planned == point, turn) {
                (true, Turn::Wakes(_) | Turn::Spurious) => kept.push(place),
                (true, _) if found.is_none() => found = Some(place),
                // Once the clock has moved, something else may happen at the same point.
                (true, _)
                    if found.is_some_and(|found: usize| deviations[found].turn == Turn::Time) =>
                {
                    kept.push(place);
                }
                (true, _) => unmet.push((place, WhyUnmet::Taken)),
                (false, turn) => unmet.push((place, unasked(turn))),
            }
        }
        rest.extend(kept.into_iter().rev());
        found.map(|place| (place, deviations[place].turn.clone()))
    }

    /// Whether the plan says that what `thread` does at this point comes out wrong for no reason, once. Other turns of the point
    /// stay.
    pub(super) fn is_spurious(&mut self, thread: ThreadId, point: u64) -> bool {
        let rest = &mut self.by_thread[thread.index()];
        // The next ones are last: what is planned for later need not be looked at, of which there may be very much.
        let due = |&(_, place): &(usize, &usize)| self.deviations[*place].point <= point;
        let mut due = rest.iter().enumerate().rev().take_while(due);
        let found = due.find(|&(_, &place)| {
            let Deviation { point: planned, turn, .. } = &self.deviations[place];
            *planned == point && *turn == Turn::Spurious
        });
        let found = found.map(|(index, _)| index);
        found.map(|index| rest.remove(index)).is_some()
    }

    /// Which waiter the plan wakes at this point, once, and the place of that in the plan. Other turns of the point stay.
    pub(super) fn wakes(&mut self, thread: ThreadId, point: u64) -> Option<(usize, u32)> {
        let rest = &mut self.by_thread[thread.index()];
        let due = |&(_, place): &(usize, &usize)| self.deviations[*place].point <= point;
        let mut due = rest.iter().enumerate().rev().take_while(due);
        let (index, place, age) = due.find_map(|(index, &place)| match self.deviations[place] {
            Deviation { point: planned, turn: Turn::Wakes(age), .. } if planned == point => {
                Some((index, place, age))
            }
            _ => None,
        })?;
        rest.remove(index);
        Some((place, age))
    }

    /// Keeps that the turn at this place in the plan could not be taken.
    pub(super) fn skip(&mut self, place: usize, why: WhyUnmet) {
        self.unmet.push((place, why));
    }

    /// The deviations that did not apply to a run of these threads, as the plan lists them, and why.
    pub(super) fn unmet(self, threads: &[Thread]) -> Vec<Unmet> {
        let Self { deviations, planned, by_thread, mut unmet } = self;
        if unmet.is_empty() && planned.is_empty() && by_thread.iter().all(Vec::is_empty) {
            return Vec::new();
        }
        let no_thread = |name: &Name| {
            let first = threads.iter().take(MOST_NAMED).map(|thread| thread.name.clone());
            WhyUnmet::NoThread {
                name: name.clone(),
                first: first.collect(),
                threads: threads.len(),
            }
        };
        for (name, places) in &planned {
            unmet.extend(places.iter().map(|&place| (place, no_thread(name))));
        }
        for (thread, places) in threads.iter().zip(&by_thread) {
            unmet.extend(places.iter().map(|&place| {
                let Deviation { point, turn, .. } = &deviations[place];
                let points = thread.points;
                let why =
                    if *point > points { WhyUnmet::NoPoint { points } } else { unasked(turn) };
                (place, why)
            }));
        }
        unmet.sort_by_key(|&(place, _)| place);
        let missing = |why: WhyUnmet, turn: &Turn| match (why, turn) {
            (WhyUnmet::NotBegun, Turn::To(name))
                if !threads.iter().any(|thread| thread.name == *name) =>
            {
                no_thread(name)
            }
            (why, _) => why,
        };
        let unmet = unmet.into_iter().map(|(place, why)| {
            let deviation = deviations[place].clone();
            let why = missing(why, &deviation.turn);
            Unmet { deviation, why }
        });
        unmet.collect()
    }
}

/// Why nobody asked for `turn` although its thread came to its point.
fn unasked(turn: &Turn) -> WhyUnmet {
    match turn {
        Turn::Wakes(_) => WhyUnmet::NoWaiter,
        Turn::Spurious => WhyUnmet::NeverFails,
        Turn::To(_) | Turn::Time | Turn::Stall(_) => WhyUnmet::NoDecision,
    }
}

/// The most threads that are named where one is missing.
const MOST_NAMED: usize = 8;
