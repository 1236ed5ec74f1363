//! A log file is put aside by its size, time and again, while files cannot be opened or renamed.
//!
//! A rotation is four calls, and each of them may fail. Whatever does, lines go on to the file that is open, and no file takes the place
//! of another.

use super::writers::{Writers, is_read_in_the_end};
use crate::time::{millis, secs};
use retrip_core::logger::{Level, Rotation, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, lines_stand_alone, only_a_failing_write_loses, written_is_in_the_file,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::LogFile;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;
use std::num::NonZeroU64;

pub(crate) fn scenario() -> Scenario {
    let about = "a log file is put aside while files cannot be opened or renamed";
    Scenario::new("log_cannot_be_put_aside", about, |s| {
        let size = NonZeroU64::new(s.draw("size", 200..=1200).into()).expect("it is above 200");
        let rotation = Rotation::at_size(size).keeping(usize::MAX);
        let log = s.part(LogFile::named("app").rotates(rotation));
        let level = |_| Level::Info;
        Writers { lines: 6..=14, pauses: 0..=100, level }.log(s, &log);
        let mut faults = s.generator("faults");
        for _ in 0..faults.within(1..=3) {
            let trouble = *faults.pick(&[Trouble::OpensFail, Trouble::RenamesFail]);
            let from = millis(faults.within(0..=800));
            let until = from + millis(faults.within(20..=600));
            s.fault(from, Some(until), FaultKind::Disk(trouble));
        }
        is_read_in_the_end(s, &log, secs(8));

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
