//! Nobody is left with another breaker than the others.

use crate::keyed::ledger::{Ledger, Seen};
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::span::Seconds;

/// A breaker that somebody has, for a call in flight or for any other reason, does not go.
pub(in crate::keyed) fn who_is_held_stays() -> impl Promise {
    let mut ledger = Ledger::default();
    let statement = "a breaker that somebody has does not go";
    always("who_is_held_stays", statement, move |event| {
        let Some(Seen::Goes { key, now, within }) = ledger.see(event) else {
            return Judgement::NotConcerned;
        };
        match within.before.get(&key) {
            Some(before) if now.is_held_since(before) => Judgement::broken(
                format!("{key} stays while somebody has it"),
                format!("goes at {}", Seconds(event.mono)),
            ),
            _ => Judgement::Holds,
        }
    })
}
