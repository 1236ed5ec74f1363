//! Their side: the same programs on shuttle 0.9, with its own schedulers.

use shuttle::scheduler::{
    PctScheduler, RandomScheduler, RoundRobinScheduler, Scheduler, UrwRandomScheduler,
};
use shuttle::sync::mpsc::sync_channel;
use shuttle::{Config, MaxSteps, Runner};
use shuttle::{sync, thread};
use std::fmt;

#[path = "work.rs"]
mod work;

use crate::load::Load;

/// Those of its schedulers that choose as a strategy of ours does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chooser {
    /// Uniformly among the ready threads.
    Random,
    /// Uniform random walk; the first schedule of each call is its pilot.
    Urw,
    /// Random priorities, with one change point less than `depth`.
    Pct {
        /// At least 1.
        depth: usize,
    },
    /// Everybody in turn, one step each.
    RoundRobin,
}

/// `schedules` runs of `load`.
pub fn run(load: Load, chooser: Chooser, seed: u64, schedules: usize) {
    match chooser {
        Chooser::Random => drive(load, RandomScheduler::new_from_seed(seed, schedules)),
        Chooser::Urw => drive(load, UrwRandomScheduler::new_from_seed(seed, schedules)),
        Chooser::Pct { depth } => drive(load, PctScheduler::new_from_seed(seed, depth, schedules)),
        Chooser::RoundRobin => drive(load, RoundRobinScheduler::new(schedules)),
    }
}

fn drive(load: Load, scheduler: impl Scheduler + 'static) {
    let mut config = Config::new();
    config.max_steps = MaxSteps::None;
    Runner::new(scheduler, config).run(move || work::perform(load));
}

impl fmt::Display for Chooser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Random => f.write_str("random"),
            Self::Urw => f.write_str("urw"),
            Self::Pct { depth } => write!(f, "pct {depth}"),
            Self::RoundRobin => f.write_str("round-robin"),
        }
    }
}
