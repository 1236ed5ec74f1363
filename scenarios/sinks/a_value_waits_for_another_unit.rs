//! A value waits, while it prints itself, for other units, which log through the same logger before they come.
//!
//! A `Display` that takes a lock is common, and so is somebody who logs while holding that lock. A logger that prints values while it keeps
//! others from its sink stands still for ever then. Here nobody waits for somebody else's value: lines are encoded first, and get
//! their number when they are written.

use super::meeting::{Meeting, MeetingOperation};
use super::promise::lines_are_whole_and_in_order;
use retrip_core::logger::plants;
use retrip_sim::scenario::Scenario;

pub(crate) fn scenario() -> Scenario {
    let about = "values wait, while they print themselves, for others who log first";
    Scenario::new("a_value_waits_for_another_unit", about, |s| {
        let meeting = s.part(Meeting);
        let who_come = s.draw("who_come", 1..=3);
        let times = s.draw("times", 1..=3);
        for thread in 1..=who_come {
            let mut actor = s.actor(format!("comes-{thread}"));
            for _ in 0..times {
                actor = actor.does(meeting.does(MeetingOperation::Comes));
            }
            actor.ends();
        }
        let mut script = s.generator("script");
        for thread in 1..=s.draw("who_wait", 1..=3) {
            let mut actor = s.actor(format!("waits-{thread}"));
            for _ in 0..script.within(1..=2) {
                // As many as that come without waiting for anybody.
                let count = script.within(0..=(who_come * times).into());
                let count = u32::try_from(count).expect("it is small");
                actor = actor.does(meeting.does(MeetingOperation::Waits(count)));
            }
            actor.does(meeting.does(MeetingOperation::Comes)).ends();
        }

        s.check(lines_are_whole_and_in_order());
    })
    .in_full()
    .finds(plants::VALUE_IS_ENCODED_UNDER_THE_LOCK, "no_deadlock")
    .finds(plants::SEQ_OUTSIDE_LOCK, "lines_are_whole_and_in_order")
}
