//! The monotonic clock of a breaker jumps, stands still and comes to the end of its time, while it is called.
//!
//! A clock that promises never to go back has gone back before: in virtual machines that move, with faulty counters, through
//! a wrong cast. Protection must not end early for that, nor last for as long as the clock was wrong by.

use super::breaker::OnAHostileClock;
use super::operation::{Deed, HostileOperation};
use super::promise;
use crate::time::{NANOSECOND, days, secs};
use retrip_core::breaker::{BreakerConfig, plants};
use retrip_sim::check::breaker::legal_edges;
use retrip_sim::part::{Operation, waits};
use retrip_sim::scenario::Scenario;
use retrip_sim::stream::Generator;
use std::time::Duration;

pub(crate) fn scenario() -> Scenario {
    let about = "a breaker whose monotonic clock jumps, stands and comes to the end of its time";
    Scenario::new("the_clock_shows_anything", about, |s| {
        let open_for = s.draw_duration("open_for", secs(1)..=secs(9));
        let failure_threshold = s.draw("failure_threshold", 1..=2);
        let config = BreakerConfig {
            failure_threshold: Some(failure_threshold),
            success_threshold: 1,
            half_open_permits: 1,
            open_for,
            // Longer than anybody stalls within a call, the last one included, and shorter than its clock jumps.
            trial_lease: Some(days(1)),
            ..BreakerConfig::default()
        };
        s.part(OnAHostileClock { config });

        let mut script = s.generator("script");
        for who in ["clock", "caller-1", "caller-2"] {
            let mut actor = s.actor(who);
            for _ in 0..script.within(4..=10) {
                if script.chance(1, 3) {
                    actor = actor.does(waits(near(open_for, &mut script)));
                }
                let operation = match who {
                    "clock" => HostileOperation::Clock(deed(open_for, &mut script)),
                    _ => calls(&mut script),
                };
                actor = actor.does(Operation::new(operation));
            }
            actor.ends();
        }
        // The clock is what it should be: somebody calls, and one interval later the next call closes it.
        let sane = Deed::GoesOnFrom(secs(7));
        s.finally(Operation::new(HostileOperation::Clock(sane)));
        s.finally(Operation::new(HostileOperation::Call));
        s.finally(waits(open_for));
        s.finally(Operation::new(HostileOperation::Call));
        s.finally(Operation::new(HostileOperation::Read));

        s.check(promise::open_for_a_whole_interval(open_for));
        s.check(promise::comes_back(open_for));
        s.check(legal_edges("llm"));
        s.sometimes(promise::goes_back_while_it_is_open());
        s.sometimes(promise::opens_at_the_end_of_time());
    })
    .bound(5_000)
    // A breaker that opens at the end of time; one that is open as its clock goes back; one whose clock jumps by a century.
    .pinned(&[0x0, 0xf, 0x1d])
    .in_full()
    .finds(plants::READINGS_WRAP, "open_for_a_whole_interval")
    .finds(plants::END_OF_TIME_ENDS_INTERVALS, "open_for_a_whole_interval")
    .finds(plants::BACKWARD_READING_IGNORED, "comes_back")
    .finds(plants::GATE_BELIEVES_ITS_CLOCK, "comes_back")
}

fn near(open_for: Duration, script: &mut Generator) -> Duration {
    *script.pick(&[NANOSECOND, open_for - NANOSECOND, open_for, open_for / 2])
}

fn deed(open_for: Duration, script: &mut Generator) -> Deed {
    let far = days(40_000);
    let by = if script.chance(1, 3) { far } else { near(open_for, script) };
    match script.index(7) {
        0 | 1 => Deed::JumpsBack(by),
        2 | 3 => Deed::JumpsForward(by),
        4 => Deed::Stands,
        5 => Deed::StandsAtItsEnd,
        _ => Deed::GoesOnFrom(by),
    }
}

fn calls(script: &mut Generator) -> HostileOperation {
    match script.index(6) {
        0 => HostileOperation::Refresh,
        1 | 2 => HostileOperation::Call,
        _ => HostileOperation::CallAndFail,
    }
}
