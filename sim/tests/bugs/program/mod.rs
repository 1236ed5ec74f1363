//! The classic bugs, each in a file of its own and written against std's shapes: the module above says whose they are, so that
//! one program runs on this engine and on its peers.

mod ab_ba;
mod aba_stack;
mod barrier_reuse;
pub(crate) mod bell;
pub(crate) mod cancelled_transfer;
mod check_then_act;
mod double_checked;
mod double_release;
mod half_read;
mod if_for_while;
mod lost_update;
mod lost_wake_up;
mod merged_unparks;
mod order;
mod philosophers;
mod semaphore;
mod stale_read;
mod starved_writer;
mod upgrade;

use super::{block_on, sync, thread};

/// A program with a bug that some schedules show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// The bug in one sentence.
    pub(crate) about: &'static str,
    /// What a run says that shows the bug.
    pub(crate) symptom: &'static str,
    /// Fails under some schedules.
    pub(crate) faulty: fn(),
    /// The same without the bug, where that is not the empty program.
    pub(crate) mended: Option<fn()>,
}

/// What the run of a program says in which nobody can go on.
pub(crate) const DEADLOCK: &str = "deadlock";

/// Whether a program is played with its bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// With the bug.
    Faulty,
    /// Without it.
    Mended,
}

/// The programs that need no clock.
pub(crate) const PROGRAMS: [Program; 20] = [
    lost_update::PROGRAM,
    stale_read::PROGRAM,
    check_then_act::PROGRAM,
    double_release::PROGRAM,
    double_checked::PROGRAM,
    half_read::PROGRAM,
    semaphore::PROGRAM,
    upgrade::PROGRAM,
    ab_ba::PROGRAM,
    philosophers::PROGRAM,
    lost_wake_up::PROGRAM,
    if_for_while::PROGRAM,
    merged_unparks::PROGRAM,
    barrier_reuse::PROGRAM,
    starved_writer::PROGRAM,
    aba_stack::PROGRAM,
    cancelled_transfer::PROGRAM,
    order::DEPTH_2,
    order::DEPTH_3,
    order::DEPTH_4,
];

/// Runs `body` on `count` threads, each with its number from 0, and waits until all have ended.
pub(crate) fn together(count: usize, body: impl Fn(usize) + Clone + Send + 'static) {
    let threads: Vec<_> = (0..count)
        .map(|nth| {
            let body = body.clone();
            thread::spawn(move || body(nth))
        })
        .collect();
    for thread in threads {
        thread.join().expect("a thread that panics has failed the run already");
    }
}
