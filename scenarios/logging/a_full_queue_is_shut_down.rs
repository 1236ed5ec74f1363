//! A queue is shut down while it is full, because its disk is full or slow, and while others go on logging.
//!
//! That is how services end on a bad day. The end may not wait for the disk for longer than was agreed, what is given up has to be counted as
//! that and announced where the disk lets it, and whoever logs too late has to hear so: an event that a closed queue takes is lost
//! without a word.

use super::writers::Writers;
use crate::time::{millis, secs};
use retrip_core::logger::{Level, Queue, WhenFull, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, counted_is_in_the_file, lines_stand_alone, losses_are_announced,
    losses_have_their_cause, queue_is_bounded, shutdown_ends_by_its_own_clock, shutdown_is_patient,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::{LogFile, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about =
        "a full queue is shut down while its disk is full or slow, and others go on logging";
    Scenario::new("a_full_queue_is_shut_down", about, |s| {
        let bytes = s.draw("bytes", 600..=1500);
        let blocked = millis(s.draw("milliseconds_blocked", 0..=100).into());
        let when_full =
            if blocked.is_zero() { WhenFull::DropNew } else { WhenFull::BlockFor(blocked) };
        let room = usize::try_from(bytes).expect("it is small");
        let patience = millis(s.draw("milliseconds_of_patience", 40..=2000).into());
        let queue = Queue::of_bytes(room).when_full(when_full).patience(patience);
        let log = s.part(LogFile::named("app").queues(queue));
        Writers { lines: 4..=12, pauses: 0..=50, level: |_| Level::Info }.log(s, &log);
        let mut ends = s.generator("ends");
        for closer in 1..=ends.within(1..=2) {
            let after = millis(ends.within(0..=300));
            s.actor(format!("closer-{closer}")).does(waits(after)).does(log.shuts_down()).ends();
        }
        let mut faults = s.generator("faults");
        let full = Trouble::Full(faults.within(0..=1000));
        let slow = Trouble::Slow(millis(1), millis(faults.within(1..=4000)));
        let trouble = *faults.pick(&[full, slow]);
        let from = millis(faults.within(0..=100));
        // Some are over before the patience is.
        let until = from + millis(faults.within(20..=3000));
        s.fault(from, Some(until), FaultKind::Disk(trouble));
        // By then the unit that writes has come to its end, unless it stands still for long.
        s.finally(waits(secs(60)));
        // What came of it is said once; whoever asks again is told that it is over.
        s.finally(log.shuts_down());
        s.finally(log.shuts_down());
        s.finally(log.logs(Level::Info, "after all of them"));
        s.finally(log.is_read());

        s.check(accounting_is_exact("app"));
        s.check(losses_have_their_cause("app"));
        s.check(losses_are_announced("app"));
        s.check(counted_is_in_the_file("app"));
        s.check(shutdown_is_patient("app", patience));
        s.check(queue_is_bounded("app", bytes.into()));
        s.check(lines_stand_alone("app"));
        s.sometimes(shutdown_ends_by_its_own_clock("app", patience));
    })
    // Given up, while each who shuts it down is told by its own clock and the disk fails to the end; given up and announced; given up beside what
    // had no room.
    .pinned(&[0x8, 0x12, 0x1b])
    .in_full()
    .finds(plants::GIVEN_UP_IS_NOT_COUNTED, "accounting_is_exact")
    .finds(plants::GIVEN_UP_COUNTS_AS_QUEUE_FULL, "losses_have_their_cause")
    .finds(plants::CLOSED_QUEUE_TAKES_EVENTS, "losses_have_their_cause")
    .finds(plants::GIVEN_UP_IS_NOT_ANNOUNCED, "losses_are_announced")
    .finds(plants::GIVEN_UP_IS_COUNTED_AS_WRITTEN, "counted_is_in_the_file")
    .finds(plants::SHUTDOWN_HAS_NO_PATIENCE, "shutdown_is_patient")
    .finds(plants::QUEUE_HAS_NO_BOUND, "queue_is_bounded")
}
