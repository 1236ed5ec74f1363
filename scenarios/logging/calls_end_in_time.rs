//! Threads log, flush and shut down while the disk is slow or full, and each of them is back within the time that was agreed.
//!
//! A logger that waits for its disk must not take the service along. How long a call may take is counted from when it began, however often
//! it is woken meanwhile because a line was written; and what a shutdown could not write in its time is dropped, not left in memory by a
//! process that believes that it has ended. Time passes here only while nobody could go on, so that a nanosecond too much is one.

use super::writers::Writers;
use crate::time::{millis, secs};
use retrip_core::logger::{Level, Queue, WhenFull, plants};
use retrip_sim::check::logger::{
    calls_end_in_time, nothing_waits_after_the_end, queue_is_bounded, somebody_waits_to_the_end,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::{LogFile, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "threads log, flush and shut down beside a slow or full disk, each within its time";
    Scenario::new("calls_end_in_time", about, |s| {
        let bytes = s.draw("bytes", 600..=1500);
        let blocked = millis(s.draw("milliseconds_blocked", 0..=100).into());
        let when_full =
            if blocked.is_zero() { WhenFull::DropNew } else { WhenFull::BlockFor(blocked) };
        let patience = millis(s.draw("milliseconds_of_patience", 40..=1000).into());
        let room = usize::try_from(bytes).expect("it is small");
        let queue = Queue::of_bytes(room).when_full(when_full).patience(patience);
        let log = s.part(LogFile::named("app").queues(queue));
        let level = |line| if line % 4 == 0 { Level::Error } else { Level::Info };
        Writers { lines: 4..=12, pauses: 0..=50, level }.log(s, &log);
        let mut flushes = s.generator("flushes");
        let mut flusher = s.actor("flusher");
        for _ in 0..flushes.within(0..=3) {
            flusher = flusher.does(waits(millis(flushes.within(0..=200)))).does(log.flushes());
        }
        flusher.ends();
        let after = millis(flushes.within(50..=600));
        s.actor("closer").does(waits(after)).does(log.shuts_down()).does(log.is_read()).ends();
        let mut faults = s.generator("faults");
        for _ in 0..faults.within(1..=2) {
            let full = Trouble::Full(faults.within(0..=1000));
            let slow = Trouble::Slow(millis(1), millis(faults.within(1..=2000)));
            let trouble = *faults.pick(&[full, slow, slow]);
            let from = millis(faults.within(0..=100));
            let until = from + millis(faults.within(20..=3000));
            s.fault(from, Some(until), FaultKind::Disk(trouble));
        }
        // By then the unit that writes has come to its end.
        s.finally(waits(secs(60)));
        s.finally(log.is_read());

        s.check(calls_end_in_time("app", blocked, patience));
        s.check(nothing_waits_after_the_end("app"));
        s.check(queue_is_bounded("app", bytes.into()));
        s.sometimes(somebody_waits_to_the_end("app", blocked, patience));
    })
    .undisturbed()
    .in_full()
    .finds(plants::DEADLINE_IS_COUNTED_ANEW, "calls_end_in_time")
    .finds(plants::LATE_SHUTDOWN_KEEPS_LINES, "nothing_waits_after_the_end")
}
