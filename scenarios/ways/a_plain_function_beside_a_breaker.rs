//! A caller makes calls through a breaker in every state, and beside them calls a function that has nothing to do with it.

use super::desk::Desk;
use super::operation::{Command, Ending};
use super::promise;
use crate::config::closes_after;
use crate::time::secs;
use retrip_core::breaker::{BreakerConfig, State, plants};
use retrip_sim::scenario::{Row, Scenario};

pub(crate) fn scenario() -> Scenario {
    let about = "a function that goes through no breaker is called beside one in every state";
    Scenario::new("a_plain_function_beside_a_breaker", about, |s| {
        let open_for = s.draw_duration("open_for", secs(1)..=secs(10));
        let config = BreakerConfig { failure_threshold: Some(1), open_for, ..closes_after(2) };
        let desk = s.part(Desk { config });

        let mut script = s.generator("script");
        let mut now = secs(0);
        for number in 1..=script.within(5..=20) {
            now += *script.pick(&[secs(0), open_for / 2, open_for]);
            let operation = match script.index(12) {
                0 => desk.by_hand(Command::ForceOpen),
                1 => desk.by_hand(Command::Disable),
                2 => desk.by_hand(Command::Lift),
                3 => desk.by_hand(Command::Reset),
                4..=7 => desk.calls(Ending::Failed),
                _ => desk.calls(Ending::Ok),
            };
            s.at(now, operation);
            let number = u32::try_from(number).expect("it is small");
            s.at(now, desk.asks_plainly(number, now));
        }

        s.check(promise::plain_is_untouched());
        s.sometimes(promise::plain_while("plain_while_open", State::Open));
        s.sometimes(promise::plain_while("plain_while_half_open", State::HalfOpen));
    })
    // Beside one that opens, half-opens and closes, and one that is done by hand.
    .pinned(&[0x19, 0x34, 0xb])
    .proves(&[Row::end_to_end(31)], "plain_is_untouched", plants::REJECTED_CALLER_IS_HELD)
}
