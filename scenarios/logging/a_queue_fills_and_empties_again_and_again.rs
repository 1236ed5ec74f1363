//! Threads log more than a disk takes, wait until it has caught up, and do so again, round after round.
//!
//! A logger that has run for a week takes as much memory as one that has run for a minute. So the lines that wait never take more than was
//! agreed, and what has been written takes nothing any more: the last round finds as much room as the first one.

use crate::time::{millis, secs};
use retrip_core::logger::{Level, Queue, WhenFull, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, counted_is_in_the_file, losses_are_announced, queue_is_bounded,
    room_comes_back,
};
use retrip_sim::disk::Trouble;
use retrip_sim::part::{LogFile, waits};
use retrip_sim::plan::FaultKind;
use retrip_sim::scenario::{Row, Scenario};

/// What a line and what is kept of it take at most; it is some 330 bytes.
const A_LINE: u64 = 400;

pub(crate) fn scenario() -> Scenario {
    let about = "a queue is filled by more lines than a disk takes, and emptied, round after round";
    Scenario::new("a_queue_fills_and_empties_again_and_again", about, |s| {
        let bytes = u64::from(s.draw("bytes", 1600..=4000));
        let threads = s.draw("threads", 1..=3);
        let rounds = s.draw("rounds", 3..=6);
        let lines = s.draw("lines", 4..=12);
        let patience = millis(s.draw("milliseconds_blocked", 0..=5).into());
        let when_full =
            if patience.is_zero() { WhenFull::DropNew } else { WhenFull::BlockFor(patience) };
        let room = usize::try_from(bytes).expect("it is small");
        let queue = Queue::of_bytes(room).when_full(when_full).patience(secs(4));
        let log = s.part(LogFile::named("app").queues(queue));
        for thread in 1..=threads {
            let mut actor = s.actor(format!("thread-{thread}"));
            for round in 1..=rounds {
                actor = actor.does(waits(secs(8)));
                for line in 1..=lines {
                    let text = format!("round {round}, line {line} of thread {thread}");
                    actor = actor.does(log.logs(Level::Info, &text));
                }
            }
            actor.ends();
        }
        // Between two rounds everything is written, and nobody logs.
        let mut reader = s.actor("reader").does(waits(secs(6)));
        for _ in 1..=rounds {
            reader = reader.does(waits(secs(8))).does(log.flushes());
        }
        reader.ends();
        let mut faults = s.generator("faults");
        for round in 1..=u64::from(rounds) {
            let full = Trouble::Full(faults.within(0..=1000));
            let slow = Trouble::Slow(millis(1), millis(faults.within(2..=100)));
            let trouble = *faults.pick(&[full, slow]);
            let until = secs(8 * round) + millis(faults.within(200..=2000));
            s.fault(secs(8 * round) - secs(1), Some(until), FaultKind::Disk(trouble));
        }
        s.finally(log.shuts_down());
        s.finally(log.is_read());

        s.check(accounting_is_exact("app"));
        s.check(counted_is_in_the_file("app"));
        s.check(losses_are_announced("app"));
        s.check(queue_is_bounded("app", bytes));
        s.check(room_comes_back("app", bytes / A_LINE - u64::from(threads - 1)));
    })
    .proves(&[Row::concurrency(7)], "queue_is_bounded", plants::QUEUE_HAS_NO_BOUND)
    .proves(&[Row::concurrency(7)], "room_comes_back", plants::ROOM_IS_NOT_GIVEN_BACK)
}
