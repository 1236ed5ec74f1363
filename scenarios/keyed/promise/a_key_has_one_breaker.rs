//! Whoever asks for a key that is there gets what is there.

use crate::keyed::ledger::{Answer, Ledger, Seen};
use retrip_sim::check::{Judgement, Promise, always};

/// Who asks for a key does not get a new breaker in the place of one that another asker was quicker to make.
pub(in crate::keyed) fn a_key_has_one_breaker() -> impl Promise {
    let mut ledger = Ledger::default();
    let statement = "no breaker goes for another one of its own key";
    always("a_key_has_one_breaker", statement, move |event| match ledger.see(event) {
        Some(Seen::Goes { key, within, .. }) if within.asks_for.as_ref() == Some(&key) => {
            Judgement::broken(format!("{key} stays for who asks for it"), "goes for another one")
        }
        Some(Seen::Goes { .. } | Seen::Done { answer: Answer::New | Answer::Found, .. }) => {
            Judgement::Holds
        }
        _ => Judgement::NotConcerned,
    })
}
