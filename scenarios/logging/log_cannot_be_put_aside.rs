//! A log file is put aside by its size, time and again, while files cannot be opened or renamed.
//!
//! A rotation is four calls, and each of them may fail. Whatever does, lines go on to the file that is open, and no file takes the place
//! of another.

use crate::time::{millis, secs};
use retrip_core::logger::{Level, Rotation, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, lines_stand_alone, only_a_failing_write_loses, written_is_in_the_file,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::{LogFile, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;
use std::num::NonZeroU64;

pub(crate) fn scenario() -> Scenario {
    let about = "a log file is put aside while files cannot be opened or renamed";
    Scenario::new("log_cannot_be_put_aside", about, |s| {
        let size = NonZeroU64::new(s.draw("size", 200..=1200).into()).expect("it is above 200");
        let rotation = Rotation::at_size(size).keeping(usize::MAX);
        let log = s.part(LogFile::named("app").rotates(rotation));
        let threads = s.draw("threads", 1..=3);
        let lines = s.draw("lines", 6..=14);
        let mut pauses = s.generator("pauses");
        for thread in 1..=threads {
            let mut actor = s.actor(format!("thread-{thread}"));
            for line in 1..=lines {
                let line = format!("line {line} of thread {thread}");
                let pause = waits(millis(pauses.within(0..=100)));
                actor = actor.does(pause).does(log.logs(Level::Info, &line));
            }
            actor.ends();
        }
        let mut faults = s.generator("faults");
        for _ in 0..faults.within(1..=3) {
            let trouble = *faults.pick(&[Trouble::OpensFail, Trouble::RenamesFail]);
            let from = millis(faults.within(0..=800));
            let until = from + millis(faults.within(20..=600));
            s.fault(from, Some(until), FaultKind::Disk(trouble));
        }
        s.finally(waits(secs(8)));
        s.finally(log.logs(Level::Info, "after all of them"));
        s.finally(log.flushes());
        s.finally(log.is_read());

        s.check(accounting_is_exact("app"));
        s.check(written_is_in_the_file("app"));
        s.check(lines_stand_alone("app"));
        s.check(only_a_failing_write_loses("app"));
    })
    // Renames fail; folders cannot be read; both.
    .pinned(&[0x4, 0x5, 0x9])
    .in_full()
    .finds(plants::ARCHIVE_IS_REPLACED, "written_is_in_the_file")
    .finds(plants::FAILED_ROTATION_STOPS_THE_LOG, "only_a_failing_write_loses")
}
