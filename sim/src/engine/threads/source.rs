//! Where a run's scheduling decisions come from: drawn from the seed, written in the plan, or tried one after the other.

use super::search::Search;
use super::strategy::Chosen;
use super::thread::ThreadId;
use crate::engine;
use crate::log::Name;
use crate::plan::{Deviation, Schedule, Turn};
use crate::stream::{Generator, Streams};
use std::collections::BTreeMap;
use std::time::Duration;

/// What comes between two steps although everybody could go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disturbance {
    /// The clock moves to the next timer; then the thread goes on.
    Time,
    /// The thread stands still for this long while the others run.
    Stall(Duration),
}

/// Decisions drawn while running, read from the plan, or asked of a search.
pub(super) enum Source {
    Drawn(Drawn),
    Written(Written),
    Searched(Box<Search>),
}

impl Source {
    /// Where a run's decisions come from: `schedule` as it is written, or drawn from `streams` by `strategy`.
    pub(super) fn new(schedule: Schedule, strategy: engine::Strategy, streams: &Streams) -> Self {
        match schedule {
            Schedule::Written(deviations) => Self::Written(Written::new(deviations)),
            Schedule::Drawn => {
                let generator = streams.generator("schedule");
                let strategy = Chosen::new(strategy, generator);
                Self::Drawn(Drawn { strategy, weather: Weather::of(streams) })
            }
        }
    }
}

/// Decisions drawn from the seed.
pub(super) struct Drawn {
    pub(super) strategy: Chosen,
    pub(super) weather: Weather,
}

/// When time moves or a thread stalls although everybody could go on: timeouts then race with work.
pub(super) struct Weather {
    /// Boxed, because half of all runs never ask it and every run moves its source around.
    generator: Option<Box<Generator>>,
    climate: Climate,
    /// Scheduling points until the next disturbance.
    calm: u64,
}

/// How often disturbances come in this run. Drawn once, so that some runs have none and some have many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Climate {
    /// Mean scheduling points between two disturbances; none where zero.
    every: u64,
    /// Of eight disturbances, how many stall the thread; the others move the clock.
    stalls: u32,
    /// The longest stall.
    longest: Duration,
}

impl Climate {
    /// Half of all runs are calm; in the others disturbances come every 4 to 256 points.
    fn drawn(generator: &mut Generator) -> Self {
        let every = if generator.chance(1, 2) { 0 } else { 4 << generator.within(0..=6) };
        let stalls = *generator.pick(&[0, 0, 1, 4]);
        let longest = Duration::from_nanos(1 << generator.within(0..=36));
        Self { every, stalls, longest }
    }
}

impl Weather {
    fn of(streams: &Streams) -> Self {
        let mut generator = streams.generator("schedule.time");
        let climate = Climate::drawn(&mut generator);
        let generator = (climate.every > 0).then(|| Box::new(generator));
        let mut weather = Self { generator, climate, calm: u64::MAX };
        weather.calm = weather.draw_calm();
        weather
    }

    fn draw_calm(&mut self) -> u64 {
        let every = self.climate.every;
        self.generator.as_mut().map_or(u64::MAX, |generator| generator.within(1..=2 * every))
    }

    /// Whether the next disturbance comes at this point.
    #[inline]
    pub(super) fn breaks(&mut self) -> bool {
        self.calm -= 1;
        self.calm == 0
    }

    /// What disturbs now; and draws when the next one comes.
    #[cold]
    pub(super) fn disturb(&mut self) -> Option<Disturbance> {
        self.calm = self.draw_calm();
        let generator = self.generator.as_mut()?;
        if generator.chance(self.climate.stalls, 8) {
            let longest = self.climate.longest;
            let stall = generator.duration_within(Duration::from_nanos(1)..=longest);
            Some(Disturbance::Stall(stall))
        } else {
            Some(Disturbance::Time)
        }
    }
}

/// Decisions read from the plan: deviations from the default rule.
pub(super) struct Written {
    /// What is planned, by thread name, in the order of points; moved to `by_thread` when the thread arrives.
    planned: BTreeMap<Name, Vec<(u64, Turn)>>,
    /// The rest of each thread's deviations, next one last.
    by_thread: Vec<Vec<(u64, Turn)>>,
    skipped: u64,
}

impl Written {
    fn new(deviations: Vec<Deviation>) -> Self {
        let mut planned: BTreeMap<Name, Vec<(u64, Turn)>> = BTreeMap::new();
        for Deviation { thread, point, turn } in deviations {
            planned.entry(thread).or_default().push((point, turn));
        }
        for turns in planned.values_mut() {
            // The next one is last; of several for one point the first listed is next.
            turns.reverse();
            turns.sort_by_key(|&(point, _)| std::cmp::Reverse(point));
        }
        Self { planned, by_thread: Vec::new(), skipped: 0 }
    }

    pub(super) fn arrives(&mut self, thread: ThreadId, name: &str) {
        debug_assert_eq!(self.by_thread.len(), thread.index(), "threads arrive in order");
        self.by_thread.push(self.planned.remove(name).unwrap_or_default());
    }

    /// The turn planned for the `point`-th scheduling point of `thread`, once. Which waiter a release wakes is asked
    /// apart, by [`Written::wakes`].
    #[inline]
    pub(super) fn turn(&mut self, thread: ThreadId, point: u64) -> Option<Turn> {
        let rest = &mut self.by_thread[thread.index()];
        while rest.last().is_some_and(|&(planned, _)| planned < point) {
            rest.pop();
            self.skipped += 1;
        }
        let place = rest
            .iter()
            .enumerate()
            .rev()
            .take_while(|(_, (planned, _))| *planned == point)
            .find(|(_, (_, turn))| !matches!(turn, Turn::Wakes(_)))
            .map(|(place, _)| place)?;
        Some(rest.remove(place).1)
    }

    /// Which waiter the plan wakes at this point, once. Other turns of the point stay.
    pub(super) fn wakes(&mut self, thread: ThreadId, point: u64) -> Option<u32> {
        let rest = &mut self.by_thread[thread.index()];
        let place = rest
            .iter()
            .rposition(|(planned, turn)| *planned == point && matches!(turn, Turn::Wakes(_)))?;
        match rest.remove(place) {
            (_, Turn::Wakes(age)) => Some(age),
            _ => None,
        }
    }

    /// Counts a turn that could not be taken.
    pub(super) fn skip(&mut self) {
        self.skipped += 1;
    }

    /// Deviations that did not apply: their point was never reached, or their thread was not ready.
    pub(super) fn skipped(&self) -> u64 {
        let unreached = self.planned.values().chain(&self.by_thread).map(Vec::len).sum::<usize>();
        self.skipped + unreached as u64
    }
}
