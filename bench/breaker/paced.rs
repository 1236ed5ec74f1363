//! As many calls as take long enough to be timed.

use crate::side::Side;
use crate::work::Work;
use retrip_figures::spent::timed;
use std::time::Duration;

/// What is timed at once. Much longer than it takes to read the time, much shorter than the machine keeps one speed.
const BLOCK: Duration = Duration::from_micros(400);

/// A side that is set up, and how many of its calls take a [`BLOCK`].
pub(crate) struct Paced {
    pub(crate) side: Side,
    pub(crate) work: Work,
    pub(crate) calls: u64,
}

impl Paced {
    /// Nothing where there is no such breaker.
    pub(crate) fn of(side: Side) -> Option<Self> {
        let work = side.work()?;
        let mut calls = 64;
        // The first ones are slow, and take memory that the later ones have.
        work(calls);
        let took = loop {
            let took = timed(|| work(calls));
            if took * 8 >= BLOCK {
                break took;
            }
            calls *= 2;
        };
        let of_a_block = u128::from(calls) * BLOCK.as_nanos() / took.as_nanos();
        Some(Self { side, work, calls: u64::try_from(of_a_block).expect("calls take time") })
    }

    /// The picoseconds of the processor's that a call takes, in a block of them.
    pub(crate) fn picoseconds(&self) -> u128 {
        timed(|| (self.work)(self.calls)).as_nanos() * 1_000 / u128::from(self.calls)
    }
}
