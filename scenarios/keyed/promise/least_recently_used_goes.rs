//! Where somebody has to go, it is whom nobody misses.

use crate::keyed::ledger::{Answer, Ledger, Seen};
use crate::keyed::told::Mode;
use retrip_sim::check::{Judgement, Promise, always};

/// Nobody goes while a closed breaker stays that nobody has and that was asked for longer ago.
pub(in crate::keyed) fn least_recently_used_goes() -> impl Promise {
    let mut ledger = Ledger::default();
    let statement = "of those that may go, the one that was asked for longest ago goes";
    always("least_recently_used_goes", statement, move |event| {
        let Some(Seen::Done { deed, now, answer }) = ledger.see(event) else {
            return Judgement::NotConcerned;
        };
        if answer == Answer::Found {
            return Judgement::NotConcerned;
        }
        for (gone, _) in &deed.gone {
            let Some(used_from) = deed.before.get(gone).map(|known| known.used_from) else {
                continue;
            };
            let stays = deed.before.iter().find(|(key, before)| {
                let now = now.get(*key).copied().unwrap_or_default();
                before.is_there
                    && now.is_there
                    && now.is_untouched_since(before)
                    && before.mode == Some(Mode::Closed)
                    && before.used_until < used_from
            });
            if let Some((older, _)) = stays {
                let wanted = format!("{older} goes, which was asked for before {gone}");
                return Judgement::broken(wanted, format!("{gone} goes"));
            }
        }
        Judgement::Holds
    })
}
