//! A new key is refused only where it has to be.

use crate::keyed::ledger::{Answer, Ledger, Seen};
use crate::keyed::told::Mode;
use retrip_sim::check::{Judgement, Promise, always};

/// Nobody is refused while a closed breaker is there that nobody has.
pub(in crate::keyed) fn nobody_is_refused_while_one_may_go() -> impl Promise {
    let mut ledger = Ledger::default();
    let statement = "a new key is refused only where none of the others may go";
    always("nobody_is_refused_while_one_may_go", statement, move |event| {
        let Some(Seen::Done { deed, now, answer: Answer::Refused }) = ledger.see(event) else {
            return Judgement::NotConcerned;
        };
        let free = deed.before.iter().find(|(key, before)| {
            let now = now.get(*key).copied().unwrap_or_default();
            before.is_there
                && now.is_there
                && now.is_untouched_since(before)
                && before.mode == Some(Mode::Closed)
        });
        match free {
            Some((key, _)) => {
                let found = format!("is refused while {key} is closed and nobody has it");
                Judgement::broken(format!("{key} goes"), found)
            }
            None => Judgement::Holds,
        }
    })
}
