//! The power may fail at every point of a write, a flush, a rotation: what a flush has confirmed is left.
//!
//! A file that is synced may still lack its name, one that is put aside its last lines, and a sync that has failed succeeds when it is
//! tried again, without what it had lost.

use crate::time::millis;
use retrip_core::logger::{Level, Rotation, SyncPolicy, plants};
use retrip_sim::check::logger::{
    flushed_is_durable, only_a_failing_write_loses, written_is_in_the_file,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::{LogFile, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::Scenario;
use std::num::NonZeroU64;

pub(crate) fn scenario() -> Scenario {
    let about = "somebody looks again and again at what a power failure would leave of a log";
    Scenario::new("power_fails_while_a_log_is_put_aside", about, |s| {
        let size = NonZeroU64::new(s.draw("size", 300..=2000).into()).expect("it is above 300");
        let mut generator = s.generator("log");
        let policies = [SyncPolicy::OnFlush, SyncPolicy::AtLevel(Level::Error), SyncPolicy::Every];
        let policy = *generator.pick(&policies);
        let rotation = Rotation::at_size(size).keeping(usize::MAX);
        let log = s.part(LogFile::named("app").rotates(rotation).syncs(policy));
        let threads = s.draw("threads", 1..=3);
        let lines = s.draw("lines", 3..=8);
        for thread in 1..=threads {
            let mut actor = s.actor(format!("thread-{thread}"));
            for line in 1..=lines {
                let level = *generator.pick(&[Level::Info, Level::Error]);
                let line = format!("line {line} of thread {thread}");
                actor = actor.does(log.logs(level, &line));
                if generator.chance(1, 3) {
                    actor = actor.does(log.flushes());
                }
                // Nobody waits for long, so that everything meets.
                actor = actor.does(waits(millis(generator.within(0..=1))));
            }
            actor.does(log.flushes()).ends();
        }
        let looks = s.draw("looks", 4..=12);
        let mut power = s.actor("power");
        for _ in 0..looks {
            power = power.does(log.loses_power()).does(waits(millis(generator.within(0..=1))));
        }
        power.ends();
        if generator.chance(1, 2) {
            let share = u32::try_from(generator.within(100_000..=600_000)).expect("it is below");
            let until = millis(generator.within(1..=8));
            s.fault(millis(0), Some(until), FaultKind::Disk(Trouble::SyncsFail(share)));
        }
        s.finally(log.loses_power());
        s.finally(log.is_read());

        s.check(flushed_is_durable("app"));
        s.check(written_is_in_the_file("app"));
        s.check(only_a_failing_write_loses("app"));
    })
    .pinned(&[0x0, 0x1, 0x2])
    .in_full()
    .finds(plants::FLUSH_DOES_NOT_SYNC, "flushed_is_durable")
    .finds(plants::FAILED_SYNC_IS_TRIED_AGAIN, "flushed_is_durable")
    .finds(plants::NAMES_ARE_NOT_SYNCED, "flushed_is_durable")
    .finds(plants::OLD_FILE_IS_NOT_SYNCED, "flushed_is_durable")
    .finds(plants::FAILED_FLUSH_STOPS_THE_LOG, "only_a_failing_write_loses")
}
