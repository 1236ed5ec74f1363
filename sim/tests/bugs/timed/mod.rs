//! The bugs that only a clock shows: a timer fires while somebody could still go on, or a thread stands still for a while.

mod answered_and_timed_out;
mod cancelled_by_timer;
mod charged_and_refunded;
mod lease;
mod sleeps_for_order;

use super::program::{Program, Version, bell, cancelled_transfer};
use super::{block_on, sync, thread, time, timer};

/// The programs that wait for a time.
pub(crate) const PROGRAMS: [Program; 5] = [
    charged_and_refunded::PROGRAM,
    answered_and_timed_out::PROGRAM,
    lease::PROGRAM,
    sleeps_for_order::PROGRAM,
    cancelled_by_timer::PROGRAM,
];
