//! The disk is full while threads log, somewhere within a line, and has room again later.
//!
//! Most loggers lose what was logged meanwhile without a word, and glue the first line afterwards to the torn one. Here the torn line
//! stands on its own, what was lost is counted and announced with its numbers before anything else, and what the logger said to
//! have written is in the file.

use super::writers::{Writers, is_read_in_the_end};
use crate::time::{millis, secs};
use retrip_core::logger::{Level, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, failing_sink_is_left_alone, lines_stand_alone, losses_are_announced,
    sink_is_tried_again, written_is_in_the_file,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::LogFile;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::{Row, Scenario};

/// The bytes of most lines, with the newline, which is the last one that there may be no room for.
const LINE: u64 = 178;

pub(crate) fn scenario() -> Scenario {
    let about = "the disk is full within a line while threads log, and has room again";
    Scenario::new("disk_is_full_and_has_room_again", about, |s| {
        let log = s.part(LogFile::named("app"));
        let level = |line| if line % 4 == 0 { Level::Error } else { Level::Info };
        Writers { lines: 4..=12, pauses: 1..=200, level }.log(s, &log);
        let mut fault = s.generator("fault");
        let room = if fault.chance(1, 3) {
            fault.within(1..=3) * LINE - 1
        } else {
            fault.within(0..=3 * LINE)
        };
        let from = millis(fault.within(0..=400));
        let until = from + millis(fault.within(20..=800));
        s.fault(from, Some(until), FaultKind::Disk(Trouble::Full(room)));
        // The sink is left alone for five seconds at most.
        is_read_in_the_end(s, &log, secs(6));

        s.check(accounting_is_exact("app"));
        s.check(written_is_in_the_file("app"));
        s.check(losses_are_announced("app"));
        s.check(lines_stand_alone("app"));
        s.check(failing_sink_is_left_alone("app", millis(10)));
        s.check(sink_is_tried_again("app", secs(5)));
    })
    // A line is torn, and all is lost until there is room; a newline has no room, and what comes next is lost; nothing comes next in time.
    .pinned(&[0x0, 0x3, 0x28])
    .in_full()
    .proves(&[Row::recovery(6)], "lines_stand_alone", plants::TORN_LINE_IS_CONTINUED)
    .proves(&[Row::recovery(6)], "written_is_in_the_file", plants::LINE_WITHOUT_ITS_NEWLINE_IS_LOST)
    .proves(&[Row::recovery(6)], "accounting_is_exact", plants::LOST_WHILE_FAILING_IS_NOT_COUNTED)
    .finds(plants::LOST_WHILE_FAILING_HAS_NO_NUMBER, "losses_are_announced")
    .proves(&[Row::recovery(6)], "losses_are_announced", plants::LOSS_IS_FORGOTTEN)
    .finds(plants::LOSS_IS_ANNOUNCED_LATE, "losses_are_announced")
    .finds(plants::LOSS_IS_ANNOUNCED_TWICE, "losses_are_announced")
    .finds(plants::FAILING_SINK_IS_TRIED_AT_ONCE, "failing_sink_is_left_alone")
    .finds(plants::FAILING_SINK_IS_GIVEN_UP, "sink_is_tried_again")
}
