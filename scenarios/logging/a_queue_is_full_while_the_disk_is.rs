//! The disk is full or slow while lines wait for it, until the queue is full too.
//!
//! A queue keeps a disk that is slow or full away from those who log. It may cost no more memory than was agreed, what it
//! has taken is written once the disk is well, and what it has not is announced between the lines where it belongs.

use super::writers::Writers;
use crate::time::{millis, secs};
use retrip_core::logger::{Level, Queue, WhenFull, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, counted_is_in_the_file, flush_waits_for_the_queue, lines_stand_alone,
    losses_are_announced, queue_is_bounded, rescued_is_in_the_fallback,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::{LogFile, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "lines wait for a disk that is full or slow, until there is no room for more";
    Scenario::new("a_queue_is_full_while_the_disk_is", about, |s| {
        let bytes = s.draw("bytes", 600..=2400);
        // Nobody waits where nothing is said of that.
        let patience = millis(s.draw("milliseconds_blocked", 0..=100).into());
        let when_full =
            if patience.is_zero() { WhenFull::DropNew } else { WhenFull::BlockFor(patience) };
        let room = usize::try_from(bytes).expect("it is small");
        let queue = Queue::of_bytes(room).when_full(when_full).patience(secs(4));
        let log = s.part(LogFile::named("app").queues(queue).falls_back_to("spare"));
        let level = |line| if line % 4 == 0 { Level::Error } else { Level::Info };
        Writers { lines: 4..=12, pauses: 0..=50, level }.log(s, &log);
        let mut flushes = s.generator("flushes");
        let mut reader = s.actor("reader");
        for _ in 0..flushes.within(0..=3) {
            let pause = waits(millis(flushes.within(0..=400)));
            reader = reader.does(pause).does(log.flushes()).does(log.loses_power());
        }
        reader.ends();
        let mut faults = s.generator("faults");
        for _ in 0..faults.within(1..=3) {
            let room = faults.within(0..=1000);
            let slow = Trouble::Slow(millis(1), millis(faults.within(1..=200)));
            let trouble = *faults.pick(&[Trouble::Full(room), slow]);
            let from = millis(faults.within(0..=200));
            let until = from + millis(faults.within(20..=1200));
            s.fault(from, Some(until), FaultKind::Disk(trouble));
        }
        // By then every fault is over, and the sink is left alone for five seconds at most.
        s.finally(waits(secs(10)));
        s.finally(log.shuts_down());
        // And where that has run out of patience, the unit that writes has come to its end by then, which the second one says.
        s.finally(waits(secs(60)));
        s.finally(log.shuts_down());
        s.finally(log.is_read());

        s.check(accounting_is_exact("app"));
        s.check(counted_is_in_the_file("app"));
        s.check(losses_are_announced("app"));
        s.check(flush_waits_for_the_queue("app"));
        s.check(queue_is_bounded("app", bytes.into()));
        s.check(rescued_is_in_the_fallback("app", "spare"));
        s.check(lines_stand_alone("app"));
    })
    .pinned(&[0x2, 0x4, 0x5])
    .in_full()
    .finds(plants::QUEUE_HAS_NO_BOUND, "queue_is_bounded")
    .finds(plants::LOST_BY_THE_QUEUE_IS_FORGOTTEN, "losses_are_announced")
    .finds(plants::FLUSH_DOES_NOT_WAIT_FOR_THE_QUEUE, "flush_waits_for_the_queue")
    .finds(plants::SHUTDOWN_LEAVES_WHAT_WAITS, "flush_waits_for_the_queue")
}
