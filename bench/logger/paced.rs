//! As many events as take long enough to be timed.

use crate::side::{Cell, Crowd, Fate, Maker, work};
use crate::target::{Place, empty_files};
use crate::work::Work;
use retrip_figures::spent::{thread_time, timed};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

/// What is timed at once. Much longer than it takes to read the time, much shorter than the machine keeps one speed.
const BLOCK: Duration = Duration::from_micros(400);
/// The same for each of eight threads: long enough that two of them meet.
const LONG_BLOCK: Duration = Duration::from_micros(1_500);

/// A logger that is set up, and how many of its events take a block.
pub(crate) struct Paced {
    work: Work,
    cell: Cell,
    events: u64,
}

impl Paced {
    pub(crate) fn of(maker: Maker, cell: Cell) -> Self {
        let work = work(maker, cell.fate);
        let mut events = 64;
        // The first ones are slow, and take memory that the later ones have.
        work(events);
        let took = loop {
            let took = timed(|| work(events));
            if took * 8 >= BLOCK {
                break took;
            }
            events *= 2;
        };
        let block = match cell.crowd {
            Crowd::One => BLOCK,
            Crowd::Eight => LONG_BLOCK,
        };
        let of_a_block = u128::from(events) * block.as_nanos() / took.as_nanos();
        Self { work, cell, events: u64::try_from(of_a_block).expect("events take time") }
    }

    /// The picoseconds of the processor's that an event takes in the thread that logs it.
    pub(crate) fn picoseconds(&self) -> u128 {
        let spent = match self.cell.crowd {
            Crowd::One => timed(|| (self.work)(self.events)),
            Crowd::Eight => self.by_eight(),
        };
        if self.cell.fate == Fate::Written(Place::File) {
            empty_files();
        }
        let events = u128::from(self.events) * self.cell.crowd.threads() as u128;
        spent.as_nanos() * 1_000 / events
    }

    fn by_eight(&self) -> Duration {
        let start = Barrier::new(self.cell.crowd.threads());
        let log = || {
            // The first event of a thread is where it gets its buffers.
            (self.work)(1);
            start.wait();
            let began = thread_time();
            (self.work)(self.events);
            thread_time().saturating_sub(began)
        };
        thread::scope(|scope| {
            let threads: Vec<_> =
                (0..self.cell.crowd.threads()).map(|_| scope.spawn(log)).collect();
            threads.into_iter().map(|thread| thread.join().expect("it logs")).sum()
        })
    }
}
