//! Lines that wait in a queue come to two files of one disk, which is full or fails for a while.
//!
//! The main file has each line waiting until it can be written, the other one does not. So a line is tried again at the one and must not come
//! twice to the other, and what the full queue drops is missing in both, where each has to say so.

use super::writers::{Writers, disk_is_slow_or_full, is_shut_down_in_the_end};
use crate::time::secs;
use retrip_core::logger::{Level, Queue, WhenFull, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, copy_is_accounted, counted_is_in_the_file, lines_stand_alone,
    losses_are_announced,
};
use retrip_sim::part::LogFile;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "a queue writes to two files, and each loses, announces and recovers by itself";
    Scenario::new("a_queue_writes_to_two_files", about, |s| {
        let bytes = s.draw("bytes", 600..=2400);
        let when_full = match s.draw("drops_what_is_old", 0..=1) {
            0 => WhenFull::DropNew,
            _ => WhenFull::DropOld,
        };
        let room = usize::try_from(bytes).expect("it is small");
        let queue = Queue::of_bytes(room).when_full(when_full).patience(secs(4));
        let log = s.part(LogFile::named("app").queues(queue).copies_to("copy"));
        Writers { lines: 4..=12, pauses: 0..=50, level: |_| Level::Info }.log(s, &log);
        disk_is_slow_or_full(s, 0..=2000);
        is_shut_down_in_the_end(s, &log, secs(6));

        s.check(accounting_is_exact("app"));
        s.check(counted_is_in_the_file("app"));
        s.check(copy_is_accounted("copy"));
        for file in ["app", "copy"] {
            s.check(losses_are_announced(file));
            s.check(lines_stand_alone(file));
        }
    })
    .pinned(&[0x1, 0x2, 0x3])
    .in_full()
    .finds(plants::FURTHER_SINKS_ARE_OWED_NOTHING, "losses_are_announced")
    .finds(plants::TRIES_COUNT_AT_FURTHER_SINKS, "copy_is_accounted")
}
