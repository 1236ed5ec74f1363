//! When time moves, or a thread stalls, although everybody could go on: timeouts then race with work.

use crate::engine::Disturbances;
use crate::stream::{Generator, Streams};
use std::time::Duration;

/// What comes between two steps although everybody could go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disturbance {
    /// The clock moves to the next timer; then the schedule decides who goes on.
    Time,
    /// The thread stands still for this long while the others run.
    Stall(Duration),
}

/// When disturbances come.
pub(super) struct Weather {
    /// Boxed, because many runs never ask it and every run moves its source around.
    generator: Option<Box<Generator>>,
    climate: Climate,
    /// Scheduling points until the next disturbance.
    calm: u64,
    /// Scheduling points for which disturbances come from then on.
    left: u64,
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

/// The longest run that disturbances are spread over; in a longer one they come no less often.
const LONGEST: u64 = 1 << 16;
/// A run that has become this many times as long as was expected is left alone: where time moves on and on, whoever tries again
/// after each timeout would never come to an end.
const PATIENCE: u64 = 4;
/// But for the first points of every run.
const AT_LEAST: u64 = 1024;

impl Climate {
    /// Nothing comes between.
    const CALM: Self = Self { every: 0, stalls: 0, longest: Duration::ZERO };

    /// A quarter of all runs are calm. In the others disturbances come every 2, 4, 8 ... points, up to about the `steps` of the
    /// run, each as likely: what matters may be one moment of a long run, or one in five of a short one.
    fn drawn(generator: &mut Generator, steps: u64) -> Self {
        let scales = u64::from(steps.clamp(4, LONGEST).ilog2()) - 1;
        let every = if generator.chance(1, 4) { 0 } else { 2 << generator.within(0..=scales) };
        let stalls = *generator.pick(&[0, 0, 1, 4]);
        let longest = Duration::from_nanos(1 << generator.within(0..=36));
        Self { every, stalls, longest }
    }
}

impl Weather {
    pub(super) fn of(streams: &Streams, disturbances: Disturbances) -> Self {
        let Disturbances::Over(steps) = disturbances else {
            return Self { generator: None, climate: Climate::CALM, calm: u64::MAX, left: 0 };
        };
        let mut generator = streams.generator("schedule.time");
        let climate = Climate::drawn(&mut generator, steps);
        let generator = (climate.every > 0).then(|| Box::new(generator));
        let left = steps.saturating_mul(PATIENCE).max(AT_LEAST);
        let mut weather = Self { generator, climate, calm: u64::MAX, left };
        weather.calm = weather.draw_calm();
        weather
    }

    fn draw_calm(&mut self) -> u64 {
        let Some(generator) = &mut self.generator else { return u64::MAX };
        let calm = generator.within(1..=2 * self.climate.every);
        let left = self.left.checked_sub(calm);
        self.left = left.unwrap_or_default();
        left.map_or(u64::MAX, |_| calm)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;
    use std::collections::BTreeMap;

    #[test]
    fn a_run_that_goes_on_and_on_is_left_alone() {
        for seed in 0..100 {
            let mut weather = Weather::of(&Streams::of(Seed::new(seed)), Disturbances::Over(1_000));
            let points =
                (1..10_000_u64).filter(|_| weather.breaks() && weather.disturb().is_some());
            let last = points.last().unwrap_or_default();
            assert!(last <= 4_000, "seed {seed}: at point {last}");
        }
    }

    #[test]
    fn disturbances_come_at_every_scale_of_a_run_up_to_its_length() {
        for (steps, scales) in [(0, 1..=2), (12, 1..=3), (2_000, 1..=10), (u64::MAX, 1..=16)] {
            let mut seen = BTreeMap::<u64, u32>::new();
            for seed in 0..2_000 {
                let weather = Weather::of(&Streams::of(Seed::new(seed)), Disturbances::Over(steps));
                *seen.entry(weather.climate.every).or_default() += 1;
            }
            let calm = seen.remove(&0).unwrap_or_default();
            assert!((400..600).contains(&calm), "of {steps} steps {calm} of 2000 are calm");
            let wanted: Vec<u64> = scales.map(|scale| 1 << scale).collect();
            assert_eq!(seen.keys().copied().collect::<Vec<_>>(), wanted, "of {steps} steps");
            let each = 1_500 / u32::try_from(wanted.len()).unwrap();
            assert!(seen.values().all(|&count| count > each / 2), "of {steps} steps {seen:?}");
        }
    }
}
