//! A full queue drops its oldest lines for new ones, while the disk is slow or full.
//!
//! What is dropped stood in front of what is kept: it has to be announced before the first line that is left, whoever is written to
//! meanwhile, and the line that the disk has begun must not be taken from under it.

use super::writers::{Writers, disk_is_slow_or_full, is_shut_down_in_the_end};
use crate::time::secs;
use retrip_core::logger::{Level, Queue, WhenFull, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, counted_is_in_the_file, lines_stand_alone, losses_are_announced,
    queue_is_bounded,
};
use retrip_sim::part::LogFile;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "the oldest lines of a full queue are dropped for new ones, and announced";
    Scenario::new("what_is_old_gives_way_in_a_full_queue", about, |s| {
        let bytes = s.draw("bytes", 600..=2400);
        let room = usize::try_from(bytes).expect("it is small");
        let queue = Queue::of_bytes(room).when_full(WhenFull::DropOld).patience(secs(4));
        let log = s.part(LogFile::named("app").queues(queue));
        Writers { lines: 6..=14, pauses: 0..=50, level: |_| Level::Info }.log(s, &log);
        disk_is_slow_or_full(s, 0..=1000);
        is_shut_down_in_the_end(s, &log, secs(6));

        s.check(accounting_is_exact("app"));
        s.check(counted_is_in_the_file("app"));
        s.check(losses_are_announced("app"));
        s.check(queue_is_bounded("app", bytes.into()));
        s.check(lines_stand_alone("app"));
    })
    .pinned(&[0x4, 0x7, 0xb])
    .in_full()
    .finds(plants::QUEUE_HAS_NO_BOUND, "queue_is_bounded")
    .finds(plants::LOST_BY_THE_QUEUE_IS_FORGOTTEN, "losses_are_announced")
}
