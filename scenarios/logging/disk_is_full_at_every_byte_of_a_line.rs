//! The disk is full after no byte of a line, after one, after two, and so on to its last one; each time it has room again.
//!
//! What a logger does about a torn line depends on where it is torn: nothing is there, a single brace, all but the newline. A fault that is
//! drawn meets most of these places now and then. Here one run meets all of them, one after the other.

use crate::time::millis;
use retrip_core::logger::{Level, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, lines_stand_alone, losses_are_announced, written_is_in_the_file,
};
use retrip_sim::part::{LogFile, waits};
use retrip_sim::scenario::Scenario;

/// The bytes of each line that meets a full disk, its newline included.
const LINE: u64 = 168;
/// No announcement is longer.
const ANNOUNCEMENT: u64 = 400;

pub(crate) fn scenario() -> Scenario {
    let about = "the disk is full at each byte of a line in turn, and has room again";
    Scenario::new("disk_is_full_at_every_byte_of_a_line", about, |s| {
        let log = s.part(LogFile::named("app"));
        let mut generator = s.generator("rounds");
        let mut writer = s.actor("writer");
        for bytes in 0..=LINE {
            writer = writer
                .does(log.has_room(Some(bytes)))
                .does(log.logs(Level::Info, &format!("line {bytes:03}")));
            if generator.chance(1, 4) {
                writer = writer.does(log.logs(Level::Info, &format!("too soon after {bytes:03}")));
            }
            writer = writer.does(waits(millis(10)));
            if generator.chance(1, 4) {
                // So is what tells of it.
                writer = writer
                    .does(log.has_room(Some(generator.within(0..=ANNOUNCEMENT))))
                    .does(log.logs(Level::Info, &format!("again after {bytes:03}")))
                    .does(waits(millis(20)));
            }
            writer = writer
                .does(log.has_room(None))
                .does(log.logs(Level::Info, &format!("after {bytes:03}")))
                .does(waits(millis(1)));
        }
        writer.ends();
        s.finally(waits(millis(50)));
        s.finally(log.flushes());
        s.finally(log.is_read());

        s.check(accounting_is_exact("app"));
        s.check(written_is_in_the_file("app"));
        s.check(losses_are_announced("app"));
        s.check(lines_stand_alone("app"));
    })
    .finds(plants::SINGLE_BYTE_IS_NO_TORN_LINE, "lines_stand_alone")
    .finds(plants::TORN_LINE_IS_CONTINUED, "lines_stand_alone")
    .finds(plants::LOST_WHILE_FAILING_IS_NOT_COUNTED, "accounting_is_exact")
    .finds(plants::LOSS_IS_FORGOTTEN, "losses_are_announced")
    .finds(plants::LOSS_IS_ANNOUNCED_LATE, "losses_are_announced")
    // Each meets every byte.
    .enough(20)
}
