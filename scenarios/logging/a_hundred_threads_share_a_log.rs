//! A hundred threads write to one log at once, and take turns wherever they can.
//!
//! Nothing may be lost, torn or overtaken because there are many: each line is in the file once, in the order of the numbers, and those of
//! each thread in its own order. What is below the threshold is in no file, and counted.

use retrip_core::logger::{Level, plants};
use retrip_sim::check::logger::{
    accounting_is_exact, every_line_in_its_place, lines_stand_alone, written_is_in_the_file,
};
use retrip_sim::part::LogFile;
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a hundred threads write to one log at once";
    Scenario::new("a_hundred_threads_share_a_log", about, |s| {
        let log = s.part(LogFile::named("app"));
        let mut generator = s.generator("lines");
        for thread in 1..=100 {
            let mut actor = s.actor(format!("thread-{thread}"));
            for line in 1..=generator.within(1..=3) {
                let level = *generator.pick(&[Level::Debug, Level::Info, Level::Error]);
                actor = actor.does(log.logs(level, &format!("line {line} of thread {thread}")));
            }
            actor.ends();
        }
        s.finally(log.flushes());
        s.finally(log.is_read());

        s.check(accounting_is_exact("app"));
        s.check(written_is_in_the_file("app"));
        s.check(lines_stand_alone("app"));
        s.check(every_line_in_its_place("app"));
    })
    .proves(
        &[Row::concurrency(5), Row::recovery(9)],
        "every_line_in_its_place",
        plants::SEQ_OUTSIDE_LOCK,
    )
    .finds(plants::FILTERED_IS_NOT_COUNTED, "accounting_is_exact")
    .enough(20)
}
