//! The real world: operating system clocks, threads, locks and files.

mod clock;
mod context;
mod disk;
mod process;
mod random;
mod spawn;
mod sync;
mod timer;

pub use disk::SystemFile;
pub(crate) use process::{keep_for_process, kept_of_process};

use super::{Plant, Plants};

/// The platform of production: everything is the operating system's. It has no state and costs nothing to copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct System;

impl Plants for System {
    const PLANTS: bool = false;

    #[inline]
    fn planted(&self, _plant: Plant) -> bool {
        false
    }
}
