//! The disk takes a part of what it is given, and signals interrupt it, while threads log. Nothing is lost by that.
//!
//! `write` may take fewer bytes than it was given, and may be interrupted before it took any; neither is an error. A logger that takes the
//! first for success tears its lines, one that takes the second for a failure loses them.

use crate::time::{millis, secs};
use retrip_core::logger::{Level, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, lines_stand_alone, only_a_failing_write_loses, written_is_in_the_file,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::{LogFile, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "the disk takes parts of lines, and is interrupted, while threads log";
    Scenario::new("writes_are_short_and_interrupted", about, |s| {
        let log = s.part(LogFile::named("app"));
        let threads = s.draw("threads", 1..=3);
        let lines = s.draw("lines", 2..=8);
        for thread in 1..=threads {
            let mut actor = s.actor(format!("thread-{thread}"));
            for line in 1..=lines {
                let line = format!("line {line} of thread {thread}");
                actor = actor.does(log.logs(Level::Info, &line)).does(waits(millis(1)));
            }
            actor.ends();
        }
        let mut fault = s.generator("fault");
        // Of a call in a million; sixteen interruptions in a row are a failure, and come once in ten million at most.
        let mut share = || u32::try_from(fault.within(50_000..=350_000)).expect("it is below");
        let troubles = [Trouble::WritesShort(share()), Trouble::WritesInterrupted(share())];
        for trouble in troubles {
            s.fault(millis(0), None, FaultKind::Disk(trouble));
        }
        s.finally(waits(secs(1)));
        s.finally(log.flushes());
        s.finally(log.is_read());

        s.check(accounting_is_exact("app"));
        s.check(written_is_in_the_file("app"));
        s.check(lines_stand_alone("app"));
        s.check(only_a_failing_write_loses("app"));
    })
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .finds(plants::SHORT_WRITE_IS_TAKEN_FOR_WHOLE, "written_is_in_the_file")
    .finds(plants::INTERRUPTION_IS_A_FAILURE, "only_a_failing_write_loses")
}
