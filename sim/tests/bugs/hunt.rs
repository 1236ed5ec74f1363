//! A hunt: one program, one schedule after the other, until one fails.

use retrip_sim::engine::threads::{Failure, Recording};
use retrip_sim::engine::{Disturbances, Setup, Shape, Sight, Strategy, run};
use retrip_sim::plan::Schedule;
use retrip_sim::portfolio::{PILOTS, Portfolio};
use retrip_sim::seed::Seed;
use retrip_sim::stream::Streams;

/// A program to hunt in, and what its pilot has seen.
pub(crate) struct Ground {
    program: fn(),
    shape: Shape,
}

/// What chooses the schedules.
#[derive(Clone, Debug)]
pub(crate) enum Chooser {
    /// One strategy for all, asked at every point.
    Only(Strategy),
    /// As in a sweep: each seed draws a strategy and a sight.
    Portfolio,
}

/// A schedule that fails.
#[derive(Debug)]
pub(crate) struct Catch {
    /// How many schedules it took, this one included.
    pub(crate) schedules: u64,
    /// Its seed.
    pub(crate) seed: Seed,
    /// What is wrong with it.
    pub(crate) failure: Failure,
}

impl Ground {
    /// Runs the pilots as those of a scenario: the default schedule, and random ones.
    pub(crate) fn of(program: fn()) -> Self {
        let pilot = |nth| {
            let schedule = if nth == 0 { Schedule::Written(Vec::new()) } else { Schedule::Drawn };
            let recording = Recording::Shape;
            let setup = Setup { schedule, recording, ..Setup::of(Seed::new(nth)) };
            run(setup, move |_| program()).shape
        };
        let shape = (0..PILOTS).filter_map(pilot).reduce(|one, other| one.and(&other));
        Self { program, shape: shape.unwrap_or_default() }
    }

    /// One of each strategy, with middling parameters for this program.
    pub(crate) fn strategies(&self) -> [Strategy; Strategy::NAMES.len()] {
        Strategy::each(&self.shape)
    }

    /// The first failing schedule among `most`, whose seeds begin at `start` times 2^32.
    pub(crate) fn hunt(&self, chooser: &Chooser, start: u64, most: u64) -> Option<Catch> {
        (0..most).find_map(|nth| {
            let seed = Seed::new((start << 32) + nth);
            let failure = self.failure(chooser, seed)?;
            Some(Catch { schedules: nth + 1, seed, failure })
        })
    }

    fn failure(&self, chooser: &Chooser, seed: Seed) -> Option<Failure> {
        let (strategy, sight) = match chooser {
            Chooser::Only(strategy) => (strategy.clone(), Sight::Everything),
            Chooser::Portfolio => Portfolio::of(&self.shape).draw(&Streams::of(seed)),
        };
        let program = self.program;
        let disturbances = Disturbances::Over(self.shape.steps);
        let setup = Setup { strategy, sight, disturbances, ..Setup::of(seed) };
        run(setup, move |_| program()).failure
    }
}

/// The middle one of these counts, the lower of two; none where that hunt came home with nothing.
pub(crate) fn median(mut counts: Vec<Option<u64>>) -> Option<u64> {
    counts.sort_by_key(|count| count.unwrap_or(u64::MAX));
    counts.get((counts.len().saturating_sub(1)) / 2).copied().flatten()
}
