//! A log file is put aside by its size, time and again, while the disk is full or may only be read, and has room again.
//!
//! Where a file ends within a line, the next one must not begin in its middle, and what was lost is announced in whichever file comes next.

use super::writers::{Writers, is_read_in_the_end};
use crate::time::{millis, secs};
use retrip_core::logger::{Level, Rotation, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, failing_sink_is_left_alone, lines_stand_alone, losses_are_announced,
    only_a_failing_write_loses, sink_is_tried_again, written_is_in_the_file,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::LogFile;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;
use std::num::NonZeroU64;

pub(crate) fn scenario() -> Scenario {
    let about = "a log file is put aside while the disk is full, and has room again";
    Scenario::new("log_is_put_aside_while_the_disk_is_full", about, |s| {
        let size = NonZeroU64::new(s.draw("size", 200..=1200).into()).expect("it is above 200");
        let rotation = Rotation::at_size(size).keeping(usize::MAX);
        let log = s.part(LogFile::named("app").rotates(rotation));
        let level = |_| Level::Info;
        Writers { lines: 6..=14, pauses: 0..=100, level }.log(s, &log);
        let mut faults = s.generator("faults");
        for _ in 0..faults.within(1..=3) {
            let room = faults.within(0..=1000);
            let trouble = *faults.pick(&[Trouble::ReadOnly, Trouble::Full(room)]);
            let from = millis(faults.within(0..=800));
            let until = from + millis(faults.within(20..=600));
            s.fault(from, Some(until), FaultKind::Disk(trouble));
        }
        // The sink is left alone for five seconds at most.
        is_read_in_the_end(s, &log, secs(8));

        s.check(accounting_is_exact("app"));
        s.check(written_is_in_the_file("app"));
        s.check(losses_are_announced("app"));
        s.check(lines_stand_alone("app"));
        s.check(only_a_failing_write_loses("app"));
        s.check(failing_sink_is_left_alone("app", millis(10)));
        s.check(sink_is_tried_again("app", secs(5)));
    })
    // A line is torn, late; nothing can be renamed or made either; a file begins with a torn line.
    .pinned(&[0x2, 0xb, 0x18])
    .in_full()
    .finds(plants::TORN_LINE_IS_CONTINUED, "lines_stand_alone")
    .finds(plants::LOST_WHILE_FAILING_IS_NOT_COUNTED, "accounting_is_exact")
    .finds(plants::LOSS_IS_FORGOTTEN, "losses_are_announced")
    .finds(plants::FAILING_SINK_IS_GIVEN_UP, "sink_is_tried_again")
}
