//! Who is idle goes, neither a nanosecond early nor a nanosecond late.

use crate::keyed::ledger::{Answer, Deed, Keys, Known, Ledger, Seen};
use crate::keyed::told::Mode;
use retrip_core::door::Instant;
use retrip_sim::check::{Judgement, Promise, always};
use retrip_sim::span::Seconds;
use std::time::Duration;

/// When idle breakers are let go, or a place is looked for, each goes that nobody has asked for in exactly the idle time and
/// that may go; and none that somebody has asked for since. But one may go early, the last one, for whom its place is wanted.
pub(in crate::keyed) fn idle_goes_exactly(idle: Duration) -> impl Promise {
    let mut ledger = Ledger::default();
    let statement =
        format!("a breaker is let go as idle exactly {} after its last use", Seconds(idle));
    always("idle_goes_exactly", statement, move |event| match ledger.see(event) {
        Some(Seen::Done { answer: Answer::Found, .. }) => Judgement::NotConcerned,
        Some(Seen::Done { deed, now, .. }) => too_early(&deed, idle)
            .or_else(|| too_late(&deed, &now, idle))
            .unwrap_or(Judgement::Holds),
        _ => Judgement::NotConcerned,
    })
}

fn too_early(deed: &Deed, idle: Duration) -> Option<Judgement> {
    let must_be_idle = match deed.asks_for {
        Some(_) => deed.gone.len().saturating_sub(1),
        None => deed.gone.len(),
    };
    deed.gone[..must_be_idle].iter().find_map(|(key, at)| {
        let from = deed.before.get(key)?.used_from.time.saturating_add(idle);
        (*at < from).then(|| {
            Judgement::broken(
                format!("{key} goes at {} or later", Seconds(from)),
                format!("goes at {}", Seconds(*at)),
            )
        })
    })
}

fn too_late(deed: &Deed, now: &Keys, idle: Duration) -> Option<Judgement> {
    deed.before.iter().find_map(|(key, before)| {
        let until = before.used_until.time.saturating_add(idle);
        let now = now.get(key)?;
        let stays = before.is_there && now.is_there && now.is_untouched_since(before);
        (stays && until <= deed.from.time && may_go(before, deed.from.time)).then(|| {
            Judgement::broken(
                format!("{key} goes from {} on", Seconds(until)),
                format!("stays at {}", Seconds(deed.from.time)),
            )
        })
    })
}

/// Whether an idle breaker may go at `time`.
fn may_go(known: &Known, time: Instant) -> bool {
    match known.mode {
        Some(Mode::Closed | Mode::Tries) => true,
        Some(Mode::Open { until }) => until <= time,
        Some(Mode::ByHand) | None => false,
    }
}
