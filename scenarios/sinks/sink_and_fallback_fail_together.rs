//! The sink of a logger fails in every way that there is, alone or together with its fallback, also within a line and by a panic.
//!
//! The disk of the log is often the disk of everything else: what is there for the case that the sink fails, fails with it. The caller must
//! not notice, what is lost is counted under the error that lost it, and what the one cannot take is given to the other.

use super::pair::{KINDS, Pair, PairOperation, Which};
use super::promise::every_event_has_its_end;
use crate::time::millis;
use retrip_core::logger::{Level, plants};
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a sink and its fallback fail in every way, alone and together";
    Scenario::new("sink_and_fallback_fail_together", about, |s| {
        let pair = s.part(Pair);
        let mut script = s.generator("script");
        let mut now = 0;
        for number in 1..=16 {
            now += script.within(0..=40);
            if script.chance(1, 3) {
                let (kind, _) = *script.pick(&KINDS);
                let after = usize::try_from(script.within(0..=300)).expect("it is small");
                let after = if script.chance(1, 2) { 0 } else { after };
                let trouble = match script.index(5) {
                    0 | 1 => |which, _, _| PairOperation::Works(which),
                    2 => |which, _, _| PairOperation::Panics(which),
                    _ => PairOperation::Fails,
                };
                let both = [Which::Main, Which::Spare];
                let which = match script.index(3) {
                    0 => &both[..1],
                    1 => &both[1..],
                    _ => &both[..],
                };
                for &sink in which {
                    s.at(millis(now), pair.does(trouble(sink, kind, after)));
                }
            }
            let level = *script.pick(&[Level::Info, Level::Error, Level::Critical]);
            s.at(millis(now), pair.does(PairOperation::Logs(level, number)));
        }
        s.at(millis(now), pair.does(PairOperation::Counts));

        s.check(every_event_has_its_end());
    })
    .proves(&[Row::recovery(16)], "every_event_has_its_end", plants::FALLBACK_IS_NOT_ASKED)
    .proves(
        &[Row::recovery(16)],
        "every_event_has_its_end",
        plants::LOST_WHILE_FAILING_IS_NOT_COUNTED,
    )
}
