//! The situations, each for any breaker: what is done, and what is promised of it.
//!
//! Every one of them begins with a breaker that has just opened, and rejected a call to show it. What is between two moments of a
//! script is much longer than what a message takes.

use super::adapter::{Maker, Settings};
use super::payments::{Payments, Told, told};
use super::promise;
use crate::time::{hours, millis, secs};
use retrip_sim::check::Sometimes;
use retrip_sim::scenario::Draft;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The host of all callers.
const CLIENT: &str = "client";
/// When the breaker has opened at the latest.
const OPENED: Duration = secs(1);

/// The service is slow when the open interval is over, and everybody calls at once.
pub(super) fn everyone_calls(s: &mut Draft<'_>, maker: Maker, trials: u32) {
    let payments = drawn(s, maker, 1..=3, trials);
    let crowd = s.draw("callers", trials + 2..=trials + 8);
    opens(s, payments, secs(0));

    s.at(OPENED, payments.recovers());
    s.at(OPENED, payments.takes(secs(10)));
    let half_open = OPENED + payments.settings.open_for + secs(1);
    for caller in 1..=crowd {
        let actor = s.actor(format!("caller-{caller}")).on(CLIENT);
        actor.does_at(half_open, payments.call()).ends();
    }

    s.check(promise::bounded_trials(trials));
}

/// Calls from before it opened succeed while the trials run that will fail. Then somebody calls.
pub(super) fn late_success(s: &mut Draft<'_>, maker: Maker, trials: u32) {
    let payments = drawn(s, maker, trials + 1..=4, trials);
    let open_for = payments.settings.open_for;
    let half_open = OPENED + open_for + secs(1);

    s.at(secs(0), payments.takes(half_open + secs(2)));
    for caller in 1..=trials {
        let actor = s.actor(format!("late-{caller}")).on(CLIENT);
        actor.does_at(millis(50), payments.call()).ends();
    }
    s.at(millis(200), payments.takes(secs(0)));
    opens(s, payments, millis(250));

    s.at(OPENED, payments.takes(secs(4)));
    for trial in 1..=trials {
        let actor = s.actor(format!("trial-{trial}")).on(CLIENT);
        actor.does_at(half_open, payments.call()).ends();
    }
    let after = half_open + secs(5);
    s.actor("caller").on(CLIENT).does_at(after, payments.call()).ends();

    s.check(promise::late_results_do_not_close(trials, open_for));
}

/// Everybody who tries stops waiting, because the service is slow. Later it is not, and somebody calls.
pub(super) fn trials_given_up(s: &mut Draft<'_>, maker: Maker, trials: u32) {
    let payments = drawn(s, maker, 1..=3, trials);
    let open_for = payments.settings.open_for;
    opens(s, payments, secs(0));

    s.at(OPENED, payments.recovers());
    s.at(OPENED, payments.takes(secs(30)));
    let half_open = OPENED + open_for + secs(1);
    for trial in 1..=trials + 1 {
        let actor = s.actor(format!("trial-{trial}")).on(CLIENT);
        actor.does_at(half_open, payments.call_and_give_up(secs(2))).ends();
    }
    s.at(half_open + secs(4), payments.takes(secs(0)));
    s.actor("caller").on(CLIENT).does_at(hours(1), payments.call()).ends();

    s.check(promise::permits_come_back(open_for));
}

/// The service behind a breaker of `maker`.
fn drawn(s: &mut Draft<'_>, maker: Maker, failures: RangeInclusive<u32>, trials: u32) -> Payments {
    let failures = s.draw("failures", failures);
    let open_for = secs(s.draw("seconds_open", 2..=60).into());
    s.host(CLIENT);
    s.host_part(Payments { maker, settings: Settings { failures, open_for, trials } })
}

/// From `at` on the service fails, one call after the other fails until the breaker opens, and the next one is rejected.
fn opens(s: &mut Draft<'_>, payments: Payments, at: Duration) {
    s.at(at, payments.fails());
    let mut caller = s.actor("opener").on(CLIENT);
    for call in 0..=payments.settings.failures {
        caller = caller.does_at(at + millis(50) + call * millis(100), payments.call());
    }
    caller.ends();
    // Without it every promise here would be one about a breaker that never opens.
    s.sometimes(Sometimes::new("a_call_is_rejected", |event| told(event) == Some(Told::Rejected)));
}
