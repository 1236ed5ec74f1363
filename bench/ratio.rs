//! Paired rounds: ours and theirs in turn, so that a machine that changes its speed changes both.

use rustix::time::{ClockId, clock_gettime};
use std::fmt;
use std::time::Duration;

/// The ratio theirs / ours over several rounds.
#[derive(Clone, Debug)]
pub struct Ratio {
    rounds: Vec<(Duration, Duration)>,
}

/// The time that the processor has spent on this process, all threads together. Unlike time on the wall it does not grow
/// while others have the processor.
#[must_use]
pub fn cpu_time() -> Duration {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(spent.tv_sec).expect("a process has spent no negative time");
    let nanos = u32::try_from(spent.tv_nsec).expect("nanoseconds are below a second");
    Duration::new(seconds, nanos)
}

/// The processor's time that `work` takes.
pub fn timed(work: impl FnOnce()) -> Duration {
    let start = cpu_time();
    work();
    cpu_time().saturating_sub(start)
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

    /// Each round's theirs in hundredths of ours, smallest first.
    fn hundredths(&self) -> Vec<u128> {
        let ratio = |(ours, theirs): &(Duration, Duration)| {
            theirs.as_nanos() * 100 / ours.as_nanos().max(1)
        };
        let mut ratios: Vec<u128> = self.rounds.iter().map(ratio).collect();
        ratios.sort_unstable();
        ratios
    }

    /// The median ratio, in hundredths.
    #[must_use]
    pub fn median(&self) -> u128 {
        let ratios = self.hundredths();
        ratios[ratios.len() / 2]
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
        let ratios = self.hundredths();
        let (low, high) = (Hundredths(ratios[0]), Hundredths(ratios[ratios.len() - 1]));
        format!("{} ({low} to {high})", Hundredths(self.median()))
    }
}

fn middle(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}

/// A number of hundredths: 1234 prints as `12.34`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hundredths(pub u128);

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
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
