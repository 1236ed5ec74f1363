//! Paired rounds: ours and theirs in turn, so that a machine that changes its speed changes both.

use std::fmt;
use std::time::{Duration, Instant};

/// The ratio theirs / ours over several rounds.
#[derive(Clone, Debug)]
pub struct Ratio {
    rounds: Vec<(Duration, Duration)>,
}

impl Ratio {
    /// Runs `ours` and `theirs` in turn, `rounds` times after one round that does not count.
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
    pub fn of(rounds: usize, mut ours: impl FnMut(u64), mut theirs: impl FnMut(u64)) -> Self {
        let mut time = |round: u64, ours_first: bool| {
            let mut one = |which: bool| {
                let start = Instant::now();
                if which {
                    ours(round)
                } else {
                    theirs(round)
                }
                start.elapsed()
            };
            let first = one(ours_first);
            let second = one(!ours_first);
            if ours_first { (first, second) } else { (second, first) }
        };
        time(0, true);
        let rounds = (0..rounds as u64).map(|round| time(round, round % 2 == 0)).collect();
        Self { rounds }
    }

    /// Each round's theirs in hundredths of ours, smallest first.
    fn hundredths(&self) -> Vec<u128> {
        let ratio = |(ours, theirs): &(Duration, Duration)| {
            theirs.as_nanos() * 100 / ours.as_nanos().max(1)
        };
        let mut ratios: Vec<u128> = self.rounds.iter().map(ratio).collect();
        ratios.sort_unstable();
        ratios
    }

    /// The median of ours, in nanoseconds.
    #[must_use]
    pub fn our_median(&self) -> u128 {
        let mut ours: Vec<u128> = self.rounds.iter().map(|(ours, _)| ours.as_nanos()).collect();
        ours.sort_unstable();
        ours[ours.len() / 2]
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ratios = self.hundredths();
        let show = |at: usize| format!("{}.{:02}", ratios[at] / 100, ratios[at] % 100);
        let (low, mid, high) = (show(0), show(ratios.len() / 2), show(ratios.len() - 1));
        write!(f, "{mid:>7} (min {low}, max {high})")
    }
}
