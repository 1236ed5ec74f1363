//! Threads that log line after line, and what is done with the log once they are through.

use crate::time::millis;
use retrip_core::logger::Level;
use retrip_sim::disk::Trouble;
use retrip_sim::part::{LogFile, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Draft;
use std::ops::RangeInclusive;
use std::time::Duration;

/// One to three threads.
#[derive(Debug)]
pub(crate) struct Writers {
    /// How many lines each logs.
    pub(crate) lines: RangeInclusive<u32>,
    /// How many milliseconds it waits before each.
    pub(crate) pauses: RangeInclusive<u64>,
    /// At which level, by the number of the line.
    pub(crate) level: fn(u32) -> Level,
}

impl Writers {
    /// All of them log.
    pub(crate) fn log(self, s: &mut Draft<'_>, log: &LogFile) {
        let threads = s.draw("threads", 1..=3);
        let lines = s.draw("lines", self.lines);
        let mut pauses = s.generator("pauses");
        for thread in 1..=threads {
            let mut actor = s.actor(format!("thread-{thread}"));
            for line in 1..=lines {
                let text = format!("line {line} of thread {thread}");
                actor = actor
                    .does(waits(millis(pauses.within(self.pauses.clone()))))
                    .does(log.logs((self.level)(line), &text));
            }
            actor.ends();
        }
    }
}

/// So long after all of that somebody logs, flushes and reads.
pub(crate) fn is_read_in_the_end(s: &mut Draft<'_>, log: &LogFile, after: Duration) {
    s.finally(waits(after));
    s.finally(log.logs(Level::Info, "after all of them"));
    s.finally(log.flushes());
    s.finally(log.is_read());
}

/// For a second or so, while threads log, the disk is slow, or has room for so many bytes at most and then none.
pub(crate) fn disk_is_slow_or_full(s: &mut Draft<'_>, room: RangeInclusive<u64>) {
    let mut faults = s.generator("faults");
    let slow = Trouble::Slow(millis(1), millis(faults.within(1..=400)));
    let full = Trouble::Full(faults.within(room));
    let trouble = *faults.pick(&[full, slow]);
    let from = millis(faults.within(0..=100));
    let until = from + millis(faults.within(100..=1200));
    s.fault(from, Some(until), FaultKind::Disk(trouble));
}

/// So long after all of that somebody shuts the logger down and reads.
pub(crate) fn is_shut_down_in_the_end(s: &mut Draft<'_>, log: &LogFile, after: Duration) {
    s.finally(waits(after));
    s.finally(log.shuts_down());
    s.finally(log.is_read());
}
