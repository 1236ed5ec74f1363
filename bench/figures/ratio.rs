//! Paired rounds: ours and theirs in turn, so that a machine that changes its speed changes both.

use crate::spent::timed;
use crate::spread::{Spread, hundredths};
use std::fmt;
use std::time::Duration;

/// The ratio theirs / ours over several rounds.
#[derive(Clone, Debug)]
pub struct Ratio {
    rounds: Vec<(Duration, Duration)>,
}

impl Ratio {
    /// Runs `ours` and `theirs` in turn, `rounds` times after one round that does not count.
    pub fn of(rounds: usize, mut ours: impl FnMut(u64), mut theirs: impl FnMut(u64)) -> Self {
        Self::of_timed(rounds, |round| timed(|| ours(round)), |round| timed(|| theirs(round)))
    }

    /// Like [`Ratio::of`], for two sides that time themselves.
    pub fn of_timed(
        rounds: usize,
        mut ours: impl FnMut(u64) -> Duration,
        mut theirs: impl FnMut(u64) -> Duration,
    ) -> Self {
        let mut pair = |round: u64| {
            if round.is_multiple_of(2) {
                let ours = ours(round);
                (ours, theirs(round))
            } else {
                let theirs = theirs(round);
                (ours(round), theirs)
            }
        };
        pair(0);
        Self { rounds: (1..=rounds as u64).map(pair).collect() }
    }

    /// Each round's theirs over ours.
    #[must_use]
    pub fn spread(&self) -> Spread {
        let ratio =
            |(ours, theirs): &(Duration, Duration)| hundredths(theirs.as_nanos(), ours.as_nanos());
        Spread::of(self.rounds.iter().map(ratio))
    }

    /// The median ratio, in hundredths.
    #[must_use]
    pub fn median(&self) -> u128 {
        self.spread().median()
    }

    /// The median of ours.
    #[must_use]
    pub fn our_median(&self) -> Duration {
        middle(self.rounds.iter().map(|(ours, _)| *ours))
    }

    /// The median of theirs.
    #[must_use]
    pub fn their_median(&self) -> Duration {
        middle(self.rounds.iter().map(|(_, theirs)| *theirs))
    }

    /// The median and the range, in the words of a cell: `9.10 (8.80 to 9.52)`.
    #[must_use]
    pub fn cell(&self) -> String {
        self.spread().cell()
    }
}

fn middle(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spread().fmt(f)
    }
}
