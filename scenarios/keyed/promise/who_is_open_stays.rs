//! No service loses its protection because others are called as well.

use crate::keyed::ledger::{Ledger, Seen};
use crate::keyed::told::Mode;
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::span::Seconds;

/// A breaker that is open, or held by hand, does not go. From exactly the end of its open interval on it may.
pub(in crate::keyed) fn who_is_open_stays() -> impl Promise {
    let mut ledger = Ledger::default();
    let statement = "a breaker that is open, or held by hand, does not go";
    always("who_is_open_stays", statement, move |event| {
        let Some(Seen::Goes { key, now, within }) = ledger.see(event) else {
            return Judgement::NotConcerned;
        };
        let before = within.before.get(&key).filter(|before| now.is_untouched_since(before));
        let until = match before.and_then(|before| before.mode) {
            Some(Mode::Open { until }) if event.mono < until => {
                format!("open until {}", Seconds(until))
            }
            Some(Mode::ByHand) => "held by hand".to_owned(),
            _ => return Judgement::Holds,
        };
        Judgement::broken(
            format!("{key} stays, {until}"),
            format!("goes at {}", Seconds(event.mono)),
        )
    })
}
