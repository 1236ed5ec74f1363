//! A disk has any of its troubles while threads log, one after the other or several at once: it is full or over quota, writes fail, are
//! interrupted or short, it cannot be read, opened or renamed, its syncs fail or lie, it is slow.
//!
//! Whatever it is, each event is with the file, or counted and announced as lost; what matters is with the fallback, if that has taken it,
//! although its file is on the same disk.

use super::writers::{Writers, is_read_in_the_end};
use crate::time::{millis, secs};
use retrip_core::logger::{Level, Rotation, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, lines_stand_alone, losses_are_announced, rescued_is_in_the_fallback,
    written_is_in_the_file,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::LogFile;
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;
use retrip_sim::stream::Generator;
use std::num::NonZeroU64;

pub(crate) fn scenario() -> Scenario {
    let about =
        "a disk has any of its troubles while threads log, with a fallback on the same disk";
    Scenario::new("a_disk_fails_in_every_way", about, |s| {
        let log = LogFile::named("app").falls_back_to("spare");
        // None below that, so that half of all runs have one file.
        let size = s.draw("size", 0..=1500);
        let size = NonZeroU64::new(size.into()).filter(|size| size.get() >= 750);
        let log = match size {
            Some(size) => log.rotates(Rotation::at_size(size).keeping(usize::MAX)),
            None => log,
        };
        let log = s.part(log);
        let level = |line| if line % 2 == 0 { Level::Error } else { Level::Info };
        Writers { lines: 4..=12, pauses: 1..=200, level }.log(s, &log);
        let mut faults = s.generator("faults");
        for _ in 0..faults.within(1..=4) {
            let trouble = any(&mut faults);
            let from = millis(faults.within(0..=600));
            let until = from + millis(faults.within(20..=1000));
            s.fault(from, Some(until), FaultKind::Disk(trouble));
        }
        // The sink is left alone for five seconds at most.
        is_read_in_the_end(s, &log, secs(6));

        s.check(accounting_is_exact("app"));
        s.check(written_is_in_the_file("app"));
        s.check(losses_are_announced("app"));
        s.check(lines_stand_alone("app"));
        s.check(rescued_is_in_the_fallback("app", "spare"));
    })
    .in_full()
    .finds(plants::LOST_WHILE_FAILING_IS_NOT_COUNTED, "accounting_is_exact")
    .finds(plants::LOSS_IS_FORGOTTEN, "losses_are_announced")
    .finds(plants::TORN_LINE_IS_CONTINUED, "lines_stand_alone")
    .finds(plants::REFUSED_COUNTS_AS_RESCUED, "rescued_is_in_the_fallback")
}

/// Any trouble of a disk.
fn any(faults: &mut Generator) -> Trouble {
    let share = u32::try_from(faults.within(100_000..=900_000)).expect("it is below a million");
    let left = faults.within(0..=1000);
    *faults.pick(&[
        Trouble::Full(left),
        Trouble::OverQuota(left),
        Trouble::WritesFail(share),
        Trouble::WritesInterrupted(share),
        Trouble::WritesShort(share),
        Trouble::ReadsFail(share),
        Trouble::ReadOnly,
        Trouble::OpensFail,
        Trouble::RenamesFail,
        Trouble::SyncsFail(share),
        Trouble::SyncsLie,
        Trouble::Slow(millis(1), millis(1 + left)),
    ])
}
